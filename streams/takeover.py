"""Reading a partition in bulk when it is taken over: its leads, what was told of them, and the figures told."""

from collections.abc import Callable, Iterable, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field
from time import monotonic
from typing import Final

from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition
from structlog import get_logger

from sla_rules.engine.state_merge import merge_states, supersedes
from sla_rules.figures.windows import Figures, WindowKey, read_record
from sla_rules.instants import HOUR, Duration
from sla_rules.names import BREACHES_TOPIC, PERIODS_TOPIC
from streams.connection import new_consumer
from streams.ledger import generation_of
from streams.rocks import RocksLeads
from streams.settings import Settings
from streams.topics import TOMBSTONES_KEPT

log = get_logger("leadsla")

Progress = Callable[[int, int], None]
"""Told how many records more have been read, and how many there are about."""
_TOO_OLD: Final[Duration] = TOMBSTONES_KEPT // 2
"""Age from which on what lies on disk is not read on from."""
LeadsOf = Callable[[int], MutableMapping[bytes, bytes]]
"""Where the leads of a partition go."""


@dataclass(frozen=True, slots=True)
class Estate:
    """What the last owner of a partition left: states by lead, breach records, figures; where each topic ends."""

    leads: MutableMapping[bytes, bytes]
    told: tuple[bytes, ...]
    figures: dict[WindowKey, Figures]
    ends: dict[str, int]


async def read_estates(
    settings: Settings, changelog: str, partitions: Iterable[int], progress: Progress, leads_of: LeadsOf
) -> dict[int, Estate]:
    """The estates of partitions, each topic read once from its beginning to where it ends now.

    Of the changelog, what lies on disk already is not read again.
    """
    wanted = sorted(partitions)
    if not wanted:
        return {}
    began = monotonic()
    consumer = new_consumer(settings)
    await consumer.start()
    try:
        topics = (changelog, BREACHES_TOPIC, PERIODS_TOPIC)
        tps = [TopicPartition(topic, partition) for topic in topics for partition in wanted]
        stores = {tp: leads_of(tp.partition) if tp.topic == changelog else {} for tp in tps}
        ends = await _last_values(consumer, stores, progress)
    finally:
        await consumer.stop()
    estates = {}
    for partition in wanted:
        leads, told, figures = (stores[TopicPartition(topic, partition)] for topic in topics)
        records = (read_record(value) for value in figures.values())
        ended = {topic: ends[TopicPartition(topic, partition)] for topic in topics}
        estates[partition] = Estate(leads, tuple(told.values()), dict(records), ended)
    total = sum(len(estate.leads) for estate in estates.values())
    log.info("partitions loaded", partitions=wanted, leads=total, seconds=round(monotonic() - began, 3))
    return estates


async def _last_values(
    consumer: AIOKafkaConsumer, stores: Mapping[TopicPartition, MutableMapping[bytes, bytes]], progress: Progress
) -> dict[TopicPartition, int]:
    """Put the last value of each key into its store, tombstones taken out; the offsets the partitions end at."""
    tps = list(stores)
    consumer.assign(tps)
    ends: dict[TopicPartition, int] = await consumer.end_offsets(tps)
    begins = await consumer.beginning_offsets(tps)
    begins |= {tp: _resumed(on_disk, begins[tp], ends[tp]) for tp, on_disk in _on_disk(stores)}
    behind = {tp for tp in tps if begins[tp] < ends[tp]}
    to_read = sum(ends[tp] - begins[tp] for tp in tps)
    log.info("loading partitions", partitions=sorted({tp.partition for tp in tps}), records=to_read)
    readers = {tp: _Reader(stores[tp]) for tp in tps}
    for tp in tps:
        consumer.seek(tp, begins[tp])
    while behind:
        for tp, records in (await consumer.getmany(*behind, timeout_ms=200)).items():
            readers[tp].take(records)
            progress(len(records), to_read)
        behind = {tp for tp in behind if await consumer.position(tp) < ends[tp]}
    for tp, on_disk in _on_disk(stores):
        on_disk.settle_all(ends[tp])
    return ends


@dataclass(slots=True)
class _Reader:
    """Puts records of one partition into a store; `foreign` are keys whose value another generation wrote.

    A state takes the place of one that another owner wrote only if it knows as much: of two owners, one may not have known
    of the other. Else they join. That a lead left counts unless its owner had been succeeded.
    """

    values: MutableMapping[bytes, bytes]
    generation: int = 0
    foreign: set[bytes] = field(default_factory=set)

    def take(self, records: Sequence[ConsumerRecord]) -> None:
        for record in records:
            self._put(record)
        if isinstance(self.values, RocksLeads):
            self.values.settle_all(records[-1].offset + 1)

    def _put(self, record: ConsumerRecord) -> None:
        values, written_in = self.values, generation_of(record.headers)
        if record.value is None:
            if written_in >= self.generation:
                values.pop(record.key, None)
            return
        if written_in > self.generation:
            self.generation, self.foreign = written_in, set(values)
        if written_in == self.generation and record.key not in self.foreign:
            values[record.key] = record.value
            return
        known = values.get(record.key, record.value)
        if written_in == self.generation and supersedes(record.value, known):
            self.foreign.discard(record.key)
            values[record.key] = record.value
        else:
            values[record.key] = merge_states(known, record.value)
            self.foreign.add(record.key)


def _on_disk(stores: Mapping[TopicPartition, object]) -> list[tuple[TopicPartition, RocksLeads]]:
    return [(tp, values) for tp, values in stores.items() if isinstance(values, RocksLeads)]


def _resumed(leads: RocksLeads, begin: int, end: int) -> int:
    """Where to read on; from the beginning, into an empty store, where what is on disk is not of this changelog, or old.

    Of leads that left since it was written, what says so may be compacted away by then; they would come back.
    """
    mark = leads.mark
    if mark is not None:
        if not begin <= mark.offset <= end:
            why = "what lies on disk is not of this changelog; reading all of it"
        elif mark.age > _TOO_OLD:
            why = "what lies on disk is old; reading all of the changelog"
        else:
            return mark.offset
        log.warning(why, mark=mark.offset, begin=begin, end=end, hours_ago=round(mark.age / HOUR, 1))
    leads.empty()
    return begin
