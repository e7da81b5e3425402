import itertools
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sla_rules.instants import DAY, HOUR, instant, moment
from sla_rules.notation import Interval
from sla_rules.periods import days_of, next_first_day, period_from, period_of, start_of
from tests.sla_rules.clocks import at
from tests.strategies import ODD_DAYS

INTERVALS: tuple[Interval, ...] = ("day", "week", "month", "quarter", "year")
BERLIN = ZoneInfo("Europe/Berlin")
ZONES = st.sampled_from(sorted({zone for zone, _ in ODD_DAYS})).map(ZoneInfo)
MOMENTS = st.datetimes(datetime(1990, 1, 1), datetime(2060, 1, 1), timezones=st.just(UTC)).map(instant)  # noqa: DTZ001


@given(st.sampled_from(INTERVALS), MOMENTS, ZONES)
def test_every_instant_lies_in_one_period_and_periods_follow_each_other_without_a_gap(
    interval: Interval, at: int, zone: ZoneInfo
) -> None:
    period = period_of(interval, at, zone)
    following = period_from(interval, next_first_day(interval, period.first), zone)

    assert period.start <= at < period.end
    assert period.end == following.start
    assert period_of(interval, period.start, zone) == period
    assert period_of(interval, period.end - 1, zone) == period
    assert period_of(interval, period.end, zone).start == period.end


@given(st.sampled_from(INTERVALS), MOMENTS, ZONES)
def test_the_days_of_a_period_make_up_the_period(interval: Interval, at: int, zone: ZoneInfo) -> None:
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

    assert period.segment.length == hours * HOUR
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
def test_the_last_days_of_2026_lie_in_these_periods(interval: Interval, first: date, following: date) -> None:
    middle = at("2028-02-29 12:00" if first.year == 2028 else "2026-12-31 23:59:59.999999")

    period = period_of(interval, middle, BERLIN)

    assert period == (interval, first, start_of(first, BERLIN), start_of(following, BERLIN))


@pytest.mark.parametrize(
    ("day", "first"),
    [("2026-01-31", 1), ("2026-03-31", 1), ("2026-04-01", 4), ("2026-06-30", 4), ("2026-08-15", 7), ("2026-11-30", 10)],
)
def test_quarters_begin_in_january_april_july_and_october(day: str, first: int) -> None:
    assert period_of("quarter", at(f"{day} 12:00"), BERLIN).first == date(2026, first, 1)


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
