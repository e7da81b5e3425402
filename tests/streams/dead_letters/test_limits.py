from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.dead_letters.limits import Limits, Rejections

Fates = Sequence[str | None]
FATES = st.lists(st.sampled_from([None, "broken_json", "wrong_key"]), max_size=60)


def first_crossing(limits: Limits, fates: Fates) -> int | None:
    """Which record is the first that may not be dead-lettered any more."""
    rejections = Rejections(limits)
    return next((at for at, reason in enumerate(fates) if rejections.take(at, reason)), None)


def test_as_many_in_a_row_as_the_limit_are_dead_lettered_and_one_more_is_not() -> None:
    limits = Limits(max_consecutive=3)

    assert first_crossing(limits, ["broken_json"] * 3) is None
    assert first_crossing(limits, ["broken_json"] * 4) == 3
    assert first_crossing(limits, ["broken_json", "wrong_key"] * 2) == 3


def test_a_record_that_is_read_ends_the_row() -> None:
    assert first_crossing(Limits(max_consecutive=3), ["broken_json", "broken_json", "broken_json", None] * 20) is None


def test_the_share_is_not_judged_before_enough_records_are_known() -> None:
    limits = Limits(max_invalid_ratio=0.5, records=100, minimum=10)

    assert first_crossing(limits, ["broken_json"] * 9) is None
    assert first_crossing(limits, ["broken_json"] * 10) == 9


def test_half_of_the_records_is_not_more_than_half() -> None:
    limits = Limits(max_invalid_ratio=0.5, records=10, minimum=10)

    assert first_crossing(limits, ["broken_json", None] * 50) is None
    assert first_crossing(limits, [*(["broken_json", None] * 50), "broken_json", "broken_json"]) == 101


def test_what_lies_before_the_last_records_counts_no_more() -> None:
    limits = Limits(max_invalid_ratio=0.5, records=10, minimum=10)

    assert first_crossing(limits, [*["broken_json"] * 5, *[None] * 10, *["broken_json"] * 5]) is None


@pytest.mark.parametrize(
    ("limits", "says"),
    [
        (Limits(max_consecutive=2), "3 records were rejected: 2 broken_json, 1 wrong_key, one after the other"),
        (Limits(max_consecutive=2), "LEADSLA_REJECTED_RUN_LIMIT=2"),
        (
            Limits(max_invalid_ratio=0.4, records=5, minimum=5),
            "3 records were rejected: 2 broken_json, 1 wrong_key, of the last 5",
        ),
        (Limits(max_invalid_ratio=0.4, records=5, minimum=5), "LEADSLA_REJECTED_SHARE_LIMIT=0.4"),
    ],
)
def test_the_words_name_what_was_rejected_and_the_limit(limits: Limits, says: str) -> None:
    rejections = Rejections(limits)
    fates = [None, None, "broken_json", "wrong_key", "broken_json"]

    assert says in [rejections.take(at, reason) or "" for at, reason in enumerate(fates)][-1]


def test_one_record_is_one_record() -> None:
    assert (Rejections(Limits(max_invalid_ratio=0.5, minimum=1)).take(0, "broken_json") or "").startswith(
        "1 record was rejected"
    )


def test_a_limit_looks_no_further_back_than_it_has_to() -> None:
    assert Limits().lookback == 0
    assert Limits(max_consecutive=7).lookback == 7
    assert Limits(max_consecutive=7, max_invalid_ratio=0.5, records=20).lookback == 20


@given(FATES)
def test_without_a_limit_everything_may_be_dead_lettered(fates: Fates) -> None:
    assert first_crossing(Limits(), fates) is None


@given(FATES, st.integers(1, 8))
def test_the_run_crosses_where_counting_by_hand_says(fates: Fates, run: int) -> None:
    expected = next((at for at in range(run, len(fates)) if None not in fates[at - run : at + 1]), None)

    assert first_crossing(Limits(max_consecutive=run), fates) == expected


@given(FATES, st.sampled_from([0.1, 0.3, 0.5, 0.9]), st.integers(1, 20), st.integers(1, 20))
def test_the_share_crosses_where_counting_by_hand_says(
    fates: Fates, contribution: float, records: int, minimum: int
) -> None:
    limits = Limits(max_invalid_ratio=contribution, records=records, minimum=min(minimum, records))
    lasts = [(at, fates[max(at + 1 - records, 0) : at + 1]) for at in range(len(fates))]
    expected = next(
        (
            at
            for at, last in lasts
            if fates[at] and len(last) >= limits.minimum and sum(map(bool, last)) > contribution * len(last)
        ),
        None,
    )

    assert first_crossing(limits, fates) == expected


@given(FATES, st.integers(1, 8), st.lists(st.integers(0, 60), max_size=5))
def test_records_that_come_again_are_not_counted_twice(fates: Fates, run: int, backs: Sequence[int]) -> None:
    """After a rebalance a partition is read again from what was committed."""
    limits = Limits(max_consecutive=run, max_invalid_ratio=0.5, records=10, minimum=5)
    straight, going_back = Rejections(limits), Rejections(limits)
    for at, reason in enumerate(fates):
        expected = straight.take(at, reason)
        for again in range(min(backs, default=at), at):
            assert going_back.take(again, fates[again]) is None
        assert going_back.take(at, reason) == expected


@given(FATES, st.integers(1, 6), st.integers(0, 60))
def test_whoever_looks_back_far_enough_judges_as_if_never_restarted(fates: Fates, run: int, start: int) -> None:
    limits = Limits(max_consecutive=run, max_invalid_ratio=0.5, records=8, minimum=4)
    through, restarted = Rejections(limits), Rejections(limits)
    for at in range(max(start - limits.lookback, 0), min(start, len(fates))):
        restarted.take(at, fates[at])
    for at, reason in enumerate(fates):
        judged = through.take(at, reason)
        if at >= start:
            assert bool(restarted.take(at, reason)) == bool(judged)
