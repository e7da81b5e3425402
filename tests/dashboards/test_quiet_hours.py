"""Alertmanager's mute times and the calendar: it is quiet exactly when it is closed."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import product
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from dashboards.quiet_hours import NAMES, known_until, quiet_hours
from sla_rules.instants import instant
from sla_rules.notation import WEEKDAYS
from sla_rules.time.calendar import Calendar
from sla_rules.time.working_hours import WorkingHours
from tests.laws import examples
from tests.strategies import odd_hours

MINUTES = st.sampled_from((0, 539, 540, 1019, 1020, 1439)) | st.integers(0, 1439)
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
@given(odd_hours(), st.integers(-2, 1), st.data())
def test_it_is_quiet_exactly_when_it_is_closed_in_the_years_around_the_day_of_the_build(
    given: tuple[WorkingHours, date], later: int, data: st.DataObject
) -> None:
    hours, middle = given
    today = date(middle.year + later, data.draw(st.integers(1, 12)), 28)
    known = range(today.year - 1, today.year + 3)
    around = [
        date(year, middle.month, min(middle.day, 28)) + timedelta(days=n) for year in known for n in range(-6, 10)
    ]
    anywhere = data.draw(st.lists(st.dates(date(known.start, 1, 1), date(known.stop - 1, 12, 31)), max_size=8))
    minutes = data.draw(st.lists(MINUTES, min_size=1, max_size=3, unique=True))
    calendar, intervals = Calendar(hours), quiet_hours(hours, today)

    for day, minute in product((*around, *anywhere), minutes):
        local = datetime.combine(day, time(*divmod(minute, 60)))
        at = local.replace(tzinfo=calendar.zone)
        shown_once = at.utcoffset() == at.replace(fold=1).utcoffset()  # neither in a gap nor twice
        if shown_once and day.year in known:
            assert is_quiet(intervals, local) == (not calendar.is_open(instant(at))), local


@examples(10)
@given(odd_hours(), st.integers(-40, 40))
def test_quiet_hours_are_known_to_the_last_minute_of_the_last_day(given: tuple[WorkingHours, date], later: int) -> None:
    hours, middle = given
    today = middle.replace(year=middle.year + later, day=28)
    last = known_until(hours, today)

    if last is None:
        assert hours.holidays.country is None
        return
    years = {
        interval["years"][0] for interval in quiet_hours(hours, today) if interval.get("years", [":"])[0].isdigit()
    }
    assert last >= date(today.year + 2, 12, 31)
    assert str(last.year + 1) not in years
    closes = datetime.combine(last, time(23, 59), Calendar(hours).zone)
    assert is_quiet(quiet_hours(hours, today), closes) == (not Calendar(hours).is_open(instant(closes)))


def test_holidays_are_quiet_for_two_years_after_the_build_however_old_the_agreement_is() -> None:
    hours = WorkingHours.model_validate(
        {"time_zone": "Europe/Berlin", "weekly_hours": OFFICE, "holidays": {"country": "DE", "dates": ["2035-05-04"]}}
    )

    def quiet(built: int, *christmases: int) -> list[bool]:
        intervals = quiet_hours(hours, date(built, 6, 1))
        return [is_quiet(intervals, datetime(year, 12, 25, 10, tzinfo=UTC)) for year in christmases]

    assert quiet(2026, 2025, 2026, 2028, 2029) == [True, True, True, False], "in 2029 it is a Tuesday"
    assert quiet(2028, 2029, 2030) == [True, True]
    assert is_quiet(quiet_hours(hours, date(2026, 6, 1)), datetime(2035, 5, 4, 10, tzinfo=UTC)), "named, and a Friday"
    assert [known_until(hours, date(built, 6, 1)) for built in (2026, 2032)] == [date(2028, 12, 31), date(2035, 12, 31)]


def test_quiet_hours_of_weeks_and_of_dates_of_one_year_end_never() -> None:
    def ends(**more: object) -> date | None:
        hours = WorkingHours.model_validate({"time_zone": "UTC", "weekly_hours": OFFICE, **more})
        return known_until(hours, date(2026, 1, 1))

    assert ends() is None
    assert ends(holidays=["2026-12-24"]) is None
    assert ends(date_overrides={"2030-01-04": []}) is None
    assert ends(holidays=["12-24"]) == date(2028, 12, 31)
    assert ends(breaks={"12-31": [["12:00", "17:00"]]}) == date(2028, 12, 31)
    assert ends(holidays={"country": "ES"}) == date(2028, 12, 31)


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
    assert dates == [{"years": [year], **half, "times": times} for year in ("2025", "2026", "2027")], (
        "in 2028 it is a Sunday, which is quiet as it is"
    )
