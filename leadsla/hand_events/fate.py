"""What became of a record that the workers have passed: taken, or dead-lettered and why."""

from typing import Final

from sla_rules.names import REJECTED_TOPIC
from streams.dead_letters.letters import DeadLetter
from streams.dead_letters.lookback import records_before
from streams.kafka.placed import Placed
from streams.kafka.topics import partition_counts
from streams.settings import Settings

_LOOKED_AT: Final = 200
"""Last letters of each partition: this one is seconds old."""


async def letter_of(settings: Settings, placed: Placed) -> DeadLetter | None:
    """The letter that says why a record was put away; None if it was not.

    Raises:
        TopicsError: there is no rejected topic.
        aiokafka.errors.KafkaError: no broker answers.

    """
    for partition in range((await partition_counts(settings, [REJECTED_TOPIC]))[REJECTED_TOPIC]):
        async for records in records_before(settings, REJECTED_TOPIC, partition, None, _LOOKED_AT):
            for letter in map(DeadLetter.of, records):
                if (letter.original_topic, letter.original_partition, letter.original_offset) == placed:
                    return letter
    return None
