"""Whatever happens between the fetcher and the agent, nothing is committed that was not folded."""

from collections.abc import Sequence
from typing import NamedTuple

from faust.types import TP
from hypothesis import given
from hypothesis import strategies as st

from streams.pipeline.coverage import Coverage, Hole, UnaccountedError
from streams.reading.records import Span

PLACE = TP("handed-off", 3)


class Move(NamedTuple):
    """What happens to the next fetch: it is folded and delivered, dropped, or reading begins again at what is committed."""

    what: str
    size: int = 0


MOVES = st.lists(
    st.builds(
        Move, st.sampled_from(["folded", "folded", "folded", "dropped", "sought", "committed"]), st.integers(1, 5)
    ),
    max_size=40,
)


class Log:
    """A log that is read by one worker, which stops at the first hole, as workers do."""

    def __init__(self, committed: int) -> None:
        self.coverage = Coverage()
        self.committed = committed
        self.position = committed
        self.run = 1
        self.folded: set[int] = set(range(committed))
        self.coverage.start(PLACE, committed, self.run)

    def go(self, moves: Sequence[Move]) -> Hole | None:
        for move in moves:
            span = Span(self.run, self.position, self.position + move.size)
            if move.what in {"folded", "dropped"}:
                self.position = span.end
            if move.what == "folded":
                if hole := self.coverage.hole_before(PLACE, span):
                    return hole
                self.coverage.take(PLACE, span)
                self.folded.update(range(span.begin, span.end))
                self.coverage.done(PLACE, span)
            elif move.what == "sought":
                self.run += 1
                self.position = self.committed
                self.coverage.start(PLACE, self.committed, self.run)
            elif move.what == "committed" and (offset := self.coverage.take_offset(PLACE)) is not None:
                assert offset > self.committed
                self.committed = offset
        return None


@given(st.integers(0, 3), MOVES)
def test_what_is_committed_was_folded_whatever_is_dropped_on_the_way(committed: int, moves: list[Move]) -> None:
    log = Log(committed)
    hole = log.go(moves)
    assert set(range(log.committed)) <= log.folded
    if hole is not None:
        assert not log.folded.intersection(range(max(hole.begin, log.committed), hole.end)) or hole.begin < hole.end
        assert hole.begin not in range(log.committed)


@given(st.integers(0, 3), MOVES)
def test_where_nothing_is_dropped_there_is_no_hole_and_all_that_was_read_can_be_committed(
    committed: int, moves: list[Move]
) -> None:
    log = Log(committed)
    assert log.go([*(move for move in moves if move.what != "dropped"), Move("committed")]) is None
    assert log.committed == log.position


def test_a_batch_that_does_not_join_shows_the_hole_before_it_in_words() -> None:
    coverage = Coverage()
    coverage.start(PLACE, 10, run=1)
    assert coverage.hole_before(PLACE, Span(1, 10, 12)) is None
    coverage.take(PLACE, Span(1, 10, 12))
    coverage.done(PLACE, Span(1, 10, 12))
    hole = coverage.hole_before(PLACE, Span(1, 17, 20))
    assert hole == Hole(PLACE, 12, 17)
    assert str(UnaccountedError(hole)) == (
        "handed-off, partition 3: offsets 12 to 16 never came to be folded; nothing from offset 12 on is committed, "
        "a restart reads it again"
    )
    assert coverage.take_offset(PLACE) == 12


def test_what_the_broker_has_deleted_can_be_passed_and_what_follows_is_committed() -> None:
    coverage = Coverage()
    coverage.start(PLACE, 10, run=1)
    late = Span(2, 40, 42)
    assert coverage.hole_before(PLACE, late) == Hole(PLACE, 10, 40)
    coverage.take(PLACE, late)
    coverage.done(PLACE, late)
    assert coverage.take_offset(PLACE) == 42


def test_a_log_that_begins_again_below_what_was_committed_of_it_is_committed_from_there() -> None:
    coverage = Coverage()
    coverage.start(PLACE, 10, run=1)
    again = Span(2, 0, 3)
    assert coverage.begins_again(PLACE, again)
    assert coverage.hole_before(PLACE, again) is None
    coverage.take(PLACE, again)
    coverage.done(PLACE, again)
    assert coverage.take_offset(PLACE) == 3


def test_batches_of_a_former_run_and_partitions_without_account_are_not_current() -> None:
    coverage = Coverage()
    assert not coverage.is_current(PLACE, Span(5, 0, 1))
    coverage.start(PLACE, 0, run=6)
    assert not coverage.is_current(PLACE, Span(5, 0, 1))
    assert coverage.is_current(PLACE, Span(6, 0, 1))
    coverage.forget({PLACE})
    coverage.done(PLACE, Span(6, 0, 1))
    assert coverage.take_offset(PLACE) is None
    assert coverage.committable() == []


def test_what_was_folded_before_reading_began_again_counts_when_it_is_durable_at_last() -> None:
    coverage = Coverage()
    coverage.start(PLACE, 0, run=1)
    coverage.take(PLACE, Span(1, 0, 4))
    coverage.start(PLACE, 0, run=2)
    coverage.done(PLACE, Span(1, 0, 4))
    assert coverage.take_offset(PLACE) == 4
