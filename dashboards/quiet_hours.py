"""When nobody is to be bothered with what can wait: everything outside the agreement's working hours."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from itertools import groupby, pairwise
from typing import Any, Final

from sla_rules.instants import moment
from sla_rules.notation import FIRST_DATE, LAST_DATE, MINUTES_OF_DAY, WEEKDAYS, Weekday, time_of_day
from sla_rules.time.calendar import Calendar
from sla_rules.time.intervals import Interval, difference
from sla_rules.time.periods import start_of
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
YEARS_BEFORE: Final = 1
YEARS_AFTER: Final = 2
"""Alertmanager knows no rule for holidays, only dates; building again in a later year adds years."""
_WHOLE_DAY: Final = (Interval(0, MINUTES_OF_DAY),)
_YEARS: Final = range(FIRST_DATE.year, LAST_DATE.year)
_MONTHS: Final = range(1, 13)
_DAYS: Final = range(1, 32)


def quiet_hours(hours: WorkingHours, today: date) -> list[dict[str, Any]]:
    """Alertmanager's time intervals outside the hours, by weekday and, in the years around a day, by date; none if always open.

    It is quiet whenever any of them holds, so that a date that opens when its weekday does not is taken out of the week.
    """
    week = {day: list(_closed(spans)) for day, spans in _open_minutes(hours).items()}
    dates = {day: closed for day, closed in _closed_by_date(hours, today) if closed != week[WEEKDAYS[day.weekday()]]}
    opened = [day for day, closed in dates.items() if any(difference(week[WEEKDAYS[day.weekday()]], closed))]
    intervals = [
        {**rest, "weekdays": [NAMES[day] for day in days], **_times(spans), "location": hours.time_zone}
        for spans, days in _alike(week)
        if spans
        for rest in _dates_but([day for day in opened if WEEKDAYS[day.weekday()] in days])
    ]
    return intervals + list(_by_month(dates, hours.time_zone))


def known_until(hours: WorkingHours, today: date) -> date | None:
    """The last date up to which `quiet_hours` knows all dates; None if no date comes back in years after it.

    A date of one year is known however late it lies, public holidays and dates of every year are not.
    """
    if hours.holidays.country is None and not any(isinstance(day, str) for day in _named(hours)):
        return None
    years, last = _years(hours, today), today.year + YEARS_AFTER
    while last + 1 in years:
        last += 1
    return date(last, 12, 31)


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


def _named(hours: WorkingHours) -> tuple[date | str, ...]:
    return (*hours.holidays.dates, *hours.date_overrides, *hours.breaks)


def _years(hours: WorkingHours, today: date) -> set[int]:
    """Those around a day, and later ones in which the calendar names a date."""
    around = range(today.year - YEARS_BEFORE, today.year + YEARS_AFTER + 1)
    return {*around, *(day.year for day in _named(hours) if isinstance(day, date) and day.year > today.year)}


def _closed_by_date(hours: WorkingHours, today: date) -> Iterator[tuple[date, list[Interval]]]:
    """Of every date of these years, when it is closed."""
    calendar = Calendar(hours)
    for year in sorted(_years(hours, today)):
        opened = _open_by_date(calendar, year)
        for number in range((date(year + 1, 1, 1) - date(year, 1, 1)).days):
            day = date(year, 1, 1) + timedelta(days=number)
            yield day, list(_closed(opened[day]))


def _open_by_date(calendar: Calendar, year: int) -> defaultdict[date, list[tuple[int, int]]]:
    """Of the dates of a year on which it opens, the minutes by the clock on the wall."""
    opened: defaultdict[date, list[tuple[int, int]]] = defaultdict(list)
    whole = Interval(*(start_of(date(first, 1, 1), calendar.zone) for first in (year, year + 1)))
    for interval in calendar.open_within(whole):
        start, until = (moment(at).astimezone(calendar.zone) for at in interval)
        day, minute = start.date(), start.hour * 60 + start.minute
        while day < until.date():
            opened[day].append((minute, MINUTES_OF_DAY))
            day, minute = day + timedelta(days=1), 0
        opened[day].append((minute, until.hour * 60 + until.minute))
    return opened


def _closed(spans: Iterable[tuple[int, int]]) -> Iterator[Interval]:
    at = 0
    for start, end in sorted(spans):
        if start > at:
            yield Interval(at, start)
        at = max(at, end)
    if at < MINUTES_OF_DAY:
        yield Interval(at, MINUTES_OF_DAY)


def _alike(closed: dict[Weekday, list[Interval]]) -> Iterator[tuple[list[Interval], list[Weekday]]]:
    """Weekdays that follow each other with the same hours, as one interval."""
    for spans, days in groupby(WEEKDAYS, key=lambda day: closed[day]):
        yield spans, list(days)


def _by_month(dates: dict[date, list[Interval]], zone: str) -> Iterator[dict[str, Any]]:
    """Dates of a month that are closed at the same times, as one interval."""
    alike: defaultdict[tuple[int, int, tuple[Interval, ...]], list[int]] = defaultdict(list)
    for day, closed in sorted(dates.items()):
        if closed:
            alike[day.year, day.month, tuple(closed)].append(day.day)
    for (year, month, spans), days in alike.items():
        times = {} if spans == _WHOLE_DAY else _times(spans)
        yield {
            "years": [str(year)],
            "months": [str(month)],
            "days_of_month": [str(day) for day in days],
            **times,
            "location": zone,
        }


def _dates_but(days: Sequence[date]) -> Iterator[dict[str, list[str]]]:
    """All dates but some, as Alertmanager has to be told: years, months of the other years, days of the other months."""
    if not days:
        yield {}
        return
    yield {"years": _but({day.year for day in days}, _YEARS)}
    for year in sorted({day.year for day in days}):
        months = sorted({day.month for day in days if day.year == year})
        if len(months) < len(_MONTHS):
            yield {"years": [str(year)], "months": _but(months, _MONTHS)}
        for month in months:
            of_month = [day.day for day in days if (day.year, day.month) == (year, month)]
            if len(of_month) < len(_DAYS):
                yield {"years": [str(year)], "months": [str(month)], "days_of_month": _but(of_month, _DAYS)}


def _but(left_out: Iterable[int], numbers: range) -> list[str]:
    """Ranges of the other numbers, as `1:18`."""
    edges = [numbers.start - 1, *sorted(left_out), numbers.stop]
    return [
        str(before + 1) if before + 1 == after - 1 else f"{before + 1}:{after - 1}"
        for before, after in pairwise(edges)
        if before + 1 < after
    ]


def _times(spans: Iterable[Interval]) -> dict[str, list[dict[str, str]]]:
    return {"times": [{"start_time": time_of_day(span.start), "end_time": time_of_day(span.end)} for span in spans]}
