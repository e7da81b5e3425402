import itertools

from hypothesis import given
from hypothesis import strategies as st

from sla_rules.time.intervals import Segment, difference, intersection, union
from tests.strategies import disjoint_segments, ordered_segments


def points(segments: list[Segment]) -> set[int]:
    return {point for segment in segments for point in range(segment.start, segment.end)}


def is_clean(segments: list[Segment]) -> bool:
    """Not empty, in order, and apart."""
    apart = all(left.end < right.start for left, right in itertools.pairwise(segments))
    return apart and all(segment.start < segment.end for segment in segments)


@given(st.lists(ordered_segments(), max_size=3))
def test_a_union_covers_what_any_covers_and_is_clean(sequences: list[list[Segment]]) -> None:
    found = list(union(*sequences))

    assert points(found) == {point for segments in sequences for point in points(segments)}
    assert is_clean(found)


@given(disjoint_segments(), ordered_segments())
def test_a_difference_covers_what_the_first_covers_and_the_second_does_not(
    minuend: list[Segment], subtrahend: list[Segment]
) -> None:
    found = list(difference(minuend, subtrahend))

    assert points(found) == points(minuend) - points(subtrahend)
    assert is_clean(found)


@given(disjoint_segments(), disjoint_segments())
def test_an_intersection_covers_what_both_cover(first: list[Segment], second: list[Segment]) -> None:
    found = list(intersection(first, second))

    assert points(found) == points(first) & points(second)
    assert is_clean(found)
    assert found == list(intersection(second, first))


@given(disjoint_segments(), disjoint_segments())
def test_what_is_left_and_what_is_shared_make_up_the_whole(first: list[Segment], second: list[Segment]) -> None:
    left, shared = list(difference(first, second)), list(intersection(first, second))

    assert list(union(left, shared)) == first


def test_touching_segments_become_one_and_empty_ones_vanish() -> None:
    assert list(union([Segment(0, 5), Segment(7, 7)], [Segment(5, 6)])) == [Segment(0, 6)]


def test_segments_that_only_touch_share_nothing() -> None:
    assert list(intersection([Segment(0, 5)], [Segment(5, 9)])) == []
    assert (Segment(0, 5) & Segment(7, 9)).length == 0


def test_the_algebra_is_lazy() -> None:
    def endless(step: int) -> "list[Segment]":
        return (Segment(n * step, n * step + 1) for n in range(10**12))  # type: ignore[return-value]

    assert next(union(endless(2), endless(2))) == Segment(0, 1)
    assert next(difference(endless(2), endless(4))) == Segment(2, 3)
    assert next(intersection(endless(2), endless(3))) == Segment(0, 1)
