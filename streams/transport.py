"""Faust's aiokafka transport, handing over what one fetch brought for a partition as one message, and ticks between.

Three things differ from Faust's own consumer, each measured to be needed (docs/decisions/0002-batches.md):

- `getmany` yields one message per (partition, fetch), and ticks when time has come for a partition.
- Commit positions come from the agent alone (`mark_done`): while it rebalances, Faust's stream skips messages of an
  older generation and acks them, so that what is acked is no proof of anything.
- Nothing fetched is dropped: a batch that starts above what is expected within one generation means seek back.

What differs below, where records are fetched, is `streams/fetching.py`.
"""

from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any, ClassVar, cast

from aiokafka.errors import IllegalStateError
from faust.serializers.schemas import Schema
from faust.transport.drivers.aiokafka import Consumer, Transport
from faust.types import TP
from faust.types.tuples import ConsumerMessage, Message, ack_lock
from mode.utils.futures import notify

from streams.batches import Batch, Record, Tick
from streams.fetching import FetchingThread
from streams.unreadable import UnreadableError, read_on

if TYPE_CHECKING:
    from streams.app import LeadApp

PATIENCE = 0.1
"""Seconds that a fetch waits for records before ticks get their turn."""
BETWEEN_TURNS = 0.005
"""The same while partitions take turns to look at their leads."""


class BatchConsumer(Consumer):
    """Consumer of batches. The worker's timekeeper says which ticks are due. Faust types every value as bytes."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        read_on()
        super().__init__(*args, **kwargs)
        self._done: dict[TP, int] = {}
        self._expected: dict[TP, int] = {}
        self._sought: dict[TP, int] = {}
        self._in_hand: dict[TP, int] = {}

    @property
    def _worker(self) -> "LeadApp":
        return cast("LeadApp", self.app)

    def _new_consumer_thread(self) -> FetchingThread:
        return FetchingThread(self, loop=self.loop, beacon=self.beacon)

    async def getmany(self, timeout: float) -> AsyncIterator[tuple[TP, Message]]:  # noqa: ASYNC109 - Faust's signature
        """Yield what one fetch brought, a message per partition, then the ticks that are due."""
        patience = BETWEEN_TURNS if self._worker.timekeeper.is_looking else PATIENCE
        records, active = await self._wait_next_records(min(timeout, patience))
        generation = self.app.consumer_generation_id
        if records is None or self.should_stop:
            return
        if not self.flow_active:
            with suppress(IllegalStateError):  # the partitions went away meanwhile: whoever owns them next seeks
                await self.perform_seek()
            return
        for tp, batch in records.items():
            if not self._goes_on(generation):
                return
            if tp.topic not in self._worker.event_topics:
                for record in batch:
                    yield tp, self._to_message(tp, record)
            elif (active is None or tp in active or tp in self._buffered_partitions) and await self._follows(tp, batch):
                self._expected[tp] = batch[-1].offset + 1
                self._in_hand.setdefault(tp, batch[0].offset)
                yield tp, self._message(tp, batch[-1], Batch(tp.partition, batch))
        async for tick in self._worker.timekeeper.due(self._position):
            if not self._goes_on(generation):
                return
            tp = self._worker.timekeeper.door(tick.partition)
            yield tp, self._tick_message(tp, tick)

    async def _wait_next_records(self, timeout: float) -> Any:  # noqa: ASYNC109 - Faust's signature
        """Wait for a fetch. Where one cannot be read, all that lies before is folded and committed first.

        So whoever gives up what cannot be read gives up no more than that.

        Raises:
            UnreadableError: a batch is damaged.

        """
        try:
            return await super()._wait_next_records(timeout)
        except UnreadableError:
            while self._in_hand and self.flow_active and not self.should_stop:
                await self.sleep(PATIENCE)
            await self.commit()
            raise

    def mark_done(self, message: Message) -> None:
        """Let the offset after a batch be committed: all that follows from it is durable."""
        if message.generation_id == self.app.consumer_generation_id:
            self._done[message.tp] = message.offset + 1
            if self._expected.get(message.tp) == message.offset + 1:
                self._in_hand.pop(message.tp, None)
            else:
                self._in_hand[message.tp] = message.offset + 1

    def ack(self, message: Message) -> bool:
        """The message is out of the agent's hands; what may be committed, `mark_done` says."""
        with ack_lock:
            if message.acked:
                return False
            message.acked = True
            self._unacked_messages.discard(message)
            self._n_acked += 1
            notify(self._waiting_for_ack)
            return True

    async def commit(self, *args: Any, **kwargs: Any) -> bool:
        """Commit; not in a worker that has crashed, where the thread that would do so may be gone and never answer."""
        return not self.crashed and bool(await super().commit(*args, **kwargs))

    async def perform_seek(self) -> None:
        """Go back to what is committed; nothing is expected before the next batch."""
        self._forget(self._expected.copy())
        await super().perform_seek()

    async def seek_to_committed(self) -> Mapping[TP, int]:
        """Go back to what is committed, and to the beginning where nothing is: there the client's own stays where it is.

        What was read in between, before the partition was open, would never be read again.
        """
        committed: Mapping[TP, int] = await super().seek_to_committed()
        never = [tp for tp, offset in committed.items() if not offset and tp.topic in self._worker.event_topics]
        if never:
            # Not by `seek_to_beginning`, which leaves a partition without any position while Faust looks at them.
            for tp, offset in (await self._worker.timekeeper.begins(never)).items():
                await self._seek(tp, offset)
        return committed

    async def on_partitions_revoked(self, revoked: set[TP]) -> None:
        """Commit nothing more for what goes."""
        await super().on_partitions_revoked(revoked)
        self._forget(revoked)
        for tp in revoked:
            self._done.pop(tp, None)

    def _forget(self, tps: Iterable[TP]) -> None:
        for tp in tps:
            self._expected.pop(tp, None)
            self._sought.pop(tp, None)
            self._in_hand.pop(tp, None)

    def _goes_on(self, generation: int) -> bool:
        return bool(self.flow_active) and bool(generation == self.app.consumer_generation_id)

    async def _follows(self, tp: TP, batch: Sequence[Record]) -> bool:
        """Whether the batch follows the last; if not, seek back once: what is still missing then is no longer there."""
        expected = self._expected.get(tp)
        if expected is None or batch[0].offset <= expected or self._sought.get(tp) == expected:
            return True
        self._sought[tp] = expected
        self.log.warning("%s jumped from %s to %s: seeking back", tp, expected, batch[0].offset)
        with suppress(IllegalStateError):  # as above
            await self.seek(tp, expected)
        return False

    def reached(self, tp: TP) -> int | None:
        """Offset up to which all is folded; control records and the like count as folded once they are passed."""
        return self._in_hand.get(tp, self._position(tp))

    def _position(self, tp: TP) -> int | None:
        """Offset of the next record that a fetch would bring: everything below has been yielded."""
        consumer = self._thread._consumer  # noqa: SLF001 - the driver's own, asked for each tick
        subscription = None if consumer is None else consumer._subscription.subscription  # noqa: SLF001
        assignment = None if subscription is None else subscription.assignment
        state = None if assignment is None or tp not in assignment.tps else assignment.state_value(tp)
        if state is None or not state.has_valid_position:
            return None
        return int(state.position)

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
        """Offsets inside a batch are no gap."""

    def _filter_tps_with_pending_acks(self, topics: Any = None) -> Any:
        return [tp for tp in self._done if topics is None or tp in topics or tp.topic in topics]

    def _new_offset(self, tp: TP) -> int | None:
        return self._done.pop(tp, None)


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
