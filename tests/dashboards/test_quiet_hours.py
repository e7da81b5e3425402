"""Alertmanager's mute times and the calendar: it is quiet exactly when it is closed."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import assume, given
from hypothesis import strategies as st

from dashboards.quiet_hours import NAMES, quiet_hours
from sla_rules.instants import instant
from sla_rules.notation import WEEKDAYS
from sla_rules.time.calendar import Calendar
from sla_rules.time.working_hours import WorkingHours
from tests.laws import examples
from tests.strategies import odd_hours

OFFICE = {day: [["09:00", "17:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}


def is_quiet(intervals: list[dict[str, Any]], at: datetime) -> bool:
    """What Alertmanager makes of time intervals at a local time: any of them, in which every field holds.

    https://prometheus.io/docs/alerting/latest/configuration/#time_interval
    """
    return any(holds(interval, at) for interval in intervals)


def holds(interval: dict[str, Any], at: datetime) -> bool:
    minute = f"{at:%H:%M}"
    times = interval.get("times")
    return (
        (times is None or any(span["start_time"] <= minute < span["end_time"] for span in times))
        and NAMES[WEEKDAYS[at.weekday()]] in interval.get("weekdays", NAMES.values())
        and all(
            name not in interval or any(within(part, number) for part in interval[name])
            for name, number in (("years", at.year), ("months", at.month), ("days_of_month", at.day))
        )
    )


def within(part: str, number: int) -> bool:
    first, _, last = part.partition(":")
    return int(first) <= number <= int(last or first)


@examples(25)
@given(odd_hours(), st.integers(0, 12), st.integers(0, 95))
def test_it_is_quiet_exactly_when_it_is_closed(given: tuple[WorkingHours, date], days: int, quarter: int) -> None:
    hours, middle = given
    intervals = quiet_hours(hours, date(middle.year, 1, 1))
    local = datetime.combine(middle - timedelta(days=6 - days), time()) + timedelta(minutes=15 * quarter)
    at = local.replace(tzinfo=ZoneInfo(hours.time_zone))
    assume(at.utcoffset() == at.replace(fold=1).utcoffset())  # neither in a gap nor shown twice

    assert is_quiet(intervals, local) == (not Calendar(hours).is_open(instant(at)))


def test_a_date_that_opens_when_its_weekday_does_not_is_taken_out_of_the_week() -> None:
    hours = WorkingHours.model_validate(
        {"time_zone": "UTC", "weekly_hours": OFFICE, "date_overrides": {"2026-12-19": [["09:00", "12:00"]]}}
    )
    intervals = quiet_hours(hours, date(2026, 1, 1))

    def quiet_on(day: int, hour: int) -> bool:
        return is_quiet(intervals, datetime(2026, 12, day, hour, tzinfo=UTC))

    assert [quiet_on(19, hour) for hour in (8, 9, 11, 12)] == [True, False, False, True]
    assert [quiet_on(day, 10) for day in (12, 18, 20, 26)] == [True, False, True, True]
    saturdays = next(interval["weekdays"] for interval in intervals if "months" not in interval and "years" in interval)
    assert saturdays == ["saturday", "sunday"], "other weekdays stay as they are"
    assert ["1:18", "20:31"] in [interval.get("days_of_month") for interval in intervals]


def test_half_days_of_every_year_are_quiet_for_their_other_half() -> None:
    hours = WorkingHours.model_validate(
        {"time_zone": "UTC", "weekly_hours": OFFICE, "date_overrides": {"12-24": [["09:00", "12:00"]]}}
    )
    dates = [interval for interval in quiet_hours(hours, date(2026, 1, 1)) if "years" in interval]

    half = {"months": ["12"], "days_of_month": ["24"], "location": "UTC"}
    times = [{"start_time": "00:00", "end_time": "09:00"}, {"start_time": "12:00", "end_time": "24:00"}]
    assert dates == [{"years": [year], **half, "times": times} for year in ("2026", "2027")], (
        "in 2028 it is a Sunday, which is quiet as it is"
    )
