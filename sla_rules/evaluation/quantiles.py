"""Quantiles of durations, from counts that can be taken out again: each duration lies in a bucket, named by where it ends.

A bucket ends at most 1 % after the shortest duration in it, and never beyond a round one: a whole second up to 100 of
them, a whole minute up to 100, an hour, a day. Ends are whole microseconds, so that nothing is lost to rounding.

A quantile is the nearest rank: of ten durations nine lie within p90, of one all do. It is given by the end of its
bucket. So its name is true, it is at most 1 % more than the duration of that rank, and it lies within an agreed band of
a round length exactly where that share of the durations does.
"""

from bisect import bisect_left
from collections.abc import Iterator, Mapping
from fractions import Fraction
from math import ceil
from typing import Final

from sla_rules.former_words import former_bucket_ends
from sla_rules.instants import DAY, HOUR, MINUTE, SECOND, Duration
from sla_rules.time.intervals import FOREVER

_ROUND: Final = (SECOND, MINUTE, HOUR, DAY)
_OF_EACH: Final = 100


def _ends() -> Iterator[Duration]:
    end = 0
    while end < FOREVER:
        yield end
        after = end + max(end // 100, 1)
        unit = next((unit for unit in _ROUND if end < _OF_EACH * unit), None)
        end = after if unit is None else min(after, (end // unit + 1) * unit)
    yield end


ENDS: Final = tuple(_ends())
"""Where the buckets end, in microseconds; nothing and less lie in the first."""


def bucket_end(duration: Duration) -> Duration:
    """Where the bucket of a duration ends."""
    return ENDS[bisect_left(ENDS, duration)]


def bucket_name(clock: str, duration: Duration) -> str:
    """The figure that counts durations by a clock, by the bucket that they lie in."""
    return f"{clock}_bucket_to:{bucket_end(duration)}"


def quantile(tally: Mapping[str, int], clock: str, share: Fraction) -> Duration | None:
    """The duration that a share of those counted by a clock do not exceed; None of none."""
    prefix = f"{clock}_bucket_to:"
    counts = [(int(name.removeprefix(prefix)), count) for name, count in tally.items() if name.startswith(prefix)]
    counts = sorted(counts + list(former_bucket_ends(tally, clock)))
    rank = ceil(share * sum(count for _, count in counts))
    seen = 0
    for end, count in counts:
        seen += count
        if seen >= rank:
            return end
    return None
