"""Reading again what lies just before an offset: what became of it bears on what may be dead-lettered now."""

from collections.abc import AsyncIterator, Sequence

from aiokafka import TopicPartition

from streams.kafka.connection import new_consumer
from streams.reading.records import Record
from streams.reading.unreadable import UnreadableError
from streams.settings import Settings


async def records_before(
    settings: Settings, topic: str, partition: int, offset: int | None, count: int
) -> AsyncIterator[Sequence[Record]]:
    """The records of the last `count` offsets before one, or of all, as far as the broker still has them, fetch by fetch.

    What cannot be read is passed over: the group stands behind it, so that somebody has given it up.
    """
    spot = TopicPartition(topic, partition)
    consumer = new_consumer(settings)
    await consumer.start()
    try:
        consumer.assign([spot])
        end = (await consumer.end_offsets([spot]))[spot]
        end = end if offset is None else min(end, offset)
        first = max((await consumer.beginning_offsets([spot]))[spot], (end if offset is None else offset) - count)
        consumer.seek(spot, first)
        while await consumer.position(spot) < end:
            try:
                fetched = await consumer.getmany(spot, timeout_ms=200)
            except UnreadableError as given_up:
                consumer.seek(spot, given_up.after)
                continue
            for records in fetched.values():
                yield [record for record in records if record.offset < end]
    finally:
        await consumer.stop()
