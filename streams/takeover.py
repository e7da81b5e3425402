"""Reading a partition in bulk when it is taken over: its leads, what was told of them, and the figures told."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from time import monotonic

from aiokafka import AIOKafkaConsumer, TopicPartition
from structlog import get_logger

from sla_rules.contested import follows, joined
from sla_rules.names import BREACHES_TOPIC, PERIODS_TOPIC
from sla_rules.windows import Figures, WindowKey, read_record
from streams.connection import new_consumer
from streams.ledger import generation_of
from streams.settings import Settings

log = get_logger("leadsla")

Progress = Callable[[int, int], None]
"""Told how many records more have been read, and how many there are about."""


@dataclass(frozen=True, slots=True)
class Estate:
    """What the last owner of a partition left: states by lead, breach records, figures; where each topic ends."""

    leads: dict[bytes, bytes]
    told: tuple[bytes, ...]
    figures: dict[WindowKey, Figures]
    ends: dict[str, int]


async def read_estates(
    settings: Settings, changelog: str, partitions: Iterable[int], progress: Progress
) -> dict[int, Estate]:
    """The estates of partitions, each topic read once from its beginning to where it ends now."""
    wanted = sorted(partitions)
    if not wanted:
        return {}
    began = monotonic()
    consumer = new_consumer(settings)
    await consumer.start()
    try:
        topics = (changelog, BREACHES_TOPIC, PERIODS_TOPIC)
        tps = [TopicPartition(topic, partition) for topic in topics for partition in wanted]
        found, ends = await _last_values(consumer, tps, progress)
    finally:
        await consumer.stop()
    estates = {}
    for partition in wanted:
        leads, told, figures = (found[TopicPartition(topic, partition)] for topic in topics)
        records = (read_record(value) for value in figures.values())
        ended = {topic: ends[TopicPartition(topic, partition)] for topic in topics}
        estates[partition] = Estate(leads, tuple(told.values()), dict(records), ended)
    total = sum(len(estate.leads) for estate in estates.values())
    log.info("partitions loaded", partitions=wanted, leads=total, seconds=round(monotonic() - began, 3))
    return estates


async def _last_values(
    consumer: AIOKafkaConsumer, tps: list[TopicPartition], progress: Progress
) -> tuple[dict[TopicPartition, dict[bytes, bytes]], dict[TopicPartition, int]]:
    """The last value of each key by partition, tombstones taken out, and the offsets the partitions end at.

    A state takes the place of one that another owner wrote only if it knows as much: of two owners, one may not have known
    of the other. Else they join. That a lead left counts unless its owner had been succeeded.
    """
    consumer.assign(tps)
    ends = await consumer.end_offsets(tps)
    begins = await consumer.beginning_offsets(tps)
    found: dict[TopicPartition, dict[bytes, bytes]] = {tp: {} for tp in tps}
    behind = {tp for tp in tps if begins[tp] < ends[tp]}
    to_read = sum(ends[tp] - begins[tp] for tp in tps)
    log.info("loading partitions", partitions=sorted({tp.partition for tp in tps}), records=to_read)
    for tp in tps:
        consumer.seek(tp, begins[tp])
    newest = dict.fromkeys(tps, 0)
    earlier: dict[TopicPartition, set[bytes]] = {tp: set() for tp in tps}
    while behind:
        for tp, records in (await consumer.getmany(*behind, timeout_ms=200)).items():
            values, generation, foreign = found[tp], newest[tp], earlier[tp]
            for record in records:
                written_in = generation_of(record.headers)
                if record.value is None:
                    if written_in >= generation:
                        values.pop(record.key, None)
                    continue
                if written_in > generation:
                    generation, foreign = written_in, set(values)
                if written_in == generation and record.key not in foreign:
                    values[record.key] = record.value
                    continue
                known = values.get(record.key, record.value)
                if written_in == generation and follows(record.value, known):
                    foreign.discard(record.key)
                    values[record.key] = record.value
                else:
                    values[record.key] = joined(known, record.value)
                    foreign.add(record.key)
            newest[tp], earlier[tp] = generation, foreign
            progress(len(records), to_read)
        behind = {tp for tp in behind if await consumer.position(tp) < ends[tp]}
    return found, ends
