"""Figures of a period: sums of whole numbers, so that they merge over partitions and give back what is taken out.

A tally maps the name of a figure to a whole number; what is zero is left out. Averages and quantiles are read from a
tally and never kept in one (`quantiles.py`). Durations are summed in microseconds; value in millionths.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Final

Tally = dict[str, int]
Counting = defaultdict[str, int]
"""A tally in the making: what has been taken out again may stand there as zero."""

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


def ratio(tally: Mapping[str, int], numerator: str, denominator: str) -> Fraction | None:
    """One figure by another; of nothing it is undefined."""
    below = tally.get(denominator, 0)
    return Fraction(tally.get(numerator, 0), below) if below else None
