"""A clock that runs for one cycle: in working time or by the wall, and not while the cycle is paused."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from sla_rules.instants import Duration, Instant
from sla_rules.time.calendar import Calendar, NeverOpenError
from sla_rules.time.day_count import day_count
from sla_rules.time.days_due import due_in_days
from sla_rules.time.intervals import BEGINNING, FOREVER, Interval
from sla_rules.time.working_days import WorkingDays


class Stopwatch(NamedTuple):
    """`calendar` is None for a clock by the wall; `pauses` are ordered and disjoint, the last may last for ever."""

    calendar: Calendar | None
    pauses: Sequence[Interval] = ()

    def due(self, start: Instant, within: Duration | WorkingDays) -> Instant | None:
        """When `within` has run since `start`; None if it never does.

        A pause without an end may stand in the way, or a calendar that does not open for long enough any more.

        Raises:
            TypeError: working days are asked of a clock by the wall.

        """
        if not isinstance(within, int):
            return self._due_in_days(start, within)
        if not self.pauses:
            return self._add(start, within)
        left = within
        for interval in self._running(start):
            if interval.end == FOREVER or (has := self._between(interval)) >= left:
                return self._add(interval.start, left)
            left -= has
        return None

    def before(self, due: Instant, warning: Duration) -> Instant | None:
        """The latest instant from which `warning` runs until `due`; None where there was none. The mirror of `due`."""
        if not self.pauses:
            return self._subtract(due, warning)
        left = warning
        for interval in reversed([interval for interval in self._running(BEGINNING) if interval.start < due]):
            end = min(interval.end, due)
            if interval.start == BEGINNING or (has := self._between(Interval(interval.start, end))) >= left:
                return self._subtract(end, left)
            left -= has
        return None

    def elapsed(self, start: Instant, end: Instant) -> Duration:
        """How long it has run from `start` to `end`."""
        if not self.pauses:
            if end <= start:
                return 0
            return end - start if self.calendar is None else self.calendar.between(start, end)
        whole = Interval(start, end)
        return sum(self._between(both) for interval in self._running(start) if (both := interval & whole).length)

    def _due_in_days(self, start: Instant, within: WorkingDays) -> Instant | None:
        if self.calendar is None:
            message = "a clock by the wall knows no working days"
            raise TypeError(message)
        try:
            return due_in_days(day_count(self.calendar), start, within, self.pauses)
        except NeverOpenError:
            return None

    def _running(self, start: Instant) -> Iterator[Interval]:
        """From `start` on, what lies between the pauses."""
        at = start
        for pause in self.pauses:
            if pause.end <= at:
                continue
            if pause.start > at:
                yield Interval(at, pause.start)
            at = pause.end
        if at < FOREVER:
            yield Interval(at, FOREVER)

    def _between(self, interval: Interval) -> Duration:
        return interval.length if self.calendar is None else self.calendar.between(*interval)

    def _add(self, start: Instant, duration: Duration) -> Instant | None:
        if self.calendar is None:
            return start + duration
        try:
            return self.calendar.add(start, duration)
        except NeverOpenError:
            return None

    def _subtract(self, end: Instant, duration: Duration) -> Instant | None:
        if self.calendar is None:
            return end - duration
        try:
            return self.calendar.subtract(end, duration)
        except NeverOpenError:
            return None
