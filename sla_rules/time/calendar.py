"""When is it open? Working time of one zone: add, subtract, between, is_open, next_open.

Conventions:
- A local time that does not exist is read one gap later, one that exists twice is the first (PEP 495, fold 0).
- A span belongs to the date it opens on; a night shift keeps its hours past midnight.
- Of a date: own holiday before override before public holiday before weekly hours; then the breaks of that date are cut out.
- Overrides and breaks of one date before those of every year; a public holiday that is left out is none.
- Hours of every year and of public holidays are those of a day that has hours: on a weekday without, it stays closed.
- Elapsed time is physical: a day with a clock change is an hour shorter or longer.
- A start outside the hours begins at the next opening; time that runs out exactly at closing is due at the closing.
- Backwards is the mirror: an end outside the hours counts from the last closing.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import MAXYEAR, MINYEAR, date, datetime, timedelta
from itertools import accumulate, takewhile
from typing import Final
from zoneinfo import ZoneInfo

from sla_rules.instants import Duration, Instant, instant, moment
from sla_rules.notation import MINUTES_OF_DAY, WEEKDAYS
from sla_rules.time.holiday_hours import HolidayHours
from sla_rules.time.intervals import FOREVER, Interval, difference, union
from sla_rules.time.working_hours import Holidays, WorkingHours, straight
from sla_rules.time.yearly_dates import among, told_of

ONE_DAY: Final = timedelta(days=1)
YEARS_WITHOUT_OPENING: Final = 8
"""After so many years without an opening nothing will open: 29 February is the rarest date, 8 years apart around 2100."""


class NeverOpenError(ValueError):
    """The calendar has no opening within the years looked at."""


class Calendar:
    """Open time of one zone by weekly hours, holidays, overrides and breaks."""

    def __init__(self, hours: WorkingHours) -> None:
        self.hours = hours
        self.zone = ZoneInfo(hours.time_zone)
        self._always = _is_always_open(hours)
        self._own_holidays = frozenset(hours.holidays.dates)
        self._public_holidays = HolidayHours(hours.holidays)
        self._years: dict[int, _Year] = {}
        self._recent = _NO_YEAR
        """The year asked for last: most questions are about the same one."""

    def is_open(self, at: Instant) -> bool:
        """Whether `at` lies in open time; the closing instant does not."""
        year = self._recent
        if not year.start <= at < year.end:
            year = self._year_of(at)
        position = bisect_right(year.opens, at) - 1
        return self._always or (position >= 0 and at < year.closes[position])

    def next_open(self, at: Instant) -> Instant:
        """`at` itself where it is open, else the next opening.

        Raises:
            NeverOpenError: nothing opens any more.

        """
        if self._always:
            return at
        year = self._year_of(at)
        position = bisect_right(year.closes, at)
        if position < len(year.opens):  # nearly always: no need to walk on
            return max(at, year.opens[position])
        return next(self.open_intervals(at)).start

    def next_open_day(self, day: date) -> date:
        """The day itself where it is open for some time, else the next that is.

        Raises:
            NeverOpenError: nothing opens any more.

        """
        return self._day_of(self.next_open(self._midnight(day)))

    def last_open_day(self, day: date) -> date:
        """The day itself where it is open for some time, else the last one before that was.

        Raises:
            NeverOpenError: nothing was open before.

        """
        return self._day_of(self.subtract(self._midnight(day + ONE_DAY), 0) - 1)

    def add(self, start: Instant, duration: Duration) -> Instant:
        """The instant at which `duration` of open time has passed since `start`; for no time, the next opening.

        Raises:
            NeverOpenError: the calendar does not open long enough.

        """
        if duration < 0:
            return self.subtract(start, -duration)
        if self._always:
            return start + duration
        if duration == 0:
            return self.next_open(start)
        first = self._year_of(start)
        wanted = first.worked(start) + duration
        if wanted <= first.total:  # nearly always, and asked for every lead of a batch: no need to walk on
            return first.instant_of(wanted)
        for year in self._from(start):
            if wanted <= year.total:
                return year.instant_of(wanted)
            wanted -= year.total
        raise NeverOpenError(_NEVER)

    def subtract(self, end: Instant, duration: Duration) -> Instant:
        """The latest instant from which `duration` of open time passes until `end`; for no time, the last closing.

        The mirror of `add`: what is a start and an opening there is an end and a closing here.

        Raises:
            NeverOpenError: the calendar was not open long enough.

        """
        if duration < 0:
            return self.add(end, -duration)
        if self._always:
            return end - duration
        left = duration
        for year in self._back_from(end):
            worked = year.worked(end)
            if worked and left <= worked:
                return year.last_instant_of(worked - left) if duration else year.instant_of(worked)
            left -= worked
        raise NeverOpenError(_NEVER)

    def between(self, start: Instant, end: Instant) -> Duration:
        """Open time from `start` to `end`; negative where they are the other way round."""
        if self._always:
            return end - start
        first, last = self._year_of(start), self._year_of(end)
        if first is last:
            return last.worked(end) - first.worked(start)
        if end < start:
            return -self.between(end, start)
        whole = sum(self._year(number).total for number in range(first.number, last.number))
        return whole + last.worked(end) - first.worked(start)

    def open_intervals(self, start: Instant) -> Iterator[Interval]:
        """Open segments from `start` on, in order, without end; the first may have begun before and is cut.

        Raises:
            NeverOpenError: nothing opens any more.

        """
        if self._always:
            yield Interval(start, FOREVER)
            return
        for year in self._from(start):
            for opening, closing in zip(year.opens, year.closes, strict=True):
                if closing > start:
                    yield Interval(max(opening, start), closing)
        raise NeverOpenError(_NEVER)

    def open_within(self, span: Interval) -> Iterator[Interval]:
        """What is open of a span of time, in order."""
        with suppress(NeverOpenError):  # nothing may open any more before its end
            for opened in takewhile(lambda one: one.start < span.end, self.open_intervals(span.start)):
                yield opened & span

    def hours_within(self, span: Interval, most: int) -> tuple[Interval, ...]:
        """The first so many open segments that lie in a span or reach into it, whole; at a new year they are cut.

        Of a calendar that is always open, the span itself.
        """
        if self._always:
            return (span,) if most else ()
        year = self._year_of(span.start)
        found = year.within(span, most)
        if year.end < span.end and len(found) < most:  # hardly ever
            for later in self._from(year.end):
                found += later.within(span, most - len(found))
                if len(found) == most or later.end >= span.end:
                    break
        return found

    def hours_on(self, day: date) -> Iterator[Interval]:
        """Open segments of the hours that are written for a date, in order; a night shift with what of it lies on the next."""
        written = union(sorted(self._interval(day, span) for span in self._spans(day)))
        breaks = told_of(day, self.hours.breaks)
        return difference(written, sorted(self._interval(day, span) for span in breaks)) if breaks else written

    def local(self, day: date, minute: int) -> Instant:
        """The instant at which clocks show a minute of a day, which may lie past its midnight."""
        days, minute = divmod(minute, MINUTES_OF_DAY)
        on = day + ONE_DAY * days
        return instant(datetime(on.year, on.month, on.day, minute // 60, minute % 60, tzinfo=self.zone))

    def _from(self, start: Instant) -> Iterator["_Year"]:
        number, idle = self._year_of(start).number, 0
        while number < MAXYEAR and idle <= YEARS_WITHOUT_OPENING:
            year = self._year(number)
            yield year
            idle = 0 if year.total else idle + 1
            number += 1

    def _back_from(self, end: Instant) -> Iterator["_Year"]:
        number, idle = self._year_of(end).number, 0
        while number > MINYEAR and idle <= YEARS_WITHOUT_OPENING:
            year = self._year(number)
            yield year
            idle = 0 if year.total else idle + 1
            number -= 1

    def _year_of(self, at: Instant) -> "_Year":
        """The year whose segments `at` is looked up in: by UTC, corrected where the zone's new year lies elsewhere."""
        year = self._recent
        if year.start <= at < year.end:
            return year
        number = moment(at).year
        year = self._year(number)
        if at < year.start:
            year = self._year(number - 1)
        elif at >= year.end:
            year = self._year(number + 1)
        self._recent = year
        return year

    def _year(self, number: int) -> "_Year":
        year = self._years.get(number)
        if year is None:
            if not MINYEAR < number < MAXYEAR:
                message = f"calendars know the years {MINYEAR + 1} to {MAXYEAR - 1}"
                raise OverflowError(message)
            start, end = self._midnight(date(number, 1, 1)), self._midnight(date(number + 1, 1, 1))
            year = self._years[number] = _Year(number, start, end, tuple(self._intervals(number, Interval(start, end))))
        return year

    def _intervals(self, number: int, bounds: Interval) -> Iterator[Interval]:
        """Open segments of a year; the night shift from its last day before is in, that of its last day is cut."""
        days = [date(number - 1, 12, 31) + ONE_DAY * n for n in range(368)]
        for interval in union(sorted(interval for day in days for interval in self.hours_on(day))):
            inside = interval & bounds
            if inside.length:
                yield inside

    def _spans(self, day: date) -> Sequence[tuple[int, int]]:
        if among(day, self._own_holidays):
            return ()
        if day in self.hours.date_overrides:
            return self.hours.date_overrides[day]
        weekly = self.hours.weekly_hours.get(WEEKDAYS[day.weekday()], ())
        spans = told_of(day, self.hours.date_overrides)
        if spans is None:
            spans = self._public_holidays.spans(day)
        return weekly if spans is None or not weekly else spans

    def _interval(self, day: date, span: tuple[int, int]) -> Interval:
        opening, closing = straight(span)
        return Interval(self.local(day, opening), self.local(day, closing))

    def _day_of(self, at: Instant) -> date:
        return moment(at).astimezone(self.zone).date()

    def _midnight(self, day: date) -> Instant:
        return self.local(day, 0)


