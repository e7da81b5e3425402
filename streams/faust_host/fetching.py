"""How records are fetched: committed ones alone, partitions in turn, no more than memory allows, whatever becomes of a topic."""

import asyncio
from asyncio import AbstractEventLoop
from collections.abc import Mapping
from typing import Any, Final, cast

from aiokafka import AIOKafkaConsumer
from faust.transport.drivers.aiokafka import AIOKafkaConsumerThread
from faust.types import TP
from structlog import get_logger

from streams.faust_host.steady_group import keep_steady
from streams.kafka.committed import sign_commits
from streams.kafka.connection import COMMITTED
from streams.kafka.steady_clients import ask_with_pauses, end_when_cancelled
from streams.reading.budget import half_read, is_full
from streams.reading.spans import Fetched, Place, place_of

log = get_logger("leadsla")

PAUSE: Final = 0.02
"""Seconds to wait while there is too much in hand."""
_NONE: Final = -1
"""What the broker answers where nothing is committed."""


class FetchingThread(AIOKafkaConsumerThread):
    """Faust's, which reads what is committed alone only where it writes in transactions of its own, and takes no turns.

    The client hands over all it has of one partition before it comes to the next. While what followed from one batch is
    on its way out, the next would be of the same partition, and have to wait for it. Where large batches are half read, they
    come first: each takes its memory until it is read to its end.
    """

    _last: int | None = None
    leave_within: float = 60.0
    """Seconds that leaving the group may take."""

    async def on_start(self) -> None:
        """Open the consumer."""
        await super().on_start()
        keep_steady(self._consumer)
        end_when_cancelled(self._ensure_consumer()._fetcher)  # noqa: SLF001 - as above
        sign_commits(self._consumer)

    async def on_thread_stop(self) -> None:
        """Leave the group and close the consumer; a broker that does not answer keeps nobody."""
        try:
            async with asyncio.timeout(self.leave_within):
                await super().on_thread_stop()
        except TimeoutError:
            log.warning("the group is left without a word: its coordinator does not answer")
            await self._ensure_consumer()._client.close()  # noqa: SLF001 - it has no other door

    def _stopped_set(self) -> None:
        """Say that it is to end; where it has crashed, it has closed its loop itself, and nobody in there is to be told."""
        try:
            super()._stopped_set()
        except RuntimeError:
            self._stopped.set()

    async def join_again(self) -> None:
        """Have the group divide its partitions again."""

        async def ask() -> None:
            self._ensure_consumer()._coordinator.request_rejoin()  # noqa: SLF001 - only here it can be asked for

        await self.call_thread(ask)

    def _create_consumer(self, loop: AbstractEventLoop) -> AIOKafkaConsumer:
        consumer = super()._create_consumer(loop)
        consumer._isolation_level = COMMITTED  # noqa: SLF001 - it is read when the consumer starts
        ask_with_pauses(consumer._client)  # noqa: SLF001 - it has no other door
        return consumer

    async def _fetch_records(
        self,
        consumer: AIOKafkaConsumer,
        active_partitions: set[TP] | None,
        timeout: float | None = None,  # noqa: ASYNC109 - Faust's signature
        max_records: int | None = None,
    ) -> dict[TP, Fetched]:
        if is_full():
            await asyncio.sleep(PAUSE)
            return {}
        active = active_partitions or {TP(*tp) for tp in consumer.assignment()}
        others = active & half_read() or {tp for tp in active if tp.partition != self._last}
        found = await super()._fetch_records(consumer, others, 0, max_records) if others else {}
        if not found:
            found = await super()._fetch_records(consumer, active, timeout, max_records)
        for tp in found:
            self._last = tp.partition
        return cast("dict[TP, Fetched]", found)

    async def seek_to_committed(self) -> Mapping[TP, Any]:
        """Go back to what is committed, all partitions at once: Faust's asks the broker for one after the other.

        Raises:
            IllegalStateError: a partition went away meanwhile.

        """
        return cast("Mapping[TP, Any]", await self.call_thread(self._seek_to_committed))

    async def _seek_to_committed(self) -> Mapping[TP, int | None]:
        consumer = self._ensure_consumer()
        tps = consumer.assignment()
        found = await consumer._coordinator.fetch_committed_offsets(list(tps))  # noqa: SLF001 - `committed` asks for one
        committed: dict[TP, int | None] = {}
        for tp in tps:
            offset = found[tp].offset if tp in found else _NONE
            committed[TP(*tp)] = None if offset == _NONE else offset
            if offset > 0:
                consumer.seek(tp, offset)
        return committed

    async def seek_there(self, tp: TP, offset: int) -> None:
        """Seek in this thread."""

        async def seek() -> None:
            self.seek(tp, offset)

        await self.call_thread(seek)

    def place(self, tp: TP) -> Place | None:
        """Where a partition of a topic is read; None while it is not."""
        subscription = None if self._consumer is None else self._consumer._subscription.subscription  # noqa: SLF001 - the driver's own, asked for each tick
        return place_of(None if subscription is None else subscription.assignment, tp)
