"""Reading again what lies just before an offset: what became of it bears on what may be put away now."""

from collections.abc import AsyncIterator, Sequence

from aiokafka import TopicPartition

from streams.batches import Record
from streams.connection import new_consumer
from streams.settings import Settings


async def records_before(
    settings: Settings, topic: str, partition: int, offset: int, count: int
) -> AsyncIterator[Sequence[Record]]:
    """The records of the last `count` offsets before one, as far as the broker still has them, fetch by fetch."""
    spot = TopicPartition(topic, partition)
    consumer = new_consumer(settings)
    await consumer.start()
    try:
        consumer.assign([spot])
        first = max((await consumer.beginning_offsets([spot]))[spot], offset - count)
        end = min((await consumer.end_offsets([spot]))[spot], offset)
        consumer.seek(spot, first)
        while await consumer.position(spot) < end:
            for records in (await consumer.getmany(spot, timeout_ms=200)).values():
                yield [record for record in records if record.offset < end]
    finally:
        await consumer.stop()
