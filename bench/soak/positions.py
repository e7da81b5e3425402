"""How far a group has come in topics, and where those end."""

from collections.abc import Iterable

from aiokafka import AIOKafkaConsumer, TopicPartition

from tests.real_parts.service import PARTITIONS

Positions = dict[TopicPartition, int]


async def ends(broker: str, topics: Iterable[str]) -> Positions:
    """Where each partition of the topics ends."""
    async with AIOKafkaConsumer(bootstrap_servers=broker, enable_auto_commit=False) as consumer:
        found: Positions = await consumer.end_offsets(_places(topics))
        return found


async def committed(broker: str, group: str, topics: Iterable[str]) -> Positions:
    """Up to where the group has committed each partition; 0 where it has not."""
    async with AIOKafkaConsumer(bootstrap_servers=broker, enable_auto_commit=False, group_id=group) as consumer:
        return {place: await consumer.committed(place) or 0 for place in _places(topics)}


async def behind(broker: str, group: str, topics: Iterable[str]) -> Positions:
    """How many records the group has not committed, of the partitions where there are any."""
    done = await committed(broker, group, topics)
    return {place: end - done[place] for place, end in (await ends(broker, topics)).items() if end > done[place]}


def _places(topics: Iterable[str]) -> list[TopicPartition]:
    return [TopicPartition(topic, partition) for topic in topics for partition in range(PARTITIONS)]