_NEVER: Final = "the calendar does not open for long enough"


class _Year:
    """Open segments of one local year with the open time up to each, so that questions are two bisections."""

    __slots__ = ("before", "closes", "end", "number", "opens", "segments", "start", "total")

    def __init__(self, number: int, start: Instant, end: Instant, intervals: Sequence[Interval]) -> None:
        self.number, self.start, self.end = number, start, end
        self.opens = [interval.start for interval in intervals]
        self.closes = [interval.end for interval in intervals]
        self.before = list(accumulate((interval.length for interval in intervals), initial=0))
        self.total = self.before.pop()
        self.segments: dict[tuple[int, int], tuple[Interval, ...]] = {}
        """Those that were asked for, by the first of them and the first beyond."""

    def worked(self, at: Instant) -> Duration:
        """Open time of the year before `at`."""
        position = bisect_right(self.opens, at) - 1
        if position < 0:
            return 0
        return self.before[position] + min(at, self.closes[position]) - self.opens[position]

    def within(self, span: Interval, most: int) -> tuple[Interval, ...]:
        """The first so many segments that lie in a span or reach into it; asked for every lead that waits, so made once."""
        first = bisect_right(self.closes, span.start)
        last = min(bisect_left(self.opens, span.end), first + most)
        found = self.segments.get((first, last))
        if found is None:
            found = self.segments[first, last] = tuple(map(Interval, self.opens[first:last], self.closes[first:last]))
        return found

    def instant_of(self, worked: Duration) -> Instant:
        """The first instant before which the year has been open for `worked`: a closing rather than an opening."""
        position = max(bisect_left(self.before, worked) - 1, 0)
        return self.opens[position] + worked - self.before[position]

    def last_instant_of(self, worked: Duration) -> Instant:
        """The last instant before which the year has been open for `worked`: an opening rather than a closing."""
        position = bisect_right(self.before, worked) - 1
        return self.opens[position] + worked - self.before[position]


_NO_YEAR: Final = _Year(MINYEAR, 0, 0, ())
"""No instant lies in it: years are worked out when somebody asks for them."""


def _is_always_open(hours: WorkingHours) -> bool:
    whole = ((0, MINUTES_OF_DAY),)
    every_day = all(hours.weekly_hours.get(day) == whole for day in WEEKDAYS)
    return every_day and hours.holidays == Holidays() and not hours.date_overrides and not hours.breaks
