"""Partitions change hands: what went to others is dropped, what came is recovered, and opened once the group agrees.

A partition is kept only from one generation of the group to the next: after a longer absence somebody else may have
owned it in between.
"""

import asyncio
from collections.abc import Callable, Collection, MutableMapping
from time import monotonic

from structlog import get_logger

from streams.health.worker_health import PartitionProgress, Phase
from streams.partitions.recovery import RecoveredPartition, Recovery
from streams.pipeline.opening import Opener
from streams.pipeline.processor import Processor
from streams.pipeline.timekeeper import Timekeeper

log = get_logger("leadsla")


class Handover:
    """Takes what the group assigns; `generation` says which one the group is at."""

    def __init__(
        self,
        generation: Callable[[], int],
        recovery: Recovery,
        opener: Opener,
        processor: Processor,
        timekeeper: Timekeeper,
    ) -> None:
        self._generation = generation
        self._recovery = recovery
        self._lead_tables = recovery.lead_tables
        self._opener = opener
        self._processor = processor
        self._timekeeper = timekeeper
        self._health = processor.health
        self._ownership = processor.ownership
        self._taken_in = -1
        self._active: set[int] = set()
        self._recovered: dict[int, RecoveredPartition] = {}
        self._hidden = True
        self._changing = asyncio.Lock()

    def hide(self, revoked: Collection[int]) -> None:
        """Show nothing while partitions change hands."""
        self._hidden = self._ownership.recovering = True
        self._health.enter(Phase.JOINING, monotonic())
        log.info("waiting for the group to divide the partitions", given_back=sorted(revoked))

    async def take(self, active: set[int], generation: int) -> Collection[MutableMapping[bytes, bytes]]:
        """Drop what went to others and recover what came in a generation; the leads of all.

        Raises:
            UndeliveredError: something that was in flight could not be delivered.
            aiokafka.errors.KafkaError: no broker answers.

        """
        async with self._changing:
            # Faust has waited already, since what is in flight is not acknowledged: nothing of it meets the new states.
            await self._processor.in_flight.all_ended()
            await self._take(active, generation)
        return self._lead_tables.leads.values()

    async def _take(self, active: set[int], generation: int) -> None:
        owned = self._active & self._ownership.partitions.keys()
        kept = active & owned if generation == self._taken_in + 1 else set()
        self._taken_in, self._active, self._hidden = generation, active, False
        self._ownership.keep_only(kept)
        self._health.enter(Phase.LOADING, monotonic())
        self._health.partitions.clear()
        self._lead_tables.keep_only(kept)
        log.info("joined", partitions=sorted(active), kept=sorted(kept), generation=generation)
        self._timekeeper.forget()
        self._processor.delivery.write_as(generation)
        self._recovered = await self._recovery.recover(active - kept)
        for partition, recovered in self._recovered.items():
            for topic, end in recovered.ends.items():
                self._ownership.offsets.begin(topic, partition, end)
            self._ownership.offsets.leave(partition, recovered.figures.foreign_writes)

    async def open(self) -> None:
        """Let what was recovered be seen and time begin for it.

        A rebalance does not wait for the opening that it interrupts. What was recovered for an earlier generation must
        not be opened then: another may have owned it since.

        Raises:
            QuarantineLimitError: too many leads of a partition cannot be judged.
            UndeliveredError: something could not be delivered.

        """
        async with self._changing:
            if self._taken_in == self._generation():
                await self._open()

    async def _open(self) -> None:
        for partition, recovered in self._recovered.items():
            owned = self._ownership.partitions[partition] = self._opener.opened(partition, recovered)
            await self._processor.open(owned, partition, set_back=self._timekeeper.is_ahead(owned))
        self._recovered = {}
        if self._hidden:
            return
        now = monotonic()
        self._health.partitions = {partition: PartitionProgress(now) for partition in self._ownership.partitions}
        self._health.enter(Phase.SERVING, now)
        self._ownership.recovering = False
        log.info("partitions opened", partitions=sorted(self._ownership.partitions))
