"""Where topics begin and end, and what they are: asked by a client of its own, since the one that fetches is behind."""

import asyncio
from collections.abc import Collection, Iterable
from contextlib import suppress
from typing import Final

from aiokafka import AIOKafkaConsumer
from aiokafka.errors import KafkaError
from faust.types import TP

from streams.kafka.agreed_metadata import agreed_metadata
from streams.kafka.connection import new_consumer
from streams.kafka.topic_metadata import TopicMetadata
from streams.settings import Settings

ANSWER_WITHIN: Final = 5.0
"""Seconds to wait for the broker's answer before asking again later."""


class EndOffsets:
    """Asks the broker. Before `start` nothing is answered."""

    def __init__(self, settings: Settings) -> None:
        self.missing: frozenset[str] = frozenset()
        """Topics that are not there: nobody could say where they end."""
        self._settings = settings
        self._consumer: AIOKafkaConsumer | None = None
        self._known: dict[str, TopicMetadata | None] = {}
        """Topics as the brokers agreed on them last; None for those that were not there."""

    async def start(self) -> None:
        """Connect.

        Raises:
            aiokafka.errors.KafkaError: no broker answers.

        """
        self._consumer = new_consumer(self._settings)
        await self._consumer.start()

    async def stop(self) -> None:
        """Disconnect; again, nothing happens."""
        if self._consumer is not None:
            await self._consumer.stop()
            self._consumer = None

    async def ends(self, tps: Collection[TP]) -> dict[TP, int] | None:
        """Where partitions of topics end now; None without an answer."""
        if self._consumer is None or not tps or any(tp.topic in self.missing for tp in tps):
            return None
        try:
            ends = await asyncio.wait_for(self._consumer.end_offsets(tps), ANSWER_WITHIN)
        except (KafkaError, TimeoutError):
            return None
        return {TP(*tp): end for tp, end in ends.items()}

    async def begins(self, tps: Collection[TP]) -> dict[TP, int]:
        """Where partitions of topics begin now, of those topics that are there.

        Raises:
            aiokafka.errors.KafkaError: no broker answers.

        """
        if self._consumer is None:
            return {}
        while True:
            there = await self.topics({tp.topic for tp in tps}) or {}
            # The client would go on asking for a topic that goes away meanwhile.
            with suppress(TimeoutError):
                asked = self._consumer.beginning_offsets([tp for tp in tps if tp.topic in there])
                return {TP(*tp): begin for tp, begin in (await asyncio.wait_for(asked, ANSWER_WITHIN)).items()}

    async def topics(self, names: Iterable[str]) -> dict[str, TopicMetadata] | None:
        """What the brokers say of topics, those that are not there left out; None before `start`.

        Raises:
            aiokafka.errors.KafkaError: no broker answers.

        """
        if self._consumer is None:
            return None
        wanted = set(names)
        known = self._known if wanted <= self._known.keys() else None
        found = await agreed_metadata(self._consumer, wanted, known)
        self._known |= {name: found.get(name) for name in wanted}
        return found
