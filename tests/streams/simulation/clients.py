"""The worker's own clients over a broker in memory, with the part of aiokafka's that the shell uses."""

import asyncio
from collections.abc import Collection, Sequence
from typing import Any, NamedTuple, Self

from faust.types import TP

from tests.streams.simulation.broker import Broker, Kept

_IN_A_BATCH = 100


class Metadata(NamedTuple):
    """Where a batch was written."""

    offset: int


class Batch:
    """A batch under way."""

    def __init__(self) -> None:
        self.records: list[tuple[bytes | None, bytes | None, Sequence[tuple[str, bytes]]]] = []

    def append(
        self, *, key: bytes | None, value: bytes | None, headers: Sequence[tuple[str, bytes]], timestamp: int
    ) -> object | None:
        """Take a record in, if there is room."""
        del timestamp
        if len(self.records) >= _IN_A_BATCH:
            return None
        self.records.append((key, value, headers))
        return self

    def close(self) -> None:
        """Nothing more comes."""

    def record_count(self) -> int:
        """How many records it has."""
        return len(self.records)


class Producer:
    """A producer whose batches arrive after the time that the broker takes, in order; `dead` once its worker is killed."""

    def __init__(self, broker: Broker) -> None:
        self._broker = broker
        self._last: asyncio.Future[Any] | None = None
        self.dead = False

    async def start(self) -> None:
        """Nothing to connect."""

    async def stop(self) -> None:
        """Nothing to close."""

    def create_batch(self) -> Batch:
        """An empty batch."""
        return Batch()

    async def partitions_for(self, topic: str) -> set[int]:
        """The partitions of a topic."""
        del topic
        return set(range(self._broker.partitions))

    async def send_batch(self, batch: Batch, topic: str, *, partition: int) -> asyncio.Future[Metadata]:
        """Send a batch; the future has the offset of its first record."""
        self._last = asyncio.ensure_future(self._deliver(self._last, batch, TP(topic, partition)))
        return self._last

    async def _deliver(self, before: "asyncio.Future[Any] | None", batch: Batch, tp: TP) -> Metadata:
        if before is not None:
            await asyncio.wait([before])
        await self._broker.answer()
        if self.dead:
            await asyncio.get_running_loop().create_future()
        offsets = [self._broker.append(tp, key, value, headers) for key, value, headers in batch.records]
        await asyncio.sleep(self._broker.chance.uniform(0, 0.002))
        return Metadata(offsets[0])


class Consumer:
    """A consumer without a group."""

    def __init__(self, broker: Broker) -> None:
        self._broker = broker
        self._positions: dict[TP, int] = {}

    async def start(self) -> None:
        """Nothing to connect."""

    async def stop(self) -> None:
        """Nothing to close."""

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        pass

    def assign(self, tps: Collection[Any]) -> None:
        """Read these."""
        self._positions = {TP(*tp): 0 for tp in tps}

    def seek(self, tp: Any, offset: int) -> None:
        """Read from an offset on."""
        self._positions[TP(*tp)] = offset

    async def position(self, tp: Any) -> int:
        """Where a partition is read."""
        return self._positions[TP(*tp)]

    async def end_offsets(self, tps: Collection[Any]) -> dict[Any, int]:
        """Where logs end."""
        await self._broker.answer()
        return {tp: self._broker.logs[TP(*tp)].end for tp in tps}

    async def beginning_offsets(self, tps: Collection[Any]) -> dict[Any, int]:
        """Where logs begin."""
        await self._broker.answer()
        return {tp: self._broker.logs[TP(*tp)].start for tp in tps}

    async def getmany(self, *tps: Any, timeout_ms: int = 0) -> dict[Any, list[Kept]]:
        """All that lies ahead."""
        del timeout_ms
        await self._broker.answer()
        found = {}
        for tp in tps:
            log = self._broker.logs[TP(*tp)]
            records, self._positions[TP(*tp)] = log.below(self._positions[TP(*tp)], len(log.records))
            if records:
                found[tp] = records
        return found
