"""When nobody is to be bothered with what can wait: everything outside the agreement's working hours."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import groupby
from typing import Any, Final

import holidays as public_holidays

from sla_rules.notation import MINUTES_OF_DAY, WEEKDAYS, Weekday
from sla_rules.time.working_hours import WorkingHours

NAMES: Final[dict[Weekday, str]] = {
    "mon": "monday",
    "tue": "tuesday",
    "wed": "wednesday",
    "thu": "thursday",
    "fri": "friday",
    "sat": "saturday",
    "sun": "sunday",
}
YEARS_AHEAD: Final = 3
"""Alertmanager knows no rule for holidays, only dates; building again later adds years."""


def quiet_hours(hours: WorkingHours, since: date) -> list[dict[str, Any]]:
    """Alertmanager's time intervals outside the hours, and on holidays from the year given; none if always open."""
    closed = {day: list(_closed(spans)) for day, spans in _open_minutes(hours).items()}
    intervals = [
        {
            "weekdays": [NAMES[day] for day in days],
            "times": [{"start_time": _clock(start), "end_time": _clock(end)} for start, end in spans],
            "location": hours.time_zone,
        }
        for spans, days in _alike(closed)
        if spans
    ]
    return intervals + list(_holidays(hours, since))


def _open_minutes(hours: WorkingHours) -> dict[Weekday, list[tuple[int, int]]]:
    """Open spans cut at midnight: a night shift belongs to two weekdays."""
    opened: dict[Weekday, list[tuple[int, int]]] = {day: [] for day in WEEKDAYS}
    for number, day in enumerate(WEEKDAYS):
        for start, end in hours.weekly_hours.get(day, ()):
            if start < end:
                opened[day].append((start, end))
            else:
                opened[day].append((start, MINUTES_OF_DAY))
                opened[WEEKDAYS[(number + 1) % 7]].append((0, end))
    return opened


def _closed(spans: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    at = 0
    for start, end in sorted(spans):
        if start > at:
            yield at, start
        at = max(at, end)
    if at < MINUTES_OF_DAY:
        yield at, MINUTES_OF_DAY


def _alike(closed: dict[Weekday, list[tuple[int, int]]]) -> Iterator[tuple[list[tuple[int, int]], list[Weekday]]]:
    """Weekdays that follow each other with the same hours, as one interval."""
    for spans, days in groupby(WEEKDAYS, key=lambda day: closed[day]):
        yield spans, list(days)


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


def _holidays(hours: WorkingHours, since: date) -> Iterator[dict[str, Any]]:
    known = hours.holidays
    days = set(known.dates)
    if known.country:
        years = range(since.year, since.year + YEARS_AHEAD)
        days |= set(public_holidays.country_holidays(known.country, subdiv=known.region, years=years))
    months: defaultdict[tuple[int, int], list[int]] = defaultdict(list)
    for day in sorted(days):
        months[day.year, day.month].append(day.day)
    for (year, month), of_month in months.items():
        yield {
            "years": [str(year)],
            "months": [str(month)],
            "days_of_month": [str(day) for day in of_month],
            "location": hours.time_zone,
        }
