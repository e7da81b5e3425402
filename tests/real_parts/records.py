"""What the tests of brokers write and read, through the client that the service uses."""

import asyncio
from collections.abc import Iterable, Sequence
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition

from tests.real_parts.loopback import AT_MOST

if TYPE_CHECKING:
    from collections.abc import AsyncIterator


async def write(bootstrap: str, topic: str, values: Iterable[bytes], partition: int = 0, stamp: int = 1_000) -> None:
    """Write the values in order to one partition, acknowledged one by one."""
    producer = AIOKafkaProducer(bootstrap_servers=bootstrap)
    await producer.start()
    try:
        for value in values:
            await producer.send_and_wait(topic, value, partition=partition, timestamp_ms=stamp)
    finally:
        await producer.stop()


@asynccontextmanager
async def reading(bootstrap: str, *topics: str, group: str | None = None) -> "AsyncIterator[AIOKafkaConsumer]":
    """A consumer that starts at the group's committed offsets, or at the beginning, and commits only when told."""
    consumer = AIOKafkaConsumer(
        *topics,
        bootstrap_servers=bootstrap,
        group_id=group,
        auto_offset_reset="earliest",
        enable_auto_commit=False,
    )
    await consumer.start()
    try:
        yield consumer
    finally:
        await consumer.stop()


async def read(bootstrap: str, topic: str, partitions: Sequence[int] = (0,)) -> list[bytes]:
    """Everything the partitions hold now, partition by partition."""
    async with reading(bootstrap) as consumer, asyncio.timeout(AT_MOST):
        spots = [TopicPartition(topic, partition) for partition in partitions]
        consumer.assign(spots)
        ends = await consumer.end_offsets(spots)
        values: list[bytes] = []
        for spot in spots:
            await consumer.seek_to_beginning(spot)
            while await consumer.position(spot) < ends[spot]:
                batches = await consumer.getmany(spot, timeout_ms=200)
                values += [record.value for records in batches.values() for record in records]
        return values
