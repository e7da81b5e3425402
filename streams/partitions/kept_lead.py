"""What the service keeps of one lead: read from the changelog as it stands, in nobody's group, and nothing is written."""

import asyncio
from collections.abc import Callable
from typing import NamedTuple

from aiokafka import TopicPartition
from aiokafka.errors import KafkaTimeoutError

from streams.kafka.connection import new_consumer
from streams.kafka.partitioning import partition_of
from streams.kafka.topics import changelog_of, partition_counts
from streams.partitions.last_values import LastValueOf
from streams.settings import Settings

Shown = Callable[[int, int], None]
"""Told how many offsets have been read, of how many."""


class KeptLead(NamedTuple):
    """The state of a lead, None where there is none; `has_left` where the changelog still says that there was one."""

    topic: str
    partition: int
    state: bytes | None
    has_left: bool


async def kept_lead(settings: Settings, key: bytes, shown: Shown) -> KeptLead:
    """What the changelog says of a key in the end, up to where it ends now.

    Raises:
        TopicsError: there is no changelog.
        aiokafka.errors.KafkaError: no broker answers, or not for as long as a request may take.

    """
    topic = changelog_of(settings)
    partition = partition_of(key, (await partition_counts(settings, [topic]))[topic])
    last = await _read(settings, TopicPartition(topic, partition), LastValueOf(key), shown)
    return KeptLead(topic, partition, last.value, last.has_been and last.value is None)


async def _read(settings: Settings, spot: TopicPartition, last: LastValueOf, shown: Shown) -> LastValueOf:
    consumer, patience = new_consumer(settings), settings.request_timeout_seconds
    now = asyncio.get_running_loop().time
    try:
        async with asyncio.timeout(patience) as limit:
            await consumer.start()
            consumer.assign([spot])
            begin = (await consumer.beginning_offsets([spot]))[spot]
            end = (await consumer.end_offsets([spot]))[spot]
            consumer.seek(spot, begin)
            while (at := await consumer.position(spot)) < end:
                shown(at - begin, end - begin)
                for records in (await consumer.getmany(spot, timeout_ms=200)).values():
                    last.take(records)
                    limit.reschedule(now() + patience)
    except TimeoutError:
        message = f"nothing came of {spot.topic}, partition {spot.partition}, for {patience:g} s"
        raise KafkaTimeoutError(message) from None
    finally:
        await consumer.stop()
    return last
