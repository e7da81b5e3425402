"""Which offsets a fetch covers, as the fetcher itself gives them: [offset asked for, offset to ask for next).

Compacted records, control records and aborted transactions lie inside a span, so that spans that follow each other leave
no hole, and a hole means that something was skipped. A position that is set again (a seek, a reset by the client, a new
assignment) begins another *run*; within one run spans join end to beginning, whatever lies between the records.

aiokafka opens its fetch results and positions itself, so that there is no other place to count than its classes.
"""

from itertools import count
from typing import Any, Final, NamedTuple

from aiokafka import ConsumerRecord
from aiokafka.consumer import fetcher, subscription_state

from streams.reading.fetched import Result
from streams.reading.in_hand import HandedOver
from streams.reading.records import Span

_RUNS: Final = count(1)
"""One number a run and process, so that a later run has a higher one, across assignments too."""


class Fetched(HandedOver):
    """Records that one fetch brought for a partition, in order, and what it covers."""

    __slots__ = ("span",)

    def __init__(self, records: list[ConsumerRecord], span: Span) -> None:
        super().__init__(records)
        self.held = getattr(records, "held", None)
        self.span: Final = span


class Place(NamedTuple):
    """Where a partition is read: the run, and the offset of the next record that a fetch would bring."""

    run: int
    position: int


def count_spans() -> None:
    """Let every consumer of this process give spans; `place_of` and `Fetched` need it."""
    fetcher.FetchResult = _Result
    subscription_state.TopicPartitionState = _Position


def place_of(assignment: Any, tp: object) -> Place | None:
    """Where a partition of an assignment of aiokafka's is read; None while that is not known, or it is not assigned."""
    if assignment is None or tp not in assignment.tps:
        return None
    state = assignment.state_value(tp)
    # Read once: the thread that fetches may take it away meanwhile.
    position = state._position  # noqa: SLF001 - the property asserts
    return None if position is None else Place(state.run, position)


class _Position(subscription_state.TopicPartitionState):  # type: ignore[misc] # aiokafka is untyped here
    """A position with its run; `void` is what the run has passed since the last records without bringing any."""

    run = 0
    void: Span | None = None

    def seek(self, position: int) -> None:
        self._begin_run()
        super().seek(position)

    def reset_to(self, position: int) -> None:
        self._begin_run()
        super().reset_to(position)

    def _begin_run(self) -> None:
        self.run, self.void = next(_RUNS), None


class _Result(Result):
    """A fetch's result whose records come with their span."""

    def getall(self, max_records: int | None = None) -> list[ConsumerRecord]:
        state = self._assignment.state_value(self._topic_partition)
        begin = state._position  # noqa: SLF001 - None while it is unknown, where the property asserts
        records = super().getall(max_records)
        if begin is None or state._position in {None, begin}:  # noqa: SLF001 - as above
            return records
        void = state.void
        span = Span(state.run, void.begin if void is not None and void.end == begin else begin, state.position)
        state.void = None if records else span
        return Fetched(records, span)
