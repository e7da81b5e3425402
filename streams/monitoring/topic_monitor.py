"""Asks what the topics are, and goes on with those that have become others under the same name."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from time import monotonic

from aiokafka.errors import KafkaError

from streams.health.worker_health import WorkerHealth
from streams.kafka.end_offsets import ANSWER_WITHIN, EndOffsets
from streams.kafka.topic_metadata import TopicMetadata
from streams.monitoring.topic_watch import TopicWatch

Recreated = Callable[[str, TopicMetadata | None], Awaitable[None]]
"""Told of a topic that has become another one of the same name, as it was found last."""
LookAt = Callable[[Mapping[str, TopicMetadata], float], Awaitable[None]]
"""Shown the topics as they are, and when."""


@dataclass(frozen=True, slots=True)
class TopicMonitor:
    """Looks at all topics of the service."""

    end_offsets: EndOffsets
    health: WorkerHealth
    watch: TopicWatch
    recreated: Recreated
    look_closer: LookAt

    async def look(self) -> None:
        """Whether the topics are still there, as they were and the same."""
        found = await self._topics()
        if found is None:
            return
        now = monotonic()
        self.health.answered(now)
        recreated = self.watch.look(found, now)
        self.end_offsets.missing = self.watch.unseen
        await self.go_on_with(recreated)
        if self.watch.is_sure:
            with suppress(KafkaError):  # as below
                await self.look_closer(found, now)

    async def go_on_with(self, others: Iterable[str]) -> None:
        """Go on with topics that are not what they were: of another id, or with less in them than has been read."""
        for topic in others:
            # Without an answer, again with the next look.
            with suppress(KafkaError):
                await self.recreated(topic, self.watch.found(topic))
                self.watch.accept(topic)

    async def _topics(self) -> dict[str, TopicMetadata] | None:
        try:
            return await asyncio.wait_for(self.end_offsets.topics(self.watch.topics), ANSWER_WITHIN)
        except (KafkaError, TimeoutError):
            return None
