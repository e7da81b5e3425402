"""What the service keeps of one lead: read from the changelog as it stands."""

from typing import NamedTuple

from streams.kafka.partitioning import partition_of
from streams.kafka.topics import changelog_of, partition_counts
from streams.partitions.last_values import LastValueOf
from streams.partitions.up_to_end import Shown, read_up_to_end
from streams.settings import Settings


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
    last = LastValueOf(key)
    await read_up_to_end(settings, topic, [partition], lambda _, records: last.take(records), shown)
    return KeptLead(topic, partition, last.value, last.has_been and last.value is None)
