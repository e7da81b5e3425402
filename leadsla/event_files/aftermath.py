"""What became of what was sent, by what the service's topics say: read, put away and why, or waiting."""

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from time import monotonic
from typing import Any, Final

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import GroupAuthorizationFailedError, TopicAuthorizationFailedError

from sla_rules.names import REJECTED_TOPIC
from streams.dead_letters.letters import DeadLetter
from streams.kafka.committed import committed
from streams.kafka.connection import new_consumer
from streams.kafka.topics import TopicsError, partition_counts
from streams.settings import Settings

Sent = Mapping[TopicPartition, Sequence[range]]
"""The offsets at which records lie that were sent."""

HIDDEN: Final = GroupAuthorizationFailedError, TopicAuthorizationFailedError
"""What somebody is told who may publish and no more."""
ASK_EVERY: Final = 0.5
"""Seconds."""


@dataclass(slots=True)
class Aftermath:
    """How many records the service has read, those put away among them by reason, and how many wait."""

    read: int = 0
    waiting: int = 0
    put_away: Counter[str] = field(default_factory=Counter)

    def as_json(self) -> dict[str, Any]:
        """What scripts read of it."""
        return {
            "read": self.read,
            "waiting": self.waiting,
            "put_away": self.put_away.total(),
            "put_away_by_reason": dict(sorted(self.put_away.items())),
        }


class Letters:
    """The dead letters that come from now on."""

    def __init__(self, settings: Settings, begins: Mapping[TopicPartition, int]) -> None:
        self._settings, self._begins = settings, begins

    async def became_of(self, sent: Sent, patience: float) -> Aftermath | None:
        """Wait for the service to read what was sent, `patience` seconds at most; None where we may not see what it has read.

        Raises:
            aiokafka.errors.KafkaError: no broker answers.

        """
        found = Aftermath()
        consumer = new_consumer(self._settings)
        try:
            await consumer.start()
            until = monotonic() + patience
            while True:
                reached = {tp: one.offset for tp, one in (await committed(consumer, self._settings, sent)).items()}
                found.read = sum(_below(reached.get(tp, 0), places) for tp, places in sent.items())
                found.waiting = sum(len(place) for places in sent.values() for place in places) - found.read
                if not found.waiting or monotonic() > until:
                    break
                await asyncio.sleep(ASK_EVERY)
            await self._count(consumer, sent, found)
        except HIDDEN:
            return None
        finally:
            await consumer.stop()
        return found

    async def _count(self, consumer: AIOKafkaConsumer, sent: Sent, found: Aftermath) -> None:
        """Count the letters of what was sent, each record once."""
        ends = await consumer.end_offsets(list(self._begins))
        left = {tp for tp, begin in self._begins.items() if begin < ends[tp]}
        consumer.assign(list(left))
        for tp in left:
            consumer.seek(tp, self._begins[tp])
        counted: set[tuple[TopicPartition, int]] = set()
        while left:
            for records in (await consumer.getmany(*left, timeout_ms=200)).values():
                for letter in map(DeadLetter.of, records):
                    place = _place_of(letter)
                    if (
                        place is not None
                        and place not in counted
                        and any(place[1] in one for one in sent.get(place[0], ()))
                    ):
                        counted.add(place)
                        found.put_away[letter.reason] += 1
            left = {tp for tp in left if await consumer.position(tp) < ends[tp]}


async def letters_from_now(settings: Settings) -> Letters | None:
    """Those that come from now on; None where there is no rejected topic, or none that we may see.

    Raises:
        aiokafka.errors.KafkaError: no broker answers.

    """
    try:
        count = (await partition_counts(settings, [REJECTED_TOPIC]))[REJECTED_TOPIC]
    except TopicsError:
        return None
    consumer = new_consumer(settings)
    try:
        await consumer.start()
        places = [TopicPartition(REJECTED_TOPIC, place) for place in range(count)]
        return Letters(settings, await consumer.end_offsets(places))
    except HIDDEN:
        return None
    finally:
        await consumer.stop()


def _place_of(letter: DeadLetter) -> tuple[TopicPartition, int] | None:
    topic, partition, offset = letter.original_topic, letter.original_partition, letter.original_offset
    if topic is None or partition is None or offset is None:
        return None
    return TopicPartition(topic, partition), offset


def _below(offset: int, places: Sequence[range]) -> int:
    """How many of some offsets lie below one."""
    return sum(max(0, min(offset, place.stop) - place.start) for place in places)
