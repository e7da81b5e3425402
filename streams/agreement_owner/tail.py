"""What partitions of topics hold, and then what comes: the last record of each key, from the beginning on.

What is read is held back until all is read that was there when reading began, so that whoever takes it never sees a record that
had been written over by then.
"""

import asyncio
from collections.abc import Callable, Collection, Iterator
from typing import Final, NamedTuple

from aiokafka import ConsumerRecord, TopicPartition

from streams.kafka.connection import LARGEST_EVENT, new_consumer
from streams.partitions.offset_tracker import generation_of
from streams.settings import Settings

AT_ONCE: Final = 500
"""Records that are unpacked in one go: it takes some two milliseconds."""


class Found(NamedTuple):
    """A record, and the generation of the group that its writer says it was in; 0 where it does not say."""

    spot: TopicPartition
    offset: int
    key: bytes | None
    value: bytes | None
    generation: int


class Tail:
    """Follows what it is told to, by a client of its own and in nobody's group; what is not wanted is passed over.

    `read_to` says up to where each partition has been read, `ends` where it ended when reading began.
    """

    def __init__(self, settings: Settings, wanted: Callable[[ConsumerRecord], bool]) -> None:
        self.read_to: dict[TopicPartition, int] = {}
        self.ends: dict[TopicPartition, int] = {}
        self._wanted = wanted
        self._patience = settings.request_timeout_seconds
        self._consumer = new_consumer(settings, fetched=LARGEST_EVENT)
        self._behind: set[TopicPartition] = set()
        self._held: dict[tuple[TopicPartition, bytes | None], Found] = {}

    async def start(self) -> None:
        """Connect.

        Raises:
            aiokafka.errors.KafkaError: no broker answers.

        """
        await self._consumer.start()

    async def stop(self) -> None:
        """Disconnect; again, nothing happens."""
        await self._consumer.stop()

    @property
    def is_caught_up(self) -> bool:
        """Whether all has been read that was there when reading began."""
        return not self._behind

    async def follow(self, spots: Collection[TopicPartition], again: Collection[TopicPartition] = ()) -> None:
        """Follow these and no others, and hold back what comes until all that they hold now is read.

        Those that were followed are read on, but for those to be read `again`.

        Raises:
            TimeoutError: a topic is not there.
            aiokafka.errors.KafkaError: no broker answers.

        """
        known = {spot: at for spot, at in self.read_to.items() if spot in spots and spot not in again}
        anew = [spot for spot in spots if spot not in known]
        self._held = {place: found for place, found in self._held.items() if place[0] in known}
        self._consumer.assign(list(spots))
        async with asyncio.timeout(self._patience):
            begins: dict[TopicPartition, int] = await self._consumer.beginning_offsets(anew) if anew else {}
            for spot, at in (known | begins).items():
                self._consumer.seek(spot, at)
            self.ends = await self._consumer.end_offsets(list(spots)) if spots else {}
        self.read_to = known | begins
        self._behind = {spot for spot in spots if self.read_to[spot] < self.ends[spot]}

    async def read(self, within: float) -> None:
        """Read what has come; where nothing has, wait for so many seconds.

        Raises:
            TimeoutError: nothing is heard of what is still to be read.
            UnreadableError: something is damaged on the broker's disk.
            aiokafka.errors.KafkaError: the broker refuses.

        """
        fetched = await self._consumer.getmany(timeout_ms=round(within * 1000), max_records=AT_ONCE)
        for spot, records in fetched.items():
            self.read_to[spot] = records[-1].offset + 1
            for one in records:
                if self._wanted(one):
                    self._held[spot, one.key] = Found(spot, one.offset, one.key, one.value, generation_of(one.headers))
        if self._behind:
            async with asyncio.timeout(self._patience):
                # Not by the records: the last of them may have been compacted away.
                for spot in self._behind:
                    self.read_to[spot] = await self._consumer.position(spot)
            self._behind = {spot for spot in self._behind if self.read_to[spot] < self.ends[spot]}

    def take(self) -> Iterator[Found]:
        """Give what has been read and not been given yet; nothing before all is read that was there."""
        while self.is_caught_up and self._held:
            yield self._held.pop(next(iter(self._held)))
