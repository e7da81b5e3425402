import itertools
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sla_rules.instants import DAY, HOUR, instant, moment
from sla_rules.notation import MONTHS, Granularity, Month
from sla_rules.time.periods import Period, days_of, first_day, next_first_day, period_from, period_of, start_of
from tests.sla_rules.clocks import at
from tests.strategies import ODD_DAYS

INTERVALS: tuple[Granularity, ...] = ("day", "week", "month", "quarter", "year")
BERLIN = ZoneInfo("Europe/Berlin")
ZONES = st.sampled_from(sorted({zone for zone, _ in ODD_DAYS})).map(ZoneInfo)
YEAR_BEGINS = st.integers(1, 12)
MOMENTS = st.datetimes(datetime(1990, 1, 1), datetime(2060, 1, 1), timezones=st.just(UTC)).map(instant)  # noqa: DTZ001


@given(st.sampled_from(INTERVALS), MOMENTS, ZONES, YEAR_BEGINS)
def test_every_instant_lies_in_one_period_and_periods_follow_each_other_without_a_gap(
    interval: Granularity, at: int, zone: ZoneInfo, month: int
) -> None:
    period = period_of(interval, at, zone, month)
    following = period_from(interval, next_first_day(interval, period.first), zone)

    assert period.start <= at < period.end
    assert period.end == following.start
    assert period_of(interval, period.start, zone, month) == period
    assert period_of(interval, period.end - 1, zone, month) == period
    assert period_of(interval, period.end, zone, month) == following


@given(MOMENTS, ZONES, YEAR_BEGINS)
def test_a_year_is_four_quarters_is_twelve_months_from_the_first_of_its_month_on(
    at: int, zone: ZoneInfo, month: int
) -> None:
    year = period_of("year", at, zone, month)

    assert (year.first.month, year.first.day) == (month, 1)
    quarters, months = parts(year, "quarter", zone), parts(year, "month", zone)
    assert (len(quarters), len(months)) == (4, 12)
    assert [months[number].first for number in (0, 3, 6, 9)] == [quarter.first for quarter in quarters]
    for shorter in (quarters, months):
        assert (shorter[0].start, shorter[-1].end) == (year.start, year.end)
        assert all(before.end == after.start for before, after in itertools.pairwise(shorter))
        assert all(period_of(part.interval, part.start, zone, month) == part for part in shorter)


@given(st.sampled_from(INTERVALS[:3]), MOMENTS, ZONES, YEAR_BEGINS)
def test_days_weeks_and_months_are_the_same_whenever_the_year_begins(
    interval: Granularity, at: int, zone: ZoneInfo, month: int
) -> None:
    assert period_of(interval, at, zone, month) == period_of(interval, at, zone)


def parts(period: Period, interval: Granularity, zone: ZoneInfo) -> list[Period]:
    """The shorter periods that begin within a longer one."""
    found = [period_from(interval, period.first, zone)]
    while found[-1].end < period.end:
        found.append(period_from(interval, next_first_day(interval, found[-1].first), zone))
    return found


@given(st.sampled_from(INTERVALS), MOMENTS, ZONES)
def test_the_days_of_a_period_make_up_the_period(interval: Granularity, at: int, zone: ZoneInfo) -> None:
    period = period_of(interval, at, zone)

    days = days_of(period, zone)

    assert (days[0].start, days[-1].end) == (period.start, period.end)
    assert all(day.end == after.start for day, after in itertools.pairwise(days))
    assert [day.first for day in days] == [period.first + timedelta(days=n) for n in range(len(days))]


@given(MOMENTS, ZONES)
def test_weeks_are_those_of_iso_8601(at: int, zone: ZoneInfo) -> None:
    day = moment(at).astimezone(zone).date()

    first = period_of("week", at, zone).first

    assert first.isocalendar()[:2] == day.isocalendar()[:2]
    assert first.isocalendar().weekday == 1


@pytest.mark.parametrize(("day", "hours"), [("2026-03-29", 23), ("2026-10-25", 25), ("2026-02-28", 24)])
def test_a_day_lasts_23_24_or_25_hours(day: str, hours: int) -> None:
    period = period_of("day", at(f"{day} 12:00"), BERLIN)

    assert period.span.length == hours * HOUR
    assert (period.start, period.end) == (at(f"{day} 00:00"), at(f"{day} 00:00") + hours * HOUR)


