"""The rejected topic, read as it stands: what is rejected meanwhile is left for the next time."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from heapq import heapify, heappop, heappush

from aiokafka import AIOKafkaConsumer, TopicPartition

from sla_rules.names import REJECTED_TOPIC
from streams.dead_letters.letters import DeadLetter
from streams.kafka.connection import new_consumer
from streams.kafka.topics import partition_counts
from streams.settings import Settings


class DeadLetterTopic:
    """Reads letters, oldest first; memory does not grow with their number."""

    def __init__(self, consumer: AIOKafkaConsumer, spans: Mapping[TopicPartition, range]) -> None:
        self._consumer, self._spans = consumer, spans

    def __len__(self) -> int:
        """How many offsets it spans: at least as many as there are letters."""
        return sum(map(len, self._spans.values()))

    async def letters(self) -> AsyncIterator[DeadLetter]:
        """Every letter, by when it was dead-lettered."""
        heads = []
        for spot, span in self._spans.items():
            rest = self._read(spot, span)
            async for letter in rest:
                heads.append((letter.dead_lettered_at, letter.partition, letter, rest))
                break
        heapify(heads)
        while heads:
            _, _, letter, rest = heappop(heads)
            yield letter
            async for following in rest:
                heappush(heads, (following.dead_lettered_at, following.partition, following, rest))
                break

    async def at(self, partition: int, offset: int) -> DeadLetter | None:
        """The letter at one place of the topic."""
        spot = TopicPartition(REJECTED_TOPIC, partition)
        if offset in self._spans.get(spot, ()):
            async for letter in self._read(spot, range(offset, offset + 1)):
                return letter
        return None

    async def _read(self, spot: TopicPartition, span: range) -> AsyncIterator[DeadLetter]:
        self._consumer.seek(spot, span.start)
        while await self._consumer.position(spot) < span.stop:
            for records in (await self._consumer.getmany(spot, timeout_ms=200)).values():
                for record in records:
                    if record.offset in span:
                        yield DeadLetter.of(record)


@asynccontextmanager
async def dead_letter_topic(settings: Settings) -> AsyncIterator[DeadLetterTopic]:
    """The rejected topic of a broker, from where it begins to where it ends now.

    Raises:
        TopicsError: there is no rejected topic.
        aiokafka.errors.KafkaError: no broker answers.

    """
    partitions = (await partition_counts(settings, [REJECTED_TOPIC]))[REJECTED_TOPIC]
    spots = [TopicPartition(REJECTED_TOPIC, partition) for partition in range(partitions)]
    consumer = new_consumer(settings)
    try:
        await consumer.start()
        consumer.assign(spots)
        begins, ends = await consumer.beginning_offsets(spots), await consumer.end_offsets(spots)
        yield DeadLetterTopic(consumer, {spot: range(begins[spot], ends[spot]) for spot in spots})
    finally:
        await consumer.stop()
