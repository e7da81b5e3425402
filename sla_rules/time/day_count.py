"""Working days of a calendar, counted: which of them is this, which is the fifth after it, how many lie between?

Conventions:
- A working day is a local date with open time of its own. Open time belongs to the date that its hours are written for, a night
  shift to the date it begins on; where hours of two dates overlap, to the later date from its opening on.
- A date that clocks skip is none: what is written for it belongs to the date on which it is open.
- A start outside the hours counts from the next opening, and one after the cut-off from that of the next working day. The
  cut-off of a working day is the first time after its opening that clocks show it.
- So many working days after a start is the same time of day, by the clock on the wall and by the conventions of the calendar:
  in a night shift, of the morning after. Where that is closed it is the next opening; a closing itself is still in time.
- A span of time is split into as many whole working days as can be counted from its start without open time beyond its end, and
  the open time that is left.
"""

from bisect import bisect_right
from collections.abc import Iterator
from datetime import MAXYEAR, MINYEAR, date, datetime, timedelta
from functools import lru_cache
from itertools import accumulate, count
from typing import Final, NamedTuple

from sla_rules.instants import Duration, Instant, instant, moment
from sla_rules.time.calendar import ONE_DAY, YEARS_WITHOUT_OPENING, Calendar, NeverOpenError
from sla_rules.time.intervals import FOREVER

_MARGIN: Final = 3
"""Days around a year whose hours reach into it: a night shift is over on the day after, a skipped date lies on the next."""


class WorkingDay(NamedTuple):
    """A date with open time, from its first opening to its last closing; there may be closed time between."""

    date: date
    start: Instant
    end: Instant


class DayCount:
    """Counts the working days of one calendar; years are laid out when they are first asked for."""

    def __init__(self, calendar: Calendar) -> None:
        self.calendar = calendar
        self._years: dict[int, tuple[list[Instant], list[WorkingDay]]] = {}

    def counted_from(self, start: Instant, cut_off: int | None = None) -> Instant:
        """The instant in open time that a start counts as; `cut_off` is a minute of the day.

        Raises:
            NeverOpenError: nothing opens any more.

        """
        opening = self.calendar.next_open(start)
        if cut_off is None:
            return opening
        year, place = self._place(opening)
        day = self._days(year)[1][place]
        at = self.calendar.local(day.date, cut_off)
        if at < day.start:
            at = self.calendar.local(day.date + ONE_DAY, cut_off)
        return self._counted_on(year, place, 1).start if start > at else opening

    def after(self, start: Instant, days: int, *, end_of_day: bool = False) -> Instant:
        """So many working days after a start in open time, at its time of day or at the end of the day.

        Raises:
            NeverOpenError: the calendar does not open often enough.

        """
        year, place = self._place(start)
        day = self._counted_on(year, place, days)
        if end_of_day:
            return day.end
        if days == 0:
            return start
        wall = moment(start).astimezone(self.calendar.zone)
        nights = wall.date() - self._days(year)[1][place].date
        at = instant(datetime.combine(day.date + nights, wall.time(), self.calendar.zone))
        if at <= day.start:
            return day.start
        return at if self.calendar.is_open(at - 1) else self.calendar.next_open(at)

    def days_from(self, at: Instant) -> Iterator[WorkingDay]:
        """The working day of an instant in open time, and those after it, without end.

        Raises:
            NeverOpenError: the calendar does not open any more.

        """
        year, place = self._place(at)
        for days in count():
            yield self._counted_on(year, place, days)

    def split(self, start: Instant, end: Instant) -> tuple[int, Duration]:
        """A span of time as whole working days and the open time that is left; nothing of either where none is open.

        Raises:
            NeverOpenError: nothing opens any more after its start.

        """
        opening = self.calendar.next_open(start)
        if opening >= end:
            return 0, 0
        days = self._between(self._place(opening), self._place(end)) + 1
        while days and self._reaches_beyond(self._whole(opening, days), end):
            days -= 1
        return days, max(self.calendar.between(self.after(opening, days), end), 0)

    def _whole(self, start: Instant, days: int) -> Instant | None:
        try:
            return self.after(start, days)
        except NeverOpenError:
            return None

    def _reaches_beyond(self, at: Instant | None, end: Instant) -> bool:
        return at is None or self.calendar.between(end, at) > 0

    def _counted_on(self, year: int, place: int, days: int) -> WorkingDay:
        """The working day so many after the one at a place of a year."""
        idle, place = 0, place + days
        while year < MAXYEAR - 1 and idle <= YEARS_WITHOUT_OPENING:
            found = self._days(year)[1]
            if place < len(found):
                return found[place]
            idle = 0 if found else idle + 1
            year, place = year + 1, place - len(found)
        message = "the calendar does not open often enough"
        raise NeverOpenError(message)

    def _place(self, at: Instant) -> tuple[int, int]:
        """Year and place of the last working day that has begun by an instant; there is one."""
        year = moment(at).astimezone(self.calendar.zone).year
        while year > MINYEAR:
            place = bisect_right(self._days(year)[0], at) - 1
            if place >= 0:
                return year, place
            year -= 1
        message = "the calendar had not opened"
        raise NeverOpenError(message)

    def _between(self, first: tuple[int, int], last: tuple[int, int]) -> int:
        return last[1] - first[1] + sum(len(self._days(year)[1]) for year in range(first[0], last[0]))

    def _days(self, year: int) -> tuple[list[Instant], list[WorkingDay]]:
        """The working days of a local year, and when each starts."""
        found = self._years.get(year)
        if found is None:
            days = list(self._laid_out(year))
            found = self._years[year] = [day.start for day in days], days
        return found

    def _laid_out(self, year: int) -> Iterator[WorkingDay]:
        first = date(year, 1, 1) - ONE_DAY * _MARGIN
        days = (date(year + 1, 1, 1) - first) // ONE_DAY + _MARGIN
        opens: dict[date, Instant] = {}
        closes: dict[date, Instant] = {}
        for written in (first + timedelta(number) for number in range(days)):
            hours = list(self.calendar.hours_on(written))
            if hours:
                on = moment(self.calendar.local(written, 0)).astimezone(self.calendar.zone).date()
                opens[on] = min(opens.get(on, hours[0].start), hours[0].start)
                closes[on] = max(closes.get(on, hours[-1].end), hours[-1].end)
        begun: list[tuple[date, Instant]] = []
        for on, opening in opens.items():
            while begun and opening <= begun[-1][1]:
                begun.pop()
            begun.append((on, opening))
        upcoming = [*(opening for _, opening in begun[1:]), FOREVER]
        latest = dict(zip(closes, accumulate(closes.values(), max), strict=True))
        for (on, opening), until in zip(begun, upcoming, strict=True):
            if on.year == year:
                yield WorkingDay(on, opening, min(latest[on], until))


@lru_cache(maxsize=1_000)
def day_count(calendar: Calendar) -> DayCount:
    """One count for all who go by a calendar, so that its years are laid out once."""
    return DayCount(calendar)
