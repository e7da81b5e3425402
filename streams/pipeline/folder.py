"""What follows from a batch or a tick: decoded and folded into the partition, and put together to be written."""

from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from typing import Final

from structlog import get_logger

from sla_rules.engine.changes import Changes
from sla_rules.figures.period_records import window_of
from sla_rules.figures.windows import WindowKey
from sla_rules.formats import UnknownFormatError
from sla_rules.instants import SECOND, Instant, iso
from sla_rules.names import BREACHES_TOPIC, CLOCKS_TOPIC, FORWARDED_TOPIC, PERIODS_TOPIC
from streams.clock import Clock
from streams.kafka.partitioning import partition_of
from streams.kafka.patience import answered
from streams.partitions.offset_tracker import ForeignWrite, read_foreign_write
from streams.partitions.ownership import Owned
from streams.pipeline.batches import Batch, Tick
from streams.pipeline.decode import Decoded, Decoder
from streams.pipeline.output import OutputBatch, output_of
from streams.pipeline.quarantine_limit import of_partition
from streams.pipeline.refusals import reject_known, reject_refused
from streams.pipeline.rejection_guard import RejectionGuard
from streams.reading.records import arrival_of
from streams.settings import Settings

log = get_logger("leadsla")

LEADS_PER_TICK: Final = 2_000
"""Verdicts that one tick lets time decide; the rest follow with the next, after the events between."""


class Folder:
    """Folds what comes into owned partitions. Nothing is written here."""

    def __init__(self, settings: Settings, clock: Clock, partitions: int) -> None:
        self.clock = clock
        self._settings = settings
        self._partitions = partitions
        self._decoder = Decoder(partitions, round(settings.future_tolerated_seconds * SECOND))
        self._guard = RejectionGuard(settings, self._decoder)

    async def batch(self, owned: Owned, batch: Batch) -> OutputBatch:
        """Fold events.

        Raises:
            RejectionLimitError: more of the partition would have to be dead-lettered than is allowed.
            QuarantineLimitError: too many leads of the partition cannot be judged.

        """
        decoded = self._decoder.decode(batch.records, owned.state)
        backfill = owned.state.backfill
        if decoded.begun is not None:
            backfill.begin(decoded.begun)
        with of_partition(batch.partition, self._settings):
            changes = owned.state.fold(decoded.facts, decoded.uncounted)
        if decoded.ended is not None:
            backfill.end(decoded.ended)
        reject_refused(changes, decoded, batch.records, batch.partition)
        await self._guard.check(owned, batch, decoded)
        # What a merger forwards was told before, of another lead.
        sources = {} if batch.topic == FORWARDED_TOPIC else decoded.sources
        owned.arrivals.take({batch.topic: arrival_of(batch.records[-1])}, sources)
        return output_of(owned, batch.partition, changes, decoded, self.clock(), batch.topic)

    def tick(self, owned: Owned, tick: Tick) -> OutputBatch:
        """Let time pass.

        Raises:
            QuarantineLimitError: too many leads of the partition cannot be judged.

        """
        if tick.back_to is not None:
            return self.set_back(owned, tick.partition, tick.back_to)
        changes = Changes()
        if tick.now is not None or tick.scan_budget:
            now = owned.state.now if tick.now is None else tick.now
            with of_partition(tick.partition, self._settings):
                changes = owned.state.advance_to(now, LEADS_PER_TICK, tick.scan_budget)
        return self._output(owned, tick.partition, changes)

    def set_back(self, owned: Owned, partition: int, now: Instant) -> OutputBatch:
        """Set back a partition whose time, or that of its former owner, was ahead of the broker's clock.

        Raises:
            QuarantineLimitError: too many leads of the partition cannot be judged.

        """
        with of_partition(partition, self._settings):
            changes = owned.state.set_back(now)
        log.warning(
            "time was ahead of the broker's clock: it is set back, and what was published too early is retracted",
            partition=partition,
            now=iso(now),
            retracted=len(changes.notices),
        )
        return self._output(owned, partition, changes)

    def watch(self, owned: Owned, partition: int) -> OutputBatch:
        """Begin to watch the deliverables of a partition that was just opened."""
        keys = [key.encode() for key in owned.state.rules.deliverables]
        own = [key for key in keys if partition_of(key, self._partitions) == partition]
        return output_of(owned, partition, owned.state.watch(own, self.clock()), Decoded(), self.clock())

    async def absorb(self, owned: Owned, partition: int, writes: Sequence[ForeignWrite]) -> OutputBatch:
        """Take in what a former owner wrote late, so that it is written over with what is right.

        Raises:
            aiokafka.errors.KafkaError: the broker refuses.
            QuarantineLimitError: too many leads of the partition cannot be judged.

        """
        states: list[tuple[bytes, bytes | None]] = []
        notices: list[tuple[str, bytes | None]] = []
        figures: list[WindowKey] = []
        clocks: list[bytes] = []
        for write in writes:
            log.warning(
                "a former owner wrote late; absorbing it",
                topic=write.topic,
                partition=partition,
                records=write.end - write.first,
            )
            read = partial(read_foreign_write, self._settings, write, partition)
            for key, value in await answered(read, "absorbing what a former owner wrote"):
                if write.topic == BREACHES_TOPIC:
                    notices.append((key.decode(), value))
                elif write.topic == PERIODS_TOPIC:
                    # By the key: whatever was written there, and be it nothing, is written over.
                    with suppress(UnknownFormatError):
                        figures.append(window_of(key)[0])
                elif write.topic == CLOCKS_TOPIC:
                    clocks.append(key)
                else:
                    states.append((key, value))
        with of_partition(partition, self._settings):
            changes = owned.state.absorb_foreign_writes(states, notices, figures, clocks)
        return self._output(owned, partition, changes)

    def _output(self, owned: Owned, partition: int, changes: Changes) -> OutputBatch:
        """What no batch has brought; facts that were known and cannot be kept are rejected."""
        return output_of(owned, partition, changes, reject_known(changes, partition), self.clock())
