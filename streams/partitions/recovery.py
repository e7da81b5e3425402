"""Recovering partitions when a worker comes to own them: leads, the notices and figures published of them, read in bulk."""

from collections.abc import Collection, Mapping, MutableMapping
from dataclasses import dataclass
from time import monotonic
from typing import Final

from aiokafka import AIOKafkaConsumer, TopicPartition
from structlog import get_logger

from sla_rules.instants import HOUR, Duration
from sla_rules.names import BREACHES_TOPIC, CLOCKS_TOPIC, PERIODS_TOPIC
from streams.health.worker_health import WorkerHealth
from streams.kafka.connection import new_consumer
from streams.kafka.patience import answered
from streams.kafka.topics import TOMBSTONES_KEPT, changelog_of
from streams.partitions.disk_store import Mark, RocksLeads
from streams.partitions.last_values import LastValues
from streams.partitions.lead_tables import LeadTables
from streams.partitions.readable_figures import ReadableFigures, readable_figures
from streams.partitions.restoring import Restoring
from streams.settings import Settings

log = get_logger("leadsla")

TOO_OLD: Final[Duration] = TOMBSTONES_KEPT // 2
"""Age from which on what lies on disk is not read on from."""


@dataclass(frozen=True, slots=True)
class RecoveredPartition:
    """What the last owner of a partition left: states by lead, breach records, figures; where each topic ends.

    `lost` are the topics that no longer hold all that was written to them, `clocks` the leads that have records of open clocks there
    where that has to be known, since those are among them.
    """

    leads: MutableMapping[bytes, bytes]
    notices: tuple[bytes, ...]
    figures: ReadableFigures
    ends: dict[str, int]
    lost: frozenset[str] = frozenset()
    clocks: Collection[bytes] = ()


class Keys(dict[bytes, bytes]):
    """A store of keys that forgets values."""

    def __setitem__(self, key: bytes, value: bytes) -> None:
        """Keep the key."""
        super().__setitem__(key, b"")


class Recovery:
    """Reads what is left of partitions; those whose leads nobody knows any more are left alone."""

    def __init__(self, settings: Settings, lead_tables: LeadTables, restoring: Restoring, health: WorkerHealth) -> None:
        self._settings = settings
        self.lead_tables = lead_tables
        self._restoring = restoring
        self._health = health
        self._topics = (changelog_of(settings), BREACHES_TOPIC, PERIODS_TOPIC)
        self._clocks = (CLOCKS_TOPIC,) if settings.clocks else ()

    async def recover(self, partitions: set[int]) -> dict[int, RecoveredPartition]:
        """Each topic of the partitions, read once from its beginning to where it ends now.

        Of the changelog, what lies on disk already is not read again; of the open clocks, nothing that is not lost. Waits while no
        broker answers.

        Raises:
            aiokafka.errors.KafkaError: the broker refuses.
            DataDirError: the disk cannot be used.

        """
        kept = self.lead_tables.leads.keys() - partitions

        async def recover() -> dict[int, RecoveredPartition]:
            self.lead_tables.keep_only(kept)  # what an earlier attempt has opened
            lost = await self._restoring.lost_of(partitions, monotonic())
            wanted = sorted(partitions - self._restoring.left_alone)
            return await self._read(wanted, lost) if wanted else {}

        return await answered(recover, "loading partitions")

    async def _read(self, partitions: list[int], lost: Mapping[str, set[int]]) -> dict[int, RecoveredPartition]:
        began = monotonic()
        changelog, topics = self._topics[0], self._topics
        consumer = new_consumer(self._settings)
        await consumer.start()
        try:
            tps = [TopicPartition(topic, partition) for topic in topics for partition in partitions]
            stores = {tp: self.lead_tables.open(tp.partition) if tp.topic == changelog else {} for tp in tps}
            found = {TopicPartition(topic, partition): Keys() for topic in self._clocks for partition in partitions}
            whole = {tp for tp in found if tp.partition not in lost[tp.topic]}
            ends = await self._read_last_values(consumer, {**stores, **found}, whole)
        finally:
            await consumer.stop()
        recovered = {}
        for partition in partitions:
            leads, notices, values = (stores[TopicPartition(topic, partition)] for topic in topics)
            figures = await readable_figures(self._settings, partition, values)
            recovered[partition] = RecoveredPartition(
                leads,
                tuple(notices.values()),
                figures,
                {topic: ends[TopicPartition(topic, partition)] for topic in (*topics, *self._clocks)},
                frozenset(topic for topic, numbers in lost.items() if partition in numbers),
                found.get(TopicPartition(CLOCKS_TOPIC, partition), ()),
            )
        total = sum(len(one.leads) for one in recovered.values())
        log.info("partitions loaded", partitions=partitions, leads=total, seconds=round(monotonic() - began, 3))
        return recovered

    async def _read_last_values(
        self,
        consumer: AIOKafkaConsumer,
        stores: Mapping[TopicPartition, MutableMapping[bytes, bytes]],
        passed_over: Collection[TopicPartition],
    ) -> dict[TopicPartition, int]:
        """Put the last value of each key into its store, tombstones taken out; the offsets the partitions end at."""
        tps = list(stores)
        consumer.assign(tps)
        ends: dict[TopicPartition, int] = await consumer.end_offsets(tps)
        begins = await consumer.beginning_offsets(tps)
        begins |= {tp: _resumed(on_disk, begins[tp], ends[tp]) for tp, on_disk in _on_disk(stores)}
        begins |= {tp: ends[tp] for tp in passed_over}
        behind = {tp for tp in tps if begins[tp] < ends[tp]}
        to_read = sum(ends[tp] - begins[tp] for tp in tps)
        log.info("loading partitions", partitions=sorted({tp.partition for tp in tps}), records=to_read)
        readers = {tp: LastValues(stores[tp]) for tp in tps}
        for tp in tps:
            consumer.seek(tp, begins[tp])
        while behind:
            for tp, records in (await consumer.getmany(*behind, timeout_ms=200)).items():
                readers[tp].take(records)
                self._health.to_read = to_read
                self._health.loaded(len(records), monotonic())
            behind = {tp for tp in behind if await consumer.position(tp) < ends[tp]}
        for tp, on_disk in _on_disk(stores):
            on_disk.settle_all(ends[tp])
        return ends


def _on_disk(stores: Mapping[TopicPartition, object]) -> list[tuple[TopicPartition, RocksLeads]]:
    return [(tp, values) for tp, values in stores.items() if isinstance(values, RocksLeads)]


def objection_to(mark: Mark, begin: int, end: int) -> str | None:
    """Why a changelog from `begin` to `end` is not read on from what lies on disk; None where it is.

    Of leads that left since that was written, what says so may be compacted away by then; they would come back.
    """
    if not begin <= mark.offset <= end:
        return "what lies on disk is not of this changelog; reading all of it"
    return "what lies on disk is old; reading all of the changelog" if mark.age > TOO_OLD else None


def _resumed(leads: RocksLeads, begin: int, end: int) -> int:
    """Where to read on; from the beginning, into an empty store, where what is on disk is of no use."""
    mark = leads.mark
    if mark is not None:
        why = objection_to(mark, begin, end)
        if why is None:
            return mark.offset
        log.warning(why, mark=mark.offset, begin=begin, end=end, hours_ago=round(mark.age / HOUR, 1))
    leads.empty()
    return begin
