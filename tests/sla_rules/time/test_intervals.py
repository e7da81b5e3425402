import itertools

from hypothesis import given
from hypothesis import strategies as st

from sla_rules.time.intervals import Interval, difference, union
from tests.strategies import disjoint_segments, ordered_segments


def points(intervals: list[Interval]) -> set[int]:
    return {point for interval in intervals for point in range(interval.start, interval.end)}


def is_clean(intervals: list[Interval]) -> bool:
    """Not empty, in order, and apart."""
    apart = all(left.end < right.start for left, right in itertools.pairwise(intervals))
    return apart and all(interval.start < interval.end for interval in intervals)


@given(st.lists(ordered_segments(), max_size=3))
def test_a_union_covers_what_any_covers_and_is_clean(sequences: list[list[Interval]]) -> None:
    found = list(union(*sequences))

    assert points(found) == {point for intervals in sequences for point in points(intervals)}
    assert is_clean(found)


@given(disjoint_segments(), ordered_segments())
def test_a_difference_covers_what_the_first_covers_and_the_second_does_not(
    minuend: list[Interval], subtrahend: list[Interval]
) -> None:
    found = list(difference(minuend, subtrahend))

    assert points(found) == points(minuend) - points(subtrahend)
    assert is_clean(found)


def test_touching_segments_become_one_and_empty_ones_vanish() -> None:
    assert list(union([Interval(0, 5), Interval(7, 7)], [Interval(5, 6)])) == [Interval(0, 6)]


def test_segments_that_only_touch_share_nothing() -> None:
    assert (Interval(0, 5) & Interval(5, 9)).length == 0
    assert (Interval(0, 5) & Interval(7, 9)).length == 0


def test_the_algebra_is_lazy() -> None:
    def endless(step: int) -> "list[Interval]":
        return (Interval(n * step, n * step + 1) for n in range(10**12))  # type: ignore[return-value]

    assert next(union(endless(2), endless(2))) == Interval(0, 1)
    assert next(difference(endless(2), endless(4))) == Interval(2, 3)
