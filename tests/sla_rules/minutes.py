"""The oracle of the calendar: goes through a few days minute by minute, and asks the clock on the wall each time.

It shares nothing with the calendar but the agreement's words: no segments, no bisection, no conversion from local time
to UTC. A local time is found by looking which minute shows it.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import pairwise
from typing import Final
from zoneinfo import ZoneInfo

import holidays

from sla_rules.instants import MINUTE, Duration, Instant, instant
from sla_rules.notation import WEEKDAYS
from sla_rules.time.working_hours import WorkingHours

DAYS_AROUND = 6
MARGIN = 6 * 1440
ONE_MINUTE = timedelta(minutes=1)


@cache
def walls(zone: str, middle: date) -> tuple[Mapping[datetime, int], int, int]:
    """For each time that clocks show around a date the first minute that shows it; and the first and last minute."""
    noon = int(instant(datetime(middle.year, middle.month, middle.day, 12, tzinfo=UTC)) // MINUTE)
    first, last = noon - DAYS_AROUND * 1440, noon + DAYS_AROUND * 1440
    shown: dict[datetime, int] = {}
    for minute in range(first - MARGIN, last + MARGIN):
        wall = datetime.fromtimestamp(minute * 60, ZoneInfo(zone)).replace(tzinfo=None)
        shown.setdefault(wall, minute)
    return shown, first, last


class Minutes:
    """Open minutes of a calendar in the days around a date."""

    def __init__(self, hours: WorkingHours, middle: date) -> None:
        self._shown, first, last = walls(hours.time_zone, middle)
        self.start: Instant = first * MINUTE
        self.end: Instant = last * MINUTE
        days = [middle + timedelta(days=n) for n in range(-DAYS_AROUND - 3, DAYS_AROUND + 4)]
        found = set[int]()
        for day in days:
            cut = self._covered(day, breaks_of(hours, day))
            found |= self._covered(day, spans_of(hours, day)) - cut
        self._open = sorted(minute for minute in found if first <= minute < last)
        self._is_open = frozenset(self._open)

    def is_open(self, at: Instant) -> bool:
        return at // MINUTE in self._is_open

    def between(self, start: Instant, end: Instant) -> Duration:
        return sum(max(0, min(end, (minute + 1) * MINUTE) - max(start, minute * MINUTE)) for minute in self._open)

    def first_after(self, start: Instant, worked: Duration) -> Instant | None:
        """The first instant at which so much open time has passed; for no time, the first that is open."""
        left = worked
        for minute in self._open:
            opens, closes = max(start, minute * MINUTE), (minute + 1) * MINUTE
            if closes <= start:
                continue
            if left <= closes - opens:
                return opens + left
            left -= closes - opens
        return None

    def last_before(self, end: Instant, worked: Duration) -> Instant | None:
        """The last instant from which so much open time passes."""
        left = worked
        for minute in reversed(self._open):
            opens, closes = minute * MINUTE, min(end, (minute + 1) * MINUTE)
            if opens >= end:
                continue
            if left <= closes - opens:
                return closes - left
            left -= closes - opens
        return None

    def segments(self) -> list[tuple[Instant, Instant]]:
        edges = [minute for minute in self._open if minute - 1 not in self._is_open]
        ends = [minute + 1 for minute in self._open if minute + 1 not in self._is_open]
        return [(opens * MINUTE, closes * MINUTE) for opens, closes in zip(edges, ends, strict=True)]

    def _covered(self, day: date, spans: Iterable[tuple[int, int]]) -> set[int]:
        return {
            minute
            for opening, closing in spans
            for minute in range(
                self._minute_of(day, opening), self._minute_of(day, closing if closing > opening else closing + 1440)
            )
        }

    def _minute_of(self, day: date, minute: int) -> int:
        wall = datetime.combine(day, time()) + timedelta(minutes=minute)
        if wall not in self._shown:
            wall += self._gap_around(wall)
        return self._shown[wall]

    def _gap_around(self, wall: datetime) -> timedelta:
        before = after = wall
        while before not in self._shown:
            before -= ONE_MINUTE
        while after not in self._shown:
            after += ONE_MINUTE
        return after - before - ONE_MINUTE


def spans_of(hours: WorkingHours, day: date) -> Iterable[tuple[int, int]]:
    """Own holidays before overrides before public holidays before weekly hours; one date before that of every year.

    But for overrides of one date a weekday without hours stays closed.
    """
    every_year = f"{day.month:02}-{day.day:02}"
    if day in hours.holidays.dates or every_year in hours.holidays.dates:
        return ()
    if day in hours.date_overrides:
        return hours.date_overrides[day]
    weekly = hours.weekly_hours.get(WEEKDAYS[day.weekday()], ())
    if not weekly:
        return ()
    if every_year in hours.date_overrides:
        return hours.date_overrides[every_year]
    if public := [name for name in names_of(hours.holidays.country, day) if not called(name, hours.holidays.left_out)]:
        (name,) = public
        opened = [spans for one, spans in hours.holidays.open.items() if called(name, [one])]
        return opened[0] if opened else ()
    return weekly


def breaks_of(hours: WorkingHours, day: date) -> Iterable[tuple[int, int]]:
    """One date before that of every year."""
    return hours.breaks.get(day, hours.breaks.get(f"{day.month:02}-{day.day:02}", ()))


CALLED: Final[Mapping[str, Mapping[str, str]]] = {
    "DE": {"christmas day": "Erster Weihnachtstag", "Zweiter Weihnachtstag": "Zweiter Weihnachtstag", "New Year's Day": "Neujahr"},
    "US": {"INDEPENDENCE DAY": "Independence Day", "Independence Day (observed)": "Independence Day (observed)"},
}  # fmt: skip
"""Some holidays as agreements may call them, and as the library does: in the words of the country."""


def names_of(country: str | None, day: date) -> Sequence[str]:
    """The public holidays that a day is."""
    return () if country is None else public_holidays(country, day.year).get_list(day)


@cache
def public_holidays(country: str, year: int) -> holidays.HolidayBase:
    """Those of a year, in the country's own language."""
    return holidays.country_holidays(country, years=year, language={"DE": "de", "US": "en_US"}[country])


def called(name: str, written: Iterable[str]) -> bool:
    """Whether an agreement means a holiday; a day that stands for it goes with it, and may be meant alone."""
    meant = {library for called in CALLED.values() for one, library in called.items() if one in written}
    return not meant.isdisjoint({name, name.removesuffix(" (observed)")})


def joined(segments: Iterable[tuple[Instant, Instant]]) -> list[tuple[Instant, Instant]]:
    """Touching segments as one."""
    result: list[tuple[Instant, Instant]] = []
    for opens, closes in segments:
        if result and result[-1][1] == opens:
            result[-1] = (result[-1][0], closes)
        else:
            result.append((opens, closes))
    assert all(left[1] < right[0] for left, right in pairwise(result))
    return result
