"""Sees to it that what topics lost of the owned partitions is written again, and says so until it is."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from structlog import get_logger

from streams.conditions import Conditions, Kind
from streams.kept_logs import KeptLogs
from streams.known_topics import states_lost
from streams.ownership import Ownership
from streams.topic_metadata import TopicMetadata

log = get_logger("leadsla")


@dataclass(slots=True)
class Restoring:
    """Asked with each look at the topics. `left_alone` are partitions whose leads nobody here knows."""

    logs: KeptLogs
    ownership: Ownership
    conditions: Conditions
    left_alone: set[int] = field(default_factory=set)

    async def look(self, found: Mapping[str, TopicMetadata], now: float) -> None:
        """Find what topics lost, and remember what has been written again.

        Raises:
            aiokafka.errors.KafkaError: no broker answers, or it could not be remembered.

        """
        owned = self.ownership.partitions
        lost = self.ownership.ledger.lost
        for topic, partition in await self.logs.look(found, owned.keys()):
            self.ownership.ledger.lose(topic, partition)
        self.say(now)
        whole: dict[str, list[int]] = {}
        for partition, one in sorted(owned.items()):
            # What was lost a second time meanwhile has to be written a second time.
            for topic in one.restored - one.restoring - lost.get(partition, set()):
                await self.logs.keep(topic, partition)
                one.restored.discard(topic)
                whole.setdefault(topic, []).append(partition)
        for topic, partitions in whole.items():
            log.info("written again", topic=topic, partitions=partitions)

    def say(self, now: float) -> None:
        """Let what is lost be known, until it is written again."""
        lost = self.ownership.ledger.lost
        topics = {
            topic
            for partition, one in self.ownership.partitions.items()
            for topic in one.restoring | one.restored | lost.get(partition, set())
        }
        sentences = {
            topic: f"{topic} does not hold any more what was written to it; the worker writes it again"
            for topic in topics
        }
        self.conditions.hold(Kind.RECORDS_LOST, sentences, now)
        settings = self.logs.settings
        alone = {self.logs.topics[0]: states_lost(settings, self.left_alone)} if self.left_alone else {}
        self.conditions.hold(Kind.STATES_LOST, alone, now)
