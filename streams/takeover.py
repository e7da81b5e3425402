"""Reading a partition in bulk when it is taken over: its leads, what was told of them, and the figures told."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from time import monotonic

from aiokafka import AIOKafkaConsumer, TopicPartition
from structlog import get_logger

from sla_rules.names import BREACHES_TOPIC, PERIODS_TOPIC
from sla_rules.windows import Figures, WindowKey, read_record
from streams.connection import new_consumer
from streams.settings import Settings

log = get_logger("leadsla")

Progress = Callable[[int, int], None]
"""Told how many records more have been read, and how many there are about."""


@dataclass(frozen=True, slots=True)
class Estate:
    """What the last owner of a partition left: states by lead, breach records, figures; `end` of the changelog."""

    leads: dict[bytes, bytes]
    told: tuple[bytes, ...]
    figures: dict[WindowKey, Figures]
    end: int


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
        estates[partition] = Estate(
            leads, tuple(told.values()), dict(records), ends[TopicPartition(changelog, partition)]
        )
    total = sum(len(estate.leads) for estate in estates.values())
    log.info("partitions loaded", partitions=wanted, leads=total, seconds=round(monotonic() - began, 3))
    return estates


async def _last_values(
    consumer: AIOKafkaConsumer, tps: list[TopicPartition], progress: Progress
) -> tuple[dict[TopicPartition, dict[bytes, bytes]], dict[TopicPartition, int]]:
    """The last value of each key by partition, tombstones taken out, and the offsets the partitions end at."""
    consumer.assign(tps)
    ends = await consumer.end_offsets(tps)
    begins = await consumer.beginning_offsets(tps)
    found: dict[TopicPartition, dict[bytes, bytes]] = {tp: {} for tp in tps}
    behind = {tp for tp in tps if begins[tp] < ends[tp]}
    to_read = sum(ends[tp] - begins[tp] for tp in tps)
    log.info("loading partitions", partitions=sorted({tp.partition for tp in tps}), records=to_read)
    for tp in tps:
        consumer.seek(tp, begins[tp])
    while behind:
        for tp, records in (await consumer.getmany(*behind, timeout_ms=200)).items():
            values = found[tp]
            for record in records:
                if record.value is None:
                    values.pop(record.key, None)
                else:
                    values[record.key] = record.value
            progress(len(records), to_read)
        behind = {tp for tp in behind if await consumer.position(tp) < ends[tp]}
    return found, ends
