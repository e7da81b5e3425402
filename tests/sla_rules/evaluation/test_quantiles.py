"""Quantiles: the nearest rank, at most one percent more, and never at odds with the bands beside them."""

from fractions import Fraction
from math import ceil
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sla_rules.evaluation.quantiles import ENDS, bucket_end, bucket_name, quantile
from sla_rules.evaluation.tallies import Tally, total
from sla_rules.instants import DAY, EARLIEST, HOUR, LATEST, MINUTE, SECOND

DURATIONS: Final = st.integers(0, 400 * DAY) | st.integers(0, 10 * SECOND) | st.integers(0, 300).map(MINUTE.__mul__)
SHARES: Final = st.fractions(0, 1) | st.sampled_from([Fraction(1, 2), Fraction(9, 10), Fraction(99, 100)])
ROUND: Final = [unit * number for unit in (SECOND, MINUTE, HOUR, DAY) for number in range(1, 101)]


def tally_of(durations: list[int]) -> Tally:
    return total({bucket_name("wall", duration): 1, "leads": 1} for duration in durations)


def quantile_of(durations: list[int], share: Fraction) -> int:
    found = quantile(tally_of(durations), "wall", share)
    assert found is not None
    return found


@given(st.lists(DURATIONS, min_size=1, max_size=40), SHARES)
def test_a_quantile_is_the_nearest_rank_or_up_to_one_percent_more(durations: list[int], share: Fraction) -> None:
    nearest = sorted(durations)[max(ceil(share * len(durations)), 1) - 1]

    found = quantile_of(durations, share)

    assert nearest <= found
    assert 100 * found <= 101 * nearest


@given(st.lists(DURATIONS, min_size=1, max_size=40), SHARES)
def test_at_least_the_share_that_a_quantile_is_named_for_lies_within_it(durations: list[int], share: Fraction) -> None:
    found = quantile_of(durations, share)

    assert sum(duration <= found for duration in durations) >= share * len(durations)


@given(st.lists(DURATIONS, min_size=1, max_size=40), SHARES, st.sampled_from(ROUND))
def test_a_quantile_lies_within_a_round_length_exactly_where_that_share_does(
    durations: list[int], share: Fraction, band: int
) -> None:
    within = sum(duration <= band for duration in durations)

    assert (quantile_of(durations, share) <= band) == (within >= share * len(durations) and within > 0)


@pytest.mark.parametrize("number", range(1, 101))
def test_so_many_minutes_have_nine_in_ten_of_them_within_p90(number: int) -> None:
    durations = [minutes * MINUTE for minutes in range(1, number + 1)]

    assert quantile_of(durations, Fraction(9, 10)) == ceil(Fraction(9 * number, 10)) * MINUTE


@given(st.integers(EARLIEST - LATEST, LATEST - EARLIEST))
def test_a_bucket_holds_what_is_longer_than_the_end_of_the_one_before(duration: int) -> None:
    end = bucket_end(duration)

    assert duration <= end
    assert end == 0 or duration > ENDS[ENDS.index(end) - 1]


def test_no_time_at_all_lies_in_a_bucket_of_its_own() -> None:
    assert bucket_end(0) == bucket_end(-5) == 0
    assert bucket_end(1) == 1
    assert quantile_of([0, -5], Fraction(9, 10)) == 0


def test_of_nothing_there_is_no_quantile() -> None:
    assert quantile({"leads": 3, "working_bucket_to:60": 1}, "wall", Fraction(1, 2)) is None


def test_buckets_of_a_former_release_are_read_by_where_they_end() -> None:
    """An hour lay in bucket 1102, which ended 1.3 % later; whole buckets of both are ranked together."""
    former = {"wall_bucket:0": 1, "wall_bucket:1102": 3}

    found = quantile(former, "wall", Fraction(1, 2))

    assert found is not None
    assert HOUR <= found <= Fraction(1021, 1000) * HOUR
    assert quantile(former | {"wall_bucket_to:60": 6}, "wall", Fraction(1, 2)) == 60
    assert quantile(former, "wall", Fraction(1, 4)) == 0
