"""Faust's aiokafka transport, handing over what one fetch brought for a partition as one message, and ticks between.

Three things differ from Faust's own consumer, each measured to be needed (docs/decisions/0002-batches.md and 0036):

- `getmany` yields one message per (partition, fetch), and ticks when time has come for a partition.
- Commit positions come from the agent alone (`admit`, `mark_done`), which keeps account of what it was given and made
  durable (`streams/coverage.py`): Faust skips messages, clears queues and acks what it has skipped, so that neither
  what was handed over nor what is acked is proof of anything.
- Whatever was fetched and did not get as far as Faust is fetched again.

What differs below, where records are fetched, is `streams/fetching.py`.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar, cast

from aiokafka.errors import IllegalStateError
from faust.serializers.schemas import Schema
from faust.transport.drivers.aiokafka import Consumer, Transport
from faust.types import TP
from faust.types.tuples import ConsumerMessage, Message, ack_lock
from mode.utils.futures import notify
from structlog import get_logger

from streams.batches import Batch, Record, Span, Tick
from streams.connection import bound_reading
from streams.coverage import Coverage, Hole, UnaccountedError
from streams.fetching import FetchingThread
from streams.in_hand import let_go
from streams.spans import count_spans
from streams.unreadable import UnreadableError

if TYPE_CHECKING:
    from streams.app import LeadApp

log = get_logger("leadsla")

PATIENCE = 0.1
"""Seconds that a fetch waits for records before ticks get their turn."""
BETWEEN_TURNS = 0.005
"""The same while partitions take turns to look at their leads."""


class BatchConsumer(Consumer):
    """Consumer of batches. The worker's timekeeper says which ticks are due. Faust types every value as bytes."""

    _thread: FetchingThread

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        bound_reading(self._worker.settings)
        count_spans()
        self._coverage = Coverage()
        self._handed: dict[TP, Span] = {}
        """By partition of a topic, the span handed over last."""
        self._seeks = 0
        self._seeking = 0
        self._sought = asyncio.Event()
        self._sought.set()

    @property
    def _worker(self) -> "LeadApp":
        return cast("LeadApp", self.app)

    def _new_consumer_thread(self) -> FetchingThread:
        return FetchingThread(self, loop=self.loop, beacon=self.beacon)

    async def getmany(self, timeout: float) -> AsyncIterator[tuple[TP, Message]]:  # noqa: ASYNC109 - Faust's signature
        """Yield what one fetch brought, a message per partition, then the ticks that are due."""
        patience = BETWEEN_TURNS if self._worker.timekeeper.is_looking else PATIENCE
        records, active = await self._wait_next_records(min(timeout, patience))
        # Until all of a seek is known, Faust takes what has been fetched again for what it has seen already, and drops it.
        await self.wait(cast("Any", self._sought))
        generation = self.app.consumer_generation_id
        if records is None or self.should_stop:
            return
        if not self.flow_active or any(self._is_unaccounted(tp) for tp in records):
            with suppress(IllegalStateError):  # the partitions went away meanwhile: whoever owns them next seeks
                await self.perform_seek()
            return
        for tp, fetched in records.items():
            if not self._goes_on(generation):
                return
            if tp.topic not in self._worker.event_topics:
                for record in fetched:
                    yield tp, self._to_message(tp, record)
            elif await self._follows(tp, fetched.span, active):
                self._handed[tp] = fetched.span
                yield tp, self._message(tp, fetched[-1], Batch(tp.partition, fetched, fetched.span))
        async for tick in self._worker.timekeeper.due(self._position):
            if not self._goes_on(generation):
                return
            tp = self._worker.timekeeper.door(tick.partition)
            yield tp, self._tick_message(tp, replace(tick, seeks=self._seeks))

    async def _wait_next_records(self, timeout: float) -> Any:  # noqa: ASYNC109 - Faust's signature
        """Wait for a fetch. Where one cannot be read, all that lies before is folded and committed first.

        So whoever gives up what cannot be read gives up no more than that.

        Raises:
            UnreadableError: a batch is damaged.

        """
        try:
            return await super()._wait_next_records(timeout)
        except UnreadableError:
            while self.on_the_way() and self.flow_active and not self.should_stop:
                await self.sleep(PATIENCE)
            await self.commit()
            raise

    async def admit(self, message: Message) -> bool:
        """Whether a message is to be folded now. Batches that have been or will be read again, and ticks before them, are not.

        Raises:
            UnaccountedError: something before a batch never came to be folded.

        """
        if message.generation_id != self.app.consumer_generation_id:
            return False
        value = cast("Batch | Tick", message.value)
        if isinstance(value, Tick):
            return value.seeks == self._seeks
        tp, span = message.tp, value.span
        if not self._coverage.is_current(tp, span):
            return False
        if hole := self._coverage.hole_before(tp, span):
            await self._pass(hole)
        if self._coverage.begins_again(tp, span):
            log.warning("a log begins again: what lay there before is gone", topic=tp.topic, partition=tp.partition)
            self._committed_offset[tp] = None
        self._coverage.take(tp, span)
        return True

    async def _pass(self, hole: Hole) -> None:
        """Let a hole be where the broker has deleted what lay in it; any other stops the worker."""
        earliest = (await self.earliest_offsets(hole.tp)).get(hole.tp, 0)
        if hole.end > earliest:
            raise UnaccountedError(hole)
        self._worker.measures.lost[hole.tp.topic] += hole.end - hole.begin
        log.error(
            "records were deleted before they were read: the topic's retention is too short, or the worker was away too long",
            topic=hole.tp.topic,
            partition=hole.tp.partition,
            first=hole.begin,
            records=hole.end - hole.begin,
        )

    def mark_done(self, message: Message) -> None:
        """Let what a batch covers be committed: all that follows from it is durable."""
        if message.generation_id == self.app.consumer_generation_id:
            self._coverage.done(message.tp, cast("Batch", message.value).span)

    def ack(self, message: Message) -> bool:
        """The message is out of the agent's hands; what may be committed, `mark_done` says."""
        with ack_lock:
            if message.acked:
                return False
            message.acked = True
            let_go(getattr(message.value, "records", None))
            self._unacked_messages.discard(message)
            self._n_acked += 1
            notify(self._waiting_for_ack)
            return True

    async def commit(self, *args: Any, **kwargs: Any) -> bool:
        """Commit; not in a worker that has crashed, where the thread that would do so may be gone and never answer."""
        return not self.crashed and bool(await super().commit(*args, **kwargs))

    async def perform_seek(self) -> None:
        """Go back to what is committed; nothing is handed over before all partitions are there."""
        self._seeking += 1
        self._seeks += 1
        self._sought.clear()
        try:
            await super().perform_seek()
        finally:
            self._seeking -= 1
            if not self._seeking:
                self._sought.set()

    async def seek_to_committed(self) -> Mapping[TP, Any]:
        """Go back to what is committed, and to the beginning where nothing is: there the client's own stays where it is.

        What was read in between, before the partition was open, would never be read again. From here on account is kept.
        """
        committed: Mapping[TP, Any] = await super().seek_to_committed()
        begins = {tp: offset for tp, offset in committed.items() if tp.topic in self._worker.event_topics}
        never = [tp for tp, offset in begins.items() if not offset]
        if never:
            # Not by `seek_to_beginning`, which leaves a partition without any position while Faust looks at them.
            for tp, offset in (await self._worker.timekeeper.begins(never)).items():
                await self._seek(tp, offset)
                begins[TP(*tp)] = offset
        for tp, offset in begins.items():
            if place := self._thread.place(tp):
                self._coverage.start(tp, offset or 0, place.run)
        return committed

    async def _seek(self, partition: TP, offset: int) -> None:
        """Seek in the thread that fetches: from another one, a fetch in between would undo it."""
        self._seeks += 1
        await self._thread.seek_there(partition, offset)

    async def join_again(self) -> None:
        """Have the group divide its partitions again."""
        await self._thread.join_again()

    async def on_partitions_revoked(self, revoked: set[TP]) -> None:
        """Commit nothing more for what goes."""
        await super().on_partitions_revoked(revoked)
        self._coverage.forget(revoked)
        for tp in revoked:
            self._handed.pop(tp, None)

    def _goes_on(self, generation: int) -> bool:
        return bool(self.flow_active) and bool(generation == self.app.consumer_generation_id)

    def _is_unaccounted(self, tp: TP) -> bool:
        """Whether a seek is owed before anything of a partition may be handed over: the one of its generation failed."""
        return tp.topic in self._worker.event_topics and tp not in self._coverage

    async def _follows(self, tp: TP, span: Span, active: Any) -> bool:
        """Whether to hand a span over: it was not fetched before a seek, Faust wants its partition, nothing is missing before.

        If it does not, it is fetched again.
        """
        place = self._thread.place(tp)
        if place is None or place.run != span.run:
            return False
        last = self._handed.get(tp)
        missing = last is not None and last.run == span.run and span.begin > last.end
        if not missing and (active is None or tp in active or tp in self._buffered_partitions):
            return True
        back = last.end if last is not None and missing else span.begin
        log.warning("fetched and not handed on; fetching again", topic=tp.topic, partition=tp.partition, offset=back)
        with suppress(IllegalStateError):  # as above
            await self.seek(tp, back)
        return False

    def on_the_way(self) -> dict[TP, Span]:
        """By partition of a topic, what was handed over last, where that is not durable yet."""
        return {tp: span for tp, span in self._handed.items() if self._is_on_the_way(tp, span)}

    def _is_on_the_way(self, tp: TP, span: Span) -> bool:
        return self._coverage.is_current(tp, span) and (self._coverage.reached(tp) or 0) < span.end

    def reached(self, tp: TP) -> int | None:
        """Offset up to which all is folded; control records and the like count as folded once they are passed."""
        span = self._handed.get(tp)
        if span is not None and self._is_on_the_way(tp, span):
            return self._coverage.reached(tp)
        return self._position(tp)

    def _position(self, tp: TP) -> int | None:
        """Offset of the next record that a fetch would bring: everything below has been yielded."""
        place = self._thread.place(tp)
        return None if place is None else place.position

    def _message(self, tp: TP, last: Record, value: Batch) -> ConsumerMessage:
        message = self._to_message(tp, last)
        message.key, message.value = None, cast("bytes", value)
        return message

    def _tick_message(self, tp: TP, tick: Tick) -> ConsumerMessage:
        """A message at the offset read last, so that it neither moves nor falls behind the partition's position."""
        offset = self._read_offset[tp]
        return ConsumerMessage(
            tp.topic,
            tp.partition,
            -1 if offset is None else offset,
            0.0,
            0,
            [],
            None,
            cast("bytes", tick),
            None,
            tp=tp,
            generation_id=self.app.consumer_generation_id,
        )

    async def _add_gap(self, tp: TP, offset_from: int, offset_to: int) -> None:
        """What is missing before a batch, `admit` knows."""

    def _filter_tps_with_pending_acks(self, topics: Any = None) -> Any:
        return [tp for tp in self._coverage.committable() if topics is None or tp in topics or tp.topic in topics]

    def _new_offset(self, tp: TP) -> int | None:
        return self._coverage.take_offset(tp)


class BatchTransport(Transport):
    """The transport that brings batches."""

    Consumer: ClassVar[type[BatchConsumer]] = BatchConsumer


class PassThrough(Schema[Any, Any]):
    """Hands a message's value on as it is: the agent reads batches itself."""

    def compile(self, app: Any, **_: Any) -> Callable[..., Any]:
        """A decoder that decodes nothing."""
        create_event = app.create_event

        async def decode(message: ConsumerMessage, **_: Any) -> Any:
            return create_event(message.key, message.value, message.headers, message)

        return decode
