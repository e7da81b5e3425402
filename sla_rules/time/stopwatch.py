"""A clock that runs for one cycle: in working time or by the wall, and not while the cycle is paused.

In working time it may go over to other hours while it runs: what is over by then was counted by the hours before, what is left is
left to the hours from then on.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple, TypeVar

from sla_rules.instants import Duration, Instant
from sla_rules.time.calendar import Calendar, NeverOpenError
from sla_rules.time.days_due import due_in_days
from sla_rules.time.intervals import BEGINNING, FOREVER, Interval
from sla_rules.time.working_days import WorkingDays

Hours = TypeVar("Hours", Calendar, Calendar | None)
"""What a clock runs by: a calendar, or of one by the wall none."""


class CalendarChange(NamedTuple):
    """From an instant on a clock runs by another calendar."""

    since: Instant
    calendar: Calendar


class Stopwatch(NamedTuple):
    """`calendar` is None for a clock by the wall; `pauses` are ordered and disjoint, the last may last for ever."""

    calendar: Calendar | None
    pauses: Sequence[Interval] = ()
    changes: Sequence[CalendarChange] = ()
    """To other calendars, in order; a clock by the wall has none."""

    def due(self, start: Instant, within: Duration | WorkingDays) -> Instant | None:
        """When `within` has run since `start`; None if it never does.

        A pause without an end may stand in the way, or a calendar that does not open for long enough any more.

        Raises:
            TypeError: working days are asked of a clock by the wall.

        """
        if not isinstance(within, int):
            return self._due_in_days(start, within)
        if not (self.pauses or self.changes):
            return _add(self.calendar, start, within)
        left = within
        for calendar, interval in self._running(start):
            if interval.end == FOREVER or (has := _between(calendar, interval)) >= left:
                return _add(calendar, interval.start, left)
            left -= has
        return None

    def before(self, due: Instant, warning: Duration) -> Instant | None:
        """The latest instant from which `warning` runs until `due`; None where there was none. The mirror of `due`."""
        if not (self.pauses or self.changes):
            return _subtract(self.calendar, due, warning)
        left = warning
        for calendar, interval in reversed([one for one in self._running(BEGINNING) if one[1].start < due]):
            end = min(interval.end, due)
            if interval.start == BEGINNING or (has := _between(calendar, Interval(interval.start, end))) >= left:
                return _subtract(calendar, end, left)
            left -= has
        return None

    def elapsed(self, start: Instant, end: Instant) -> Duration:
        """How long it has run from `start` to `end`."""
        if not (self.pauses or self.changes):
            if end <= start:
                return 0
            return end - start if self.calendar is None else self.calendar.between(start, end)
        whole = Interval(start, end)
        return sum(
            _between(calendar, both) for calendar, interval in self._running(start) if (both := interval & whole).length
        )

    def left(self, start: Instant, within: Duration | WorkingDays, now: Instant) -> Duration | None:
        """What is left by `now` of what was to run since `start`; None where its hours do not open often enough any more.

        A clock that stands has left what it had when it was stopped.
        """
        over = [pause for pause in self.pauses if pause.end != FOREVER]
        stopped = min((pause.start for pause in self.pauses if pause.end == FOREVER), default=now)
        running = self._replace(pauses=over)
        due = running.due(start, within)
        return None if due is None else running.elapsed(max(start, min(now, stopped)), due)

    def hours(self, span: Interval, most: int) -> tuple[Interval, ...]:
        """The opening hours by which it may run within a span, paused or not, as they are and not cut; none of one by the wall.

        The first so many of them.
        """
        calendar, _, changes = self
        if calendar is None:
            return ()
        if not changes:
            return calendar.hours_within(span, most)
        found: list[Interval] = []
        for following, stretch in self._stretches(calendar):
            inside = stretch & span
            if inside.length:
                found += (opened & stretch for opened in following.hours_within(inside, most - len(found)))
        return tuple(found)

    def ran(self, start: Instant, end: Instant) -> Iterator[Interval]:
        """The time that it ran from `start` to `end`, in order: what `elapsed` adds up."""
        for calendar, interval in self._running(start):
            inside = interval & Interval(start, end)
            for span in (inside,) if calendar is None else calendar.open_within(inside):
                if span.length:
                    yield span

    def _due_in_days(self, start: Instant, within: WorkingDays) -> Instant | None:
        if self.calendar is None:
            message = "a clock by the wall knows no working days"
            raise TypeError(message)
        try:
            return due_in_days(self._stretches(self.calendar), start, within, self.pauses)
        except NeverOpenError:
            return None

    def _running(self, start: Instant) -> Iterator[tuple[Calendar | None, Interval]]:
        """From `start` on, what lies between the pauses, with the calendar that it runs by then."""
        for calendar, stretch in self._stretches(self.calendar):
            at = max(start, stretch.start)
            for pause in self.pauses:
                if pause.end <= at:
                    continue
                if pause.start >= stretch.end:
                    break
                if pause.start > at:
                    yield calendar, Interval(at, pause.start)
                at = pause.end
            if at < stretch.end:
                yield calendar, Interval(at, stretch.end)

    def _stretches(self, first: Hours) -> Iterator[tuple[Hours | Calendar, Interval]]:
        """By which calendar it runs from when to when, paused or not; `first` is its own."""
        calendar: Hours | Calendar = first
        begin = BEGINNING
        for since, following in self.changes:
            if begin < since:
                yield calendar, Interval(begin, since)
            begin, calendar = max(begin, since), following
        yield calendar, Interval(begin, FOREVER)


def _between(calendar: Calendar | None, interval: Interval) -> Duration:
    return interval.length if calendar is None else calendar.between(*interval)


def _add(calendar: Calendar | None, start: Instant, duration: Duration) -> Instant | None:
    if calendar is None:
        return start + duration
    try:
        return calendar.add(start, duration)
    except NeverOpenError:
        return None


def _subtract(calendar: Calendar | None, end: Instant, duration: Duration) -> Instant | None:
    if calendar is None:
        return end - duration
    try:
        return calendar.subtract(end, duration)
    except NeverOpenError:
        return None
