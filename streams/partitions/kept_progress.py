"""How far the owners of partitions said that they were: all that lies in the topic of progress."""

from collections.abc import Callable, Sequence
from functools import partial

from aiokafka import ConsumerRecord

from sla_rules.names import PROGRESS_TOPIC
from streams.kafka.topics import partition_counts
from streams.partitions.up_to_end import Shown, read_up_to_end
from streams.settings import Settings

TakeValue = Callable[[bytes], None]
"""Given the value of a record."""


async def read_progress_topic(settings: Settings, take: TakeValue, shown: Shown = lambda _, __: None) -> None:
    """Give all records of `leadsla-progress` up to where it ends now.

    Raises:
        TopicsError: there is no such topic.
        aiokafka.errors.KafkaError: no broker answers, or not for as long as a request may take.

    """
    partitions = range((await partition_counts(settings, [PROGRESS_TOPIC]))[PROGRESS_TOPIC])
    await read_up_to_end(settings, PROGRESS_TOPIC, partitions, partial(_give, take), shown)


def _give(take: TakeValue, _: int, records: Sequence[ConsumerRecord]) -> None:
    for record in records:
        if record.value is not None:
            take(record.value)
