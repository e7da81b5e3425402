"""Half-open segments `[start, end)` of time, and their algebra over lazy, ordered, disjoint sequences."""

from collections.abc import Iterable, Iterator
from heapq import merge
from typing import Final, NamedTuple

from sla_rules.instants import Duration, Instant

FOREVER: Final[Instant] = 2**62
"""The end of a segment that has none yet."""
BEGINNING: Final[Instant] = -FOREVER
"""The start of one that always was."""


class Interval(NamedTuple):
    """From `start` on, up to but not at `end`."""

    start: Instant
    end: Instant

    @property
    def length(self) -> Duration:
        """Physical time between the ends."""
        return self.end - self.start

    def __and__(self, other: "Interval") -> "Interval":
        """What both cover; empty where they do not meet."""
        start = max(self.start, other.start)
        return Interval(start, max(start, min(self.end, other.end)))


def hull(first: Interval | None, second: Interval) -> Interval:
    """From the first start to the last end of two segments, or of one."""
    return second if first is None else Interval(min(first.start, second.start), max(first.end, second.end))


def union(*sequences: Iterable[Interval]) -> Iterator[Interval]:
    """What any of the ordered sequences covers; touching segments become one, empty ones vanish."""
    pending: Interval | None = None
    for interval in merge(*sequences):
        if interval.start >= interval.end:
            continue
        if pending is None:
            pending = interval
        elif interval.start <= pending.end:
            pending = Interval(pending.start, max(pending.end, interval.end))
        else:
            yield pending
            pending = interval
    if pending is not None:
        yield pending


def difference(minuend: Iterable[Interval], subtrahend: Iterable[Interval]) -> Iterator[Interval]:
    """What the first ordered sequence covers and the second does not."""
    cuts = union(subtrahend)
    cut = next(cuts, None)
    for start, end in minuend:
        left = start
        while cut is not None and cut.end <= left:
            cut = next(cuts, None)
        while cut is not None and cut.start < end:
            if left < cut.start:
                yield Interval(left, cut.start)
            left = max(left, cut.end)
            if cut.end > end:
                break
            cut = next(cuts, None)
        if left < end:
            yield Interval(left, end)
