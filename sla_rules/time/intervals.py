"""Half-open segments `[start, end)` of time, and their algebra over lazy, ordered, disjoint sequences."""

from collections.abc import Iterable, Iterator
from heapq import merge
from typing import Final, NamedTuple

from sla_rules.instants import Duration, Instant

FOREVER: Final[Instant] = 2**62
"""The end of a segment that has none yet."""


class Segment(NamedTuple):
    """From `start` on, up to but not at `end`."""

    start: Instant
    end: Instant

    @property
    def length(self) -> Duration:
        """Physical time between the ends."""
        return self.end - self.start

    def __and__(self, other: "Segment") -> "Segment":
        """What both cover; empty where they do not meet."""
        start = max(self.start, other.start)
        return Segment(start, max(start, min(self.end, other.end)))


def union(*sequences: Iterable[Segment]) -> Iterator[Segment]:
    """What any of the ordered sequences covers; touching segments become one, empty ones vanish."""
    pending: Segment | None = None
    for segment in merge(*sequences):
        if segment.start >= segment.end:
            continue
        if pending is None:
            pending = segment
        elif segment.start <= pending.end:
            pending = Segment(pending.start, max(pending.end, segment.end))
        else:
            yield pending
            pending = segment
    if pending is not None:
        yield pending


def difference(minuend: Iterable[Segment], subtrahend: Iterable[Segment]) -> Iterator[Segment]:
    """What the first ordered sequence covers and the second does not."""
    cuts = union(subtrahend)
    cut = next(cuts, None)
    for start, end in minuend:
        left = start
        while cut is not None and cut.end <= left:
            cut = next(cuts, None)
        while cut is not None and cut.start < end:
            if left < cut.start:
                yield Segment(left, cut.start)
            left = max(left, cut.end)
            if cut.end > end:
                break
            cut = next(cuts, None)
        if left < end:
            yield Segment(left, end)


def intersection(first: Iterable[Segment], second: Iterable[Segment]) -> Iterator[Segment]:
    """What both ordered, disjoint sequences cover."""
    lefts, rights = iter(first), iter(second)
    left, right = next(lefts, None), next(rights, None)
    while left is not None and right is not None:
        both = left & right
        if both.length:
            yield both
        if left.end <= right.end:
            left = next(lefts, None)
        else:
            right = next(rights, None)
