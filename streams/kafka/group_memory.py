"""What the workers of a group remember for those who come after them: the last value of each key of a compacted topic."""

import asyncio
from collections.abc import Mapping

from aiokafka import ConsumerRecord, TopicPartition

from sla_rules.instants import Instant
from streams.kafka.connection import new_consumer, new_producer
from streams.kafka.listening import is_earlier, is_of_listening, listening_since
from streams.kafka.topics import agreed_of, partition_counts
from streams.settings import Settings


async def remembered(settings: Settings) -> dict[bytes, bytes]:
    """All that is remembered, by key.

    Raises:
        TopicsError: there is no topic that remembers.
        aiokafka.errors.KafkaError: no broker answers.

    """
    topic = agreed_of(settings)
    tps = [TopicPartition(topic, place) for place in range((await partition_counts(settings, [topic]))[topic])]
    last: dict[bytes, ConsumerRecord] = {}
    consumer = new_consumer(settings)
    try:
        await consumer.start()
        consumer.assign(tps)
        ends = await consumer.end_offsets(tps)
        await consumer.seek_to_beginning(*tps)
        while any([await consumer.position(tp) < end for tp, end in ends.items()]):
            for records in (await consumer.getmany(timeout_ms=200)).values():
                for one in records:
                    if one.key not in last or _counts_rather(one, last[one.key]):
                        last[one.key] = one
    finally:
        await consumer.stop()
    return {key: one.value for key, one in last.items() if one.value is not None}


async def listens_since(settings: Settings) -> dict[str, Instant]:
    """By agreement, since when the service listens, for who only asks.

    Raises:
        TopicsError: there is no topic that remembers.
        TimeoutError: it takes longer than a request may.
        aiokafka.errors.KafkaError: no broker answers.

    """
    async with asyncio.timeout(settings.request_timeout_seconds):
        return listening_since(await remembered(settings))


def _counts_rather(one: ConsumerRecord, before: ConsumerRecord) -> bool:
    """Whether a record counts rather than one of the same key that was read before it."""
    if is_of_listening(one.key):
        return is_earlier(one.value, before.value)
    # A topic that was widened may have a key in two partitions.
    return bool(one.timestamp >= before.timestamp)


async def remember(settings: Settings, changes: Mapping[bytes, bytes | None]) -> None:
    """Remember values by key, and forget those without one.

    Raises:
        aiokafka.errors.KafkaError: it could not be written.

    """
    if not changes:
        return
    producer = new_producer(settings, gives_up=True)
    try:
        await producer.start()
        for key, value in changes.items():
            await producer.send_and_wait(agreed_of(settings), value, key=key)
    finally:
        await producer.stop()