@pytest.mark.parametrize(
    ("interval", "first", "following"),
    [
        ("week", date(2026, 12, 28), date(2027, 1, 4)),
        ("month", date(2026, 12, 1), date(2027, 1, 1)),
        ("month", date(2028, 2, 1), date(2028, 3, 1)),
        ("quarter", date(2026, 10, 1), date(2027, 1, 1)),
        ("year", date(2026, 1, 1), date(2027, 1, 1)),
    ],
)
def test_the_last_days_of_2026_lie_in_these_periods(interval: Granularity, first: date, following: date) -> None:
    middle = at("2028-02-29 12:00" if first.year == 2028 else "2026-12-31 23:59:59.999999")

    period = period_of(interval, middle, BERLIN)

    assert period == (interval, first, start_of(first, BERLIN), start_of(following, BERLIN))


@pytest.mark.parametrize(
    ("day", "first"),
    [("2026-01-31", 1), ("2026-03-31", 1), ("2026-04-01", 4), ("2026-06-30", 4), ("2026-08-15", 7), ("2026-11-30", 10)],
)
def test_quarters_begin_in_january_april_july_and_october(day: str, first: int) -> None:
    assert period_of("quarter", at(f"{day} 12:00"), BERLIN).first == date(2026, first, 1)


@pytest.mark.parametrize(
    ("begins", "day", "year", "quarter"),
    [
        ("february", "2026-01-31", "2025-02-01", "2025-11-01"),
        ("february", "2026-02-01", "2026-02-01", "2026-02-01"),
        ("february", "2026-12-31", "2026-02-01", "2026-11-01"),
        ("february", "2027-01-01", "2026-02-01", "2026-11-01"),
        ("february", "2028-02-29", "2028-02-01", "2028-02-01"),
        ("march", "2028-02-29", "2027-03-01", "2027-12-01"),
        ("march", "2028-03-01", "2028-03-01", "2028-03-01"),
        ("april", "2026-03-31", "2025-04-01", "2026-01-01"),
        ("april", "2026-04-01", "2026-04-01", "2026-04-01"),
        ("july", "2026-06-30", "2025-07-01", "2026-04-01"),
        ("october", "2026-12-31", "2026-10-01", "2026-10-01"),
        ("december", "2026-11-30", "2025-12-01", "2026-09-01"),
        ("december", "2026-12-01", "2026-12-01", "2026-12-01"),
        ("january", "2026-12-31", "2026-01-01", "2026-10-01"),
    ],
)
def test_years_and_quarters_begin_where_the_house_says(begins: Month, day: str, year: str, quarter: str) -> None:
    month = MONTHS.index(begins) + 1

    assert first_day("year", date.fromisoformat(day), month) == date.fromisoformat(year)
    assert first_day("quarter", date.fromisoformat(day), month) == date.fromisoformat(quarter)


def test_a_year_that_begins_in_march_ends_with_the_leap_day() -> None:
    last = at("2028-02-29 23:59:59.999999")

    year = period_of("year", last, BERLIN, 3)

    assert (year.start, year.end) == (at("2027-03-01 00:00"), at("2028-03-01 00:00"))
    assert len(days_of(year, BERLIN)) == 366


def test_months_have_28_to_31_days() -> None:
    lengths = [
        len(days_of(period_of("month", at(f"2026-{month:02}-15 12:00"), BERLIN), BERLIN)) for month in range(1, 13)
    ]

    assert lengths == [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    assert len(days_of(period_of("month", at("2028-02-15 12:00"), BERLIN), BERLIN)) == 29


def test_an_instant_lies_in_the_day_of_the_agreements_zone() -> None:
    late = at("2026-03-31 23:30")

    assert period_of("month", late, BERLIN).first == date(2026, 3, 1)
    assert period_of("month", late, ZoneInfo("Asia/Kolkata")).first == date(2026, 4, 1)


def test_a_day_whose_midnight_does_not_exist_begins_an_hour_later() -> None:
    cairo = ZoneInfo("Africa/Cairo")
    day = period_from("day", date(2026, 4, 24), cairo)

    assert day.start == at("2026-04-24 01:00", "Africa/Cairo")
    assert day.end - day.start == DAY - HOUR
    assert period_of("day", day.start - 1, cairo).first == date(2026, 4, 23)
