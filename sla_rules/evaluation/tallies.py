"""Figures of a period: sums of whole numbers, so that they merge over partitions and give back what is taken out.

A tally maps the name of a figure to a whole number; what is zero is left out. Averages and quantiles are read from a
tally and never kept in one. Durations are summed in microseconds; value in millionths.

Quantiles come from counts in logarithmic buckets: bucket n holds what lies in (g^(n-1), g^n] microseconds for
g = 1.01 / 0.99, so that the middle of a bucket is within 1 % of everything in it (the mapping of DDSketch, Masson,
Rim and Lee, VLDB 2019), and unlike a sketch the counts can be subtracted.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from fractions import Fraction
from math import ceil, exp, log
from typing import Final

from sla_rules.instants import Duration

Tally = dict[str, int]
Counting = defaultdict[str, int]
"""A tally in the making: what has been taken out again may stand there as zero."""

RELATIVE_ERROR: Final = 0.01
_GROWTH: Final = log((1 + RELATIVE_ERROR) / (1 - RELATIVE_ERROR))
VALUE_UNIT: Final = 1_000_000
"""Value is counted in millionths, so that money of any currency adds up exactly."""


def add(to: Tally, tally: Mapping[str, int]) -> None:
    """Put a tally into a sum."""
    for name, count in tally.items():
        total = to.get(name, 0) + count
        if total:
            to[name] = total
        else:
            del to[name]


def subtract(to: Tally, tally: Mapping[str, int]) -> None:
    """Take a tally out of a sum it was put into."""
    for name, count in tally.items():
        total = to.get(name, 0) - count
        if total:
            to[name] = total
        else:
            del to[name]


def count(into: Counting, tally: Mapping[str, int], by: int) -> None:
    """Count a tally `by` times."""
    for name, amount in tally.items():
        into[name] += by * amount


def without_zeros(counting: Mapping[str, int]) -> Tally:
    """The tally that was made: without what is zero."""
    return {name: count for name, count in counting.items() if count}


def total(tallies: Iterable[Mapping[str, int]]) -> Tally:
    """The sum of many."""
    result: Tally = {}
    for tally in tallies:
        add(result, tally)
    return result


def bucket_of(duration: Duration) -> int:
    """The logarithmic bucket of a duration; nothing and less lie in bucket 0."""
    return max(ceil(log(duration) / _GROWTH), 0) + 1 if duration > 0 else 0


def middle_of(bucket: int) -> float:
    """The duration (microseconds) that stands for all of a bucket, within the relative error."""
    return 2 * exp((bucket - 1) * _GROWTH) / (1 + exp(_GROWTH)) if bucket else 0.0


def quantile(tally: Mapping[str, int], prefix: str, share: float) -> float | None:
    """The duration (microseconds) that a share of the counts named `prefix<bucket>` does not exceed; None of none."""
    counts = sorted((int(name.removeprefix(prefix)), count) for name, count in tally.items() if name.startswith(prefix))
    wanted = share * (sum(count for _, count in counts) - 1)
    seen = 0
    for bucket, count in counts:
        seen += count
        if seen > wanted:
            return middle_of(bucket)
    return None


def ratio(tally: Mapping[str, int], numerator: str, denominator: str) -> Fraction | None:
    """One figure by another; of nothing it is undefined."""
    below = tally.get(denominator, 0)
    return Fraction(tally.get(numerator, 0), below) if below else None
