"""Sees to it that what topics lost of the owned partitions is written again, and says so until it is."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from structlog import get_logger

from streams.health.conditions import Conditions, Kind
from streams.kafka.known_topics import states_lost
from streams.kafka.topic_metadata import TopicMetadata
from streams.partitions.kept_logs import KeptLogs
from streams.partitions.ownership import Ownership

log = get_logger("leadsla")

AGAIN: Final = "written again"
AT_FIRST: Final = "written from here on; all that has to stand there does"
"""What is said of a topic whose records are there, lost before or never written."""
REVIEW_EVERY: Final = 10.0
"""Seconds after which partitions that are left alone are looked at again."""


@dataclass(slots=True)
class Restoring:
    """Asked with each look at the topics. `left_alone` are partitions whose leads nobody here knows."""

    logs: KeptLogs
    ownership: Ownership
    conditions: Conditions
    divide_again: Callable[[], Awaitable[None]]
    left_alone: set[int] = field(default_factory=set)
    _reviewed_at: float = 0.0

    async def lost_of(self, partitions: set[int], now: float) -> dict[str, set[int]]:
        """By topic, which partitions that were just assigned here lost something of it.

        Those whose leads nobody here knows are left alone from now on.

        Raises:
            aiokafka.errors.KafkaError: no broker answers.

        """
        await self.logs.begin(partitions)
        lost = await self.logs.lost_of(partitions)
        self.left_alone, self._reviewed_at = lost[self.logs.topics[0]], now
        self.say(now)
        return lost

    async def look(self, found: Mapping[str, TopicMetadata], now: float) -> None:
        """Find what topics lost, and remember what has been written again.

        Raises:
            aiokafka.errors.KafkaError: no broker answers, or it could not be remembered.

        """
        owned = self.ownership.partitions
        lost = self.ownership.offsets.lost
        for topic, partition in await self.logs.look(found, owned.keys()):
            self.ownership.offsets.lose(topic, partition)
        await self._review(now)
        self.say(now)
        whole: dict[tuple[str, str], list[int]] = {}
        for partition, one in sorted(owned.items()):
            # What was lost a second time meanwhile has to be written a second time.
            for topic in one.restored - one.restoring - lost.get(partition, set()):
                said = AGAIN if self.logs.has_held_all(topic, partition) else AT_FIRST
                await self.logs.keep(topic, partition)
                one.restored.discard(topic)
                whole.setdefault((said, topic), []).append(partition)
        for (said, topic), partitions in whole.items():
            log.info(said, topic=topic, partitions=partitions)

    async def _review(self, now: float) -> None:
        """Take over what was left alone once the changelog is back, or somebody says that it is whole."""
        if self.left_alone and now - self._reviewed_at >= REVIEW_EVERY:
            self._reviewed_at = now
            lost = (await self.logs.lost_of(self.left_alone))[self.logs.topics[0]]
            if lost != self.left_alone:
                self.left_alone = lost
                await self.divide_again()

    def say(self, now: float) -> None:
        """Let what is lost be known, until it is written again."""
        lost = self.ownership.offsets.lost
        topics = {
            topic
            for partition, one in self.ownership.partitions.items()
            for topic in one.restoring | one.restored | lost.get(partition, set())
            if self.logs.has_held_all(topic, partition)
        }
        sentences = {
            topic: f"{topic} does not hold any more what was written to it; the worker writes it again"
            for topic in topics
        }
        self.conditions.hold(Kind.RECORDS_LOST, sentences, now)
        settings = self.logs.settings
        said = self.left_alone and self.logs.are_there
        alone = {self.logs.topics[0]: states_lost(settings, self.left_alone)} if said else {}
        self.conditions.hold(Kind.STATES_LOST, alone, now)
