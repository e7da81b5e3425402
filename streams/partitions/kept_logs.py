"""The logs that only the group can write, watched: do they still hold what was written to them?

Whoever owns a partition knows all that its topics have to hold, and writes it again where they lost it. Whoever takes a
partition over knows nothing but what its changelog holds, so that one which lost leads is left alone.
"""

from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass, field

from faust.types import TP

from sla_rules.names import CLOCKS_TOPIC, FORWARDED_TOPIC
from streams.kafka.end_offsets import EndOffsets
from streams.kafka.group_memory import remember, remembered
from streams.kafka.known_topics import OUTPUTS, log_of
from streams.kafka.topic_memory import Log, TopicMemory
from streams.kafka.topic_metadata import TopicMetadata
from streams.kafka.topics import TopicsError, changelog_of
from streams.settings import Settings

Place = tuple[str, int]
"""A topic and a partition."""


@dataclass(slots=True)
class KeptLogs:
    """Compares logs with those remembered; `seen` are the ones that were found last, by place.

    `are_there` says whether all that is read of a partition was there when any was last asked for.
    """

    settings: Settings
    memory: TopicMemory
    end_offsets: EndOffsets
    seen: dict[Place, Log] = field(default_factory=dict)
    are_there: bool = True

    @property
    def topics(self) -> tuple[str, ...]:
        """The topics that only the group can write, the changelog first."""
        clocks = (CLOCKS_TOPIC,) if self.settings.clocks else ()
        return (changelog_of(self.settings), *OUTPUTS, *clocks)

    async def lost_of(self, partitions: Collection[int]) -> dict[str, set[int]]:
        """By topic, the partitions that lost what was written to them; all of the changelog while they cannot be read.

        And those of `sla-clocks` that have not held all open clocks yet: they were not written before, or not by everybody.

        Raises:
            aiokafka.errors.KafkaError: no broker answers.

        """
        topics = await self.end_offsets.topics(self.topics) if partitions else None
        if topics is None:
            return {topic: set() for topic in self.topics}
        self.are_there = set(self.topics) - {FORWARDED_TOPIC} <= topics.keys()
        if not self.are_there:
            return {topic: set() for topic in self.topics} | {self.topics[0]: set(partitions)}
        logs = self._logs(topics, await self.end_offsets.begins(self._places(topics, partitions)))
        lost = self._changed(logs)
        if any(lost.values()):
            # Another worker may have written it again meanwhile.
            with suppress(TopicsError):
                self.memory.known |= TopicMemory.among(await remembered(self.settings)).known
            lost = self._changed(logs)
        self.seen |= logs
        return lost

    async def begin(self, partitions: Collection[int]) -> None:
        """Take note that open clocks are not written any more of partitions that were just assigned, where that is so.

        Whoever writes them again has to write all of them, and take out what stands there from before. Workers with either
        setting may follow each other in a partition, so that it is said each time.

        Raises:
            aiokafka.errors.KafkaError: no broker answers, or it could not be written down.

        """
        if self.settings.clocks or not partitions or not await self.end_offsets.topics([CLOCKS_TOPIC]):
            return
        forgotten: dict[bytes, bytes | None] = {}
        for partition in partitions:
            forgotten |= self.memory.forget_log(CLOCKS_TOPIC, partition)
        await remember(self.settings, forgotten)

    def has_held_all(self, topic: str, partition: int) -> bool:
        """Whether a place is known to have held all that was to be written to it, before it lost something."""
        return self.memory.log(topic, partition) is not None

    async def look(self, topics: Mapping[str, TopicMetadata], partitions: Collection[int]) -> set[Place]:
        """The places whose log has become another one since it was last looked at.

        Raises:
            aiokafka.errors.KafkaError: no broker answers.

        """
        logs = self._logs(topics, await self.end_offsets.begins(self._places(topics, partitions)))
        changed = {place for place, one in logs.items() if place in self.seen and not one.is_still(self.seen[place])}
        self.seen |= logs
        return changed

    async def keep(self, topic: str, partition: int) -> None:
        """Remember that a place holds all again that was ever written to it.

        Raises:
            aiokafka.errors.KafkaError: it could not be written down.

        """
        if (found := self.seen.get((topic, partition))) is not None:
            await remember(self.settings, self.memory.keep_log(topic, partition, found))

    def _places(self, topics: Mapping[str, TopicMetadata], partitions: Collection[int]) -> list[TP]:
        return [
            TP(topic, number)
            for topic in self.topics
            if (found := topics.get(topic)) is not None
            for number in partitions
            if number < found.partitions
        ]

    @staticmethod
    def _logs(topics: Mapping[str, TopicMetadata], begins: Mapping[TP, int]) -> dict[Place, Log]:
        return {(tp.topic, tp.partition): log_of(tp.topic, topics[tp.topic].id, begin) for tp, begin in begins.items()}

    def _changed(self, logs: Mapping[Place, Log]) -> dict[str, set[int]]:
        changed = {
            topic: self.memory.changed(topic, {number: one for (name, number), one in logs.items() if name == topic})
            for topic in self.topics
        }
        for topic, number in logs:
            if topic == CLOCKS_TOPIC and not self.has_held_all(topic, number):
                changed[topic].add(number)
        return changed
