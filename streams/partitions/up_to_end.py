"""Partitions of a topic read from their beginning to where they end now: in nobody's group, and nothing is written."""

import asyncio
from collections.abc import Callable, Iterable, Sequence

from aiokafka import ConsumerRecord, TopicPartition
from aiokafka.errors import KafkaTimeoutError

from streams.kafka.connection import new_consumer
from streams.settings import Settings

Shown = Callable[[int, int], None]
"""Told how many offsets have been read, of how many."""
Take = Callable[[int, Sequence[ConsumerRecord]], None]
"""Given what came next of a partition."""


async def read_up_to_end(settings: Settings, topic: str, partitions: Iterable[int], take: Take, shown: Shown) -> None:
    """Give all that partitions hold, in their order.

    Raises:
        aiokafka.errors.KafkaError: no broker answers, or nothing comes for as long as a request may take.

    """
    consumer, patience = new_consumer(settings), settings.request_timeout_seconds
    now = asyncio.get_running_loop().time
    behind = {TopicPartition(topic, partition) for partition in partitions}
    try:
        async with asyncio.timeout(patience) as limit:
            await consumer.start()
            consumer.assign(list(behind))
            begins = await consumer.beginning_offsets(list(behind))
            ends = await consumer.end_offsets(list(behind))
            for spot in behind:
                consumer.seek(spot, begins[spot])
            at = dict(begins)
            to_read = sum(ends.values()) - sum(begins.values())
            while behind := {spot for spot in behind if at[spot] < ends[spot]}:
                shown(sum(at.values()) - sum(begins.values()), to_read)
                for spot, records in (await consumer.getmany(*behind, timeout_ms=200)).items():
                    take(spot.partition, records)
                    limit.reschedule(now() + patience)
                at |= {spot: await consumer.position(spot) for spot in behind}
    except TimeoutError:
        where = ", ".join(str(spot.partition) for spot in sorted(behind))
        message = f"nothing came of {topic}, partition {where}, for {patience:g} s"
        raise KafkaTimeoutError(message) from None
    finally:
        await consumer.stop()
