"""Faust's aiokafka transport, handing over what one fetch brought for a partition as one message, and ticks between.

Three things differ from Faust's own consumer, each measured to be needed (docs/decisions/0002-batches.md and 0036):

- `getmany` yields one message per (partition, fetch), and ticks when time has come for a partition.
- Commit positions come from the agent alone, which keeps account of what it was given and made durable
  (`streams/pipeline/intake.py`, `coverage.py`): Faust skips messages, clears queues and acks what it has skipped, so that
  neither what was handed over nor what is acked is proof of anything.
- Whatever was fetched and did not get as far as Faust is fetched again.

What differs below, where records are fetched, is `streams/faust_host/fetching.py`.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any, ClassVar, Final, cast

from aiokafka.errors import IllegalStateError
from faust.transport.drivers.aiokafka import Consumer, Transport
from faust.types import TP
from faust.types.tuples import ConsumerMessage, Message, ack_lock
from mode.utils.futures import notify
from structlog import get_logger

from sla_rules.names import INPUT_TOPICS
from streams.faust_host.fetching import FetchingThread
from streams.faust_host.host import Host
from streams.kafka.connection import bound_reading
from streams.kafka.patience import answered
from streams.pipeline.batches import Batch, Tick
from streams.reading.in_hand import let_go
from streams.reading.records import Record, Span
from streams.reading.spans import count_spans
from streams.reading.unreadable import UnreadableError

log = get_logger("leadsla")

EVENTS: Final = frozenset(INPUT_TOPICS)
PATIENCE = 0.1
"""Seconds that a fetch waits for records before ticks get their turn."""
BETWEEN_TURNS = 0.005
"""The same while partitions take turns to look at their leads."""


class BatchConsumer(Consumer):
    """Consumer of batches. The host's timekeeper says which ticks are due. Faust types every value as bytes."""

    _thread: FetchingThread

    def __init__(self, *args: Any, host: Host, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._thread.leave_within = host.settings.stop_within_seconds / 4
        bound_reading(host.settings)
        count_spans()
        self._host = host
        self._intake = host.intake
        self._coverage = host.intake.coverage
        self._timekeeper = host.timekeeper
        self._seeking = 0
        self._given_up = asyncio.Event()
        self._sought = asyncio.Event()
        self._sought.set()

    def _new_consumer_thread(self) -> FetchingThread:
        return FetchingThread(self, loop=self.loop, beacon=self.beacon)

    async def getmany(self, timeout: float) -> AsyncIterator[tuple[TP, Message]]:  # noqa: ASYNC109 - Faust's signature
        """Yield what one fetch brought, a message per partition, then the ticks that are due."""
        patience = BETWEEN_TURNS if self._timekeeper.is_looking else PATIENCE
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
            if tp.topic not in EVENTS:
                for record in fetched:
                    yield tp, self._to_message(tp, record)
            elif await self._follows(tp, fetched.span, active):
                self._intake.handed_over[tp] = fetched.span
                yield tp, self._message(tp, fetched[-1], Batch(tp.partition, fetched, fetched.span))
        async for tick in self._timekeeper.due(self._position):
            if not self._goes_on(generation):
                return
            tp = self._timekeeper.door(tick.partition)
            yield tp, self._tick_message(tp, replace(tick, seeks=self._intake.seeks))

    async def _wait_next_records(self, timeout: float) -> Any:  # noqa: ASYNC109 - Faust's signature
        """Wait for a fetch. Where one cannot be read, all that lies before is folded and committed first.

        So whoever gives up what cannot be read gives up no more than that.

        Raises:
            UnreadableError: a batch is damaged.

        """
        try:
            return await super()._wait_next_records(timeout)
        except UnreadableError:
            while self._intake.on_the_way() and self.flow_active and not self.should_stop:
                await self.sleep(PATIENCE)
            await self.commit()
            raise

    def ack(self, message: Message) -> bool:
        """The message is out of the agent's hands; what may be committed, the intake says."""
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
        return not (self.crashed or self._given_up.is_set()) and bool(await super().commit(*args, **kwargs))

    async def wait_empty(self) -> None:
        """Wait until what is in hand is delivered and committed, or given up: no cancelling would end Faust's own."""
        emptied = asyncio.ensure_future(super().wait_empty())
        given_up = asyncio.ensure_future(self._given_up.wait())
        await asyncio.wait({emptied, given_up}, return_when=asyncio.FIRST_COMPLETED)
        given_up.cancel()
        if emptied.done():
            emptied.result()

    def give_up(self) -> None:
        """Wait for nothing that is in hand any more, and commit nothing."""
        self._given_up.set()

    async def perform_seek(self) -> None:
        """Go back to what is committed, however long no broker says where that is.

        Nothing is handed over before all partitions are there: what a fetch brings meanwhile would be missing later.
        """
        self._seeking += 1
        self._intake.seeks += 1
        self._sought.clear()
        try:
            await answered(super().perform_seek, "going back to what is committed")
        finally:
            self._seeking -= 1
            if not self._seeking:
                self._sought.set()

    async def seek_to_committed(self) -> Mapping[TP, Any]:
        """Go back to what is committed, and to the beginning where nothing is: there the client's own stays where it is.

        What was read in between, before the partition was open, would never be read again. From here on account is kept.
        """
        committed: Mapping[TP, Any] = await super().seek_to_committed()
        begins = {tp: offset for tp, offset in committed.items() if tp.topic in EVENTS}
        never = [tp for tp, offset in begins.items() if not offset]
        if never:
            # Not by `seek_to_beginning`, which leaves a partition without any position while Faust looks at them.
            for tp, offset in (await self._host.end_offsets.begins(never)).items():
                await self._seek(tp, offset)
                begins[TP(*tp)] = offset
        for tp, offset in begins.items():
            if place := self._thread.place(tp):
                self._coverage.start(tp, offset or 0, place.run)
        return committed

    async def _seek(self, partition: TP, offset: int) -> None:
        """Seek in the thread that fetches: from another one, a fetch in between would undo it."""
        self._intake.seeks += 1
        await self._thread.seek_there(partition, offset)

    async def join_again(self) -> None:
        """Have the group divide its partitions again."""
        await self._thread.join_again()

    async def on_partitions_revoked(self, revoked: set[TP]) -> None:
        """Commit nothing more for what goes."""
        await super().on_partitions_revoked(revoked)
        self._intake.forget(revoked)

    def _goes_on(self, generation: int) -> bool:
        return bool(self.flow_active) and bool(generation == self.app.consumer_generation_id)

    def _is_unaccounted(self, tp: TP) -> bool:
        """Whether a seek is owed before anything of a partition may be handed over: the one of its generation failed."""
        return tp.topic in EVENTS and tp not in self._coverage

    async def _follows(self, tp: TP, span: Span, active: Any) -> bool:
        """Whether to hand a span over: it was not fetched before a seek, Faust wants its partition, nothing is missing before.

        If it does not, it is fetched again.
        """
        place = self._thread.place(tp)
        if place is None or place.run != span.run:
            return False
        last = self._intake.handed_over.get(tp)
        missing = last is not None and last.run == span.run and span.begin > last.end
        if not missing and (active is None or tp in active or tp in self._buffered_partitions):
            return True
        back = last.end if last is not None and missing else span.begin
        log.warning("fetched and not handed on; fetching again", topic=tp.topic, partition=tp.partition, offset=back)
        with suppress(IllegalStateError):  # as above
            await self.seek(tp, back)
        return False

    def reached(self, tp: TP) -> int | None:
        """Offset up to which all is folded; control records and the like count as folded once they are passed."""
        return self._coverage.reached(tp) if self._intake.is_on_the_way(tp) else self._position(tp)

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
        """What is missing before a batch, the intake knows."""

    def _filter_tps_with_pending_acks(self, topics: Any = None) -> Any:
        return [tp for tp in self._coverage.committable() if topics is None or tp in topics or tp.topic in topics]

    def _new_offset(self, tp: TP) -> int | None:
        return self._coverage.take_offset(tp)

    def _should_commit(self, tp: TP, offset: int) -> bool:
        """Whatever account is kept of, and also below what was committed: where a log begins again."""
        del tp, offset
        return True


class BatchTransport(Transport):
    """The transport that brings batches."""

    Consumer: ClassVar[type[BatchConsumer]] = BatchConsumer

    def __init__(self, *args: Any, host: Host, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._host = host

    def create_consumer(self, callback: Callable[..., Any], **options: Any) -> BatchConsumer:
        """The consumer, with its host."""
        return self.Consumer(self, callback=callback, loop=self.loop, host=self._host, **options)
