"""Between fetcher and agent: what was handed over, what of it is to be folded, and what may be committed then."""

from collections.abc import Awaitable, Callable
from typing import Final, cast

from faust.types import TP
from faust.types.tuples import Message
from structlog import get_logger

from streams.pipeline.batches import Batch, Tick
from streams.pipeline.counters import Counters
from streams.pipeline.coverage import Coverage, Hole, UnaccountedError
from streams.reading.records import Span

log = get_logger("leadsla")

Generation = Callable[[], int]
"""That of the group which this worker's partitions are of now."""
BeginOf = Callable[[TP], Awaitable[int]]
"""Where a partition of a topic begins now."""


class Intake:
    """Keeps account of the partitions of topics that the group has given to this worker."""

    def __init__(self, generation: Generation, begin_of: BeginOf, counters: Counters) -> None:
        self.coverage: Final = Coverage()
        self.handed_over: Final[dict[TP, Span]] = {}
        """By partition of a topic, the span handed over last."""
        self.seeks = 0
        """How often reading has begun somewhere else."""
        self._generation = generation
        self._begin_of = begin_of
        self._counters = counters

    def forget(self, tps: set[TP]) -> None:
        """Commit nothing more for what went away."""
        self.coverage.forget(tps)
        for tp in tps:
            self.handed_over.pop(tp, None)

    async def admit(self, message: Message) -> bool:
        """Whether a message is to be folded now. Batches that have been or will be read again, and ticks before them, are not.

        Raises:
            UnaccountedError: something before a batch never came to be folded.

        """
        if message.generation_id != self._generation():
            return False
        value = cast("Batch | Tick", message.value)
        if isinstance(value, Tick):
            return value.seeks == self.seeks
        tp, span = message.tp, value.span
        if not self.coverage.is_current(tp, span):
            return False
        if hole := self.coverage.hole_before(tp, span):
            await self._pass(hole)
        if self.coverage.begins_again(tp, span):
            log.warning("a log begins again: what lay there before is gone", topic=tp.topic, partition=tp.partition)
        self.coverage.take(tp, span)
        return True

    def mark_done(self, message: Message) -> None:
        """Let what a batch covers be committed: all that follows from it is durable."""
        if message.generation_id == self._generation():
            self.coverage.done(message.tp, cast("Batch", message.value).span)

    def on_the_way(self) -> dict[TP, Span]:
        """By partition of a topic, what was handed over last, where that is not durable yet."""
        return {tp: span for tp, span in self.handed_over.items() if self.is_on_the_way(tp)}

    def is_on_the_way(self, tp: TP) -> bool:
        """Whether what was handed over last of a partition of a topic is not durable yet."""
        span = self.handed_over.get(tp)
        if span is None or not self.coverage.is_current(tp, span):
            return False
        return (self.coverage.reached(tp) or 0) < span.end

    async def _pass(self, hole: Hole) -> None:
        """Let a hole be where the broker has deleted what lay in it; any other stops the worker."""
        if hole.end > await self._begin_of(hole.tp):
            raise UnaccountedError(hole)
        self._counters.lost[hole.tp.topic] += hole.end - hole.begin
        log.error(
            "records were deleted before they were read: the topic's retention is too short, or the worker was away too long",
            topic=hole.tp.topic,
            partition=hole.tp.partition,
            first=hole.begin,
            records=hole.end - hole.begin,
        )
