import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sla_rules.notation import FIRST_DATE, LAST_DATE, Granularity
from sla_rules.time.period_names import NamedPeriod, named_period, period_name
from sla_rules.time.periods import first_day, next_first_day

INTERVALS: tuple[Granularity, ...] = ("day", "week", "month", "quarter", "year")
DAYS = st.dates(date(1901, 1, 1), date(2998, 12, 31))
YEAR_BEGINS = st.integers(1, 12)


@given(st.sampled_from(INTERVALS), DAYS, YEAR_BEGINS)
def test_every_period_is_read_back_by_its_name(interval: Granularity, day: date, month: int) -> None:
    first = first_day(interval, day, month)

    assert named_period(period_name(interval, first, month), month) == NamedPeriod(interval, first)


@given(st.sampled_from(INTERVALS), DAYS, YEAR_BEGINS)
def test_names_are_in_the_order_of_their_periods(interval: Granularity, day: date, month: int) -> None:
    first = first_day(interval, day, month)

    assert period_name(interval, first, month) < period_name(interval, next_first_day(interval, first), month)


@pytest.mark.parametrize(
    ("interval", "first", "year_begins", "name"),
    [
        ("day", date(2026, 3, 2), 1, "2026-03-02"),
        ("week", date(2026, 3, 2), 1, "2026-W10"),
        ("week", date(2024, 12, 30), 4, "2025-W01"),
        ("month", date(2026, 3, 1), 4, "2026-03"),
        ("quarter", date(2026, 1, 1), 1, "2026-Q1"),
        ("quarter", date(2026, 4, 1), 4, "2026-Q1"),
        ("quarter", date(2027, 1, 1), 4, "2026-Q4"),
        ("quarter", date(2026, 11, 1), 2, "2026-Q4"),
        ("year", date(2026, 1, 1), 1, "2026"),
        ("year", date(2026, 4, 1), 4, "2026"),
    ],
)
def test_quarters_and_years_are_named_by_the_calendar_year_that_their_year_begins_in(
    interval: Granularity, first: date, year_begins: int, name: str
) -> None:
    assert period_name(interval, first, year_begins) == name


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("march", "'march' is no period; write a day as 2026-03-02, a week as 2026-W10, a month as 2026-03"),
        ("2026-w10", "'2026-w10' is no period"),
        ("2026-3", "'2026-3' is no period"),
        ("2026-03 ", "'2026-03 ' is no period"),
        ("\uff12026", "'\uff12026' is no period"),
        ("2026-13", "'2026-13' is no period: there is no such month"),
        ("2026-Q5", "'2026-Q5' is no period; write a day"),
        ("2025-W53", "'2025-W53' is no period: there is no such week; the last week of 2025 is W52"),
        ("2026-W54", "'2026-W54' is no period: there is no such week; the last week of 2026 is W53"),
        ("2026-02-29", "'2026-02-29' is no period: there is no such day"),
        ("1899", "'1899' does not lie in the years 1900 to 2999"),
        ("3000-01", "'3000-01' does not lie in the years 1900 to 2999"),
    ],
)
def test_what_is_no_name_is_refused_with_what_would_be_one(name: str, why: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(why)}"):
        named_period(name)


@given(st.text(st.sampled_from("0123456789-WQ"), max_size=12))
def test_whatever_is_read_as_a_period_is_its_name(name: str) -> None:
    try:
        interval, first = named_period(name)
    except ValueError:
        return

    assert period_name(interval, first) == name
    assert FIRST_DATE <= first < LAST_DATE  # calendars reach so far
