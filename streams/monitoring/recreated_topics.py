"""Going on with topics that were deleted and created again under the workers."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from faust.types import TP
from structlog import get_logger

from sla_rules.agreement.rulebook import RuleBook
from sla_rules.names import INPUT_TOPICS, REJECTED_TOPIC
from streams.clock import Clock
from streams.health.worker_health import WorkerHealth
from streams.kafka.end_offsets import EndOffsets
from streams.kafka.group_memory import remember
from streams.kafka.known_agreements import hold_to_agreed
from streams.kafka.topic_memory import TopicMemory
from streams.kafka.topic_metadata import TopicMetadata
from streams.kafka.topics import agreed_of
from streams.partitions.ownership import Ownership
from streams.pipeline.counters import Counters
from streams.settings import Settings

log = get_logger("leadsla")

ReadFrom = Callable[[TP, int], Awaitable[None]]
"""Goes on reading a partition of a topic elsewhere."""


@dataclass(frozen=True, slots=True)
class Rereading:
    """Begins topics of events again; by itself the client would go on at the old offset where the new topic has got so far."""

    ownership: Ownership
    health: WorkerHealth
    counters: Counters
    end_offsets: EndOffsets
    read_from: ReadFrom

    async def begin_again(self, topic: str) -> None:
        """Read a topic from its beginning, and count what waited in the old one as lost.

        Raises:
            aiokafka.errors.KafkaError: no broker answers.

        """
        waited = sum(progress.lag.get(topic, 0) for progress in self.health.partitions.values())
        self.counters.lost[topic] += waited
        log.error(
            "a topic was deleted and created again: it is read from its beginning; what waited in the old one is lost",
            topic=topic,
            records=waited,
        )
        tps = [TP(topic, partition) for partition in self.ownership.partitions]
        for tp, begin in (await self.end_offsets.begins(tps)).items():
            await self.read_from(tp, begin)


@dataclass(frozen=True, slots=True)
class RecreatedTopics:
    """Does for each topic what it takes to go on with it."""

    settings: Settings
    rules: RuleBook
    clock: Clock
    memory: TopicMemory
    rereading: Rereading

    async def go_on_with(self, topic: str, found: TopicMetadata | None) -> None:
        """Go on with a topic as it was found last.

        Raises:
            aiokafka.errors.KafkaError: no broker answers.

        """
        if topic in INPUT_TOPICS:
            await self.rereading.begin_again(topic)
        elif topic == agreed_of(self.settings):
            await self._remember_again(topic)
        elif topic == REJECTED_TOPIC:
            log.error("a topic was deleted and created again; what lay in the old one is gone", topic=topic)
        if found is not None:
            await remember(self.settings, self.memory.alter_topic(topic, found))

    async def _remember_again(self, topic: str) -> None:
        """Write again what the group remembers, by what this worker knows of it."""
        log.error("what the group remembers was deleted; writing it again", topic=topic)
        agreements = [version.agreement for versions in self.rules.versions.values() for version in versions]
        await hold_to_agreed(self.settings, {}, agreements, self.clock(), self.rules.listening_since)
        await remember(self.settings, self.memory.known)
