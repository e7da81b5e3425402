"""Publishes single records, says where each lies, and whether the workers have taken it.

A worker commits an offset once what follows from the records before it is durable (`streams.pipeline.delivery`), so that a group which
has committed beyond a record has taken it, or dead-lettered it.
"""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from aiokafka import TopicPartition

from streams.kafka.committed import Committed, committed
from streams.kafka.connection import new_consumer, new_producer
from streams.kafka.partitioning import partition_of
from streams.kafka.topics import partition_counts
from streams.settings import Settings

_AGAIN_AFTER: Final = 0.25
"""Seconds between two questions to the broker."""


class Letter(NamedTuple):
    """A record to publish."""

    topic: str
    key: bytes
    value: bytes


class Placed(NamedTuple):
    """Where a record lies."""

    topic: str
    partition: int
    offset: int

    def __str__(self) -> str:
        """As `contact-attempt/3, offset 4711`."""
        return f"{self.topic}/{self.partition}, offset {self.offset}"


async def place_of(settings: Settings, letter: Letter) -> TopicPartition:
    """Where a record belongs.

    Raises:
        TopicsError: its topic is not there.
        aiokafka.errors.KafkaError: no broker answers.

    """
    counts = await partition_counts(settings, [letter.topic])
    return TopicPartition(letter.topic, partition_of(letter.key, counts[letter.topic]))


async def place(settings: Settings, letters: Iterable[tuple[TopicPartition, Letter]]) -> list[Placed]:
    """Publish records where they belong; each is acknowledged by all replicas then.

    Raises:
        aiokafka.errors.KafkaError: a record could not be delivered.

    """
    producer = new_producer(settings, gives_up=True)
    try:
        await producer.start()
        placed = []
        for spot, letter in letters:
            at = await producer.send_and_wait(letter.topic, letter.value, key=letter.key, partition=spot.partition)
            placed.append(Placed(at.topic, at.partition, at.offset))
        return placed
    finally:
        await producer.stop()


async def not_taken_within(settings: Settings, placed: Sequence[Placed], seconds: float) -> list[Placed]:
    """Wait until the workers have taken records; those that they have not within a time.

    Raises:
        aiokafka.errors.KafkaError: no broker answers.

    """
    left = list(placed)
    consumer = new_consumer(settings)
    try:
        await consumer.start()
        async with asyncio.timeout(seconds):
            while left:
                spots = {TopicPartition(one.topic, one.partition) for one in left}
                known = await committed(consumer, settings, spots)
                left = [one for one in left if _committed(known, one) <= one.offset]
                if left:
                    await asyncio.sleep(_AGAIN_AFTER)
    except TimeoutError:
        return left
    finally:
        await consumer.stop()
    return []


def _committed(known: Mapping[TopicPartition, Committed], one: Placed) -> int:
    found = known.get(TopicPartition(one.topic, one.partition))
    return -1 if found is None else found.offset
