"""Publishes records to the topics of the service: each to the partition of its key, acknowledged by all replicas."""

import asyncio
from collections.abc import Iterable, Mapping
from types import TracebackType
from typing import Any, Final, Self

from aiokafka import AIOKafkaProducer, TopicPartition
from aiokafka.structs import RecordMetadata

from sla_rules.instants import Instant
from streams.clock import MILLISECOND
from streams.kafka.connection import new_producer
from streams.kafka.partitioning import partition_of
from streams.kafka.topics import partition_counts
from streams.settings import Settings

BATCHES_IN_FLIGHT: Final = 32
"""Batches handed over and not acknowledged yet; more wait, so that a file of any size needs the same memory."""

Headers = Iterable[tuple[str, bytes | None]]


class Publisher:
    """An idempotent producer that packs records of a partition into batches; records of one key stay in order.

    What `publish` took is durable once `flush` has returned. Leaving the context flushes, unless an error leaves it.
    """

    def __init__(self, settings: Settings, topics: Iterable[str]) -> None:
        self._settings = settings
        self._topics = sorted(topics)
        self._partitions: Mapping[str, int] = {}
        self._producer: AIOKafkaProducer | None = None
        self._open: dict[tuple[str, int], Any] = {}
        self._in_flight: dict[asyncio.Future[RecordMetadata], int] = {}
        """Batches with how many records each has."""
        self._keyless = 0
        self.places: dict[TopicPartition, list[range]] = {}
        """The offsets at which lies what was acknowledged."""

    async def start(self) -> None:
        """Connect.

        Raises:
            TopicsError: a topic is not there.
            aiokafka.errors.KafkaError: no broker answers.

        """
        self._partitions = await partition_counts(self._settings, self._topics)
        producer = new_producer(self._settings, gives_up=True)
        await producer.start()
        self._producer = producer

    async def publish(
        self, topic: str, key: bytes | None, value: bytes | None, headers: Headers = (), stamp: Instant | None = None
    ) -> None:
        """Take one record; `stamp` counts only where the topic leaves the stamp to its producers.

        Waits while too much is in flight. A record without key goes to each partition in turn.

        Raises:
            aiokafka.errors.KafkaError: an earlier batch could not be delivered.

        """
        place = (topic, self._place(topic, key))
        record: dict[str, Any] = {
            "key": key,
            "value": value,
            "headers": list(headers),
            "timestamp": None if stamp is None else stamp // MILLISECOND,
        }
        batch = self._open.get(place)
        if batch is None or batch.append(**record) is None:
            if batch is not None:
                await self._send(place)
            batch = self._open[place] = self._connected.create_batch()
            batch.append(**record)

    async def publish_everywhere(self, topic: str, headers: Headers) -> None:
        """Put a record without key and value behind all else into each partition of a topic, and wait until all is acknowledged.

        Raises:
            aiokafka.errors.KafkaError: something could not be delivered.

        """
        await self.flush()
        for partition in range(self._partitions[topic]):
            batch = self._connected.create_batch()
            batch.append(key=None, value=None, timestamp=None, headers=list(headers))
            batch.close()
            await (await self._connected.send_batch(batch, topic, partition=partition))

    async def flush(self) -> None:
        """Wait until everything taken so far is acknowledged.

        Raises:
            aiokafka.errors.KafkaError: something could not be delivered.

        """
        for place in list(self._open):
            await self._send(place)
        while self._in_flight:
            await self._settle()

    async def stop(self) -> None:
        """Disconnect; what was not flushed may be lost."""
        if self._producer is not None:
            await self._producer.stop()
            self._producer = None
        await asyncio.gather(*self._in_flight, return_exceptions=True)
        self._in_flight.clear()

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if error is None:
                await self.flush()
        finally:
            await self.stop()

    @property
    def _connected(self) -> AIOKafkaProducer:
        if self._producer is None:
            message = "the publisher has not been started"
            raise RuntimeError(message)
        return self._producer

    def _place(self, topic: str, key: bytes | None) -> int:
        if key is None:
            self._keyless += 1
            return self._keyless % self._partitions[topic]
        return partition_of(key, self._partitions[topic])

    async def _send(self, place: tuple[str, int]) -> None:
        batch = self._open.pop(place)
        batch.close()
        count = batch.record_count()
        topic, partition = place
        while len(self._in_flight) >= BATCHES_IN_FLIGHT:
            await self._settle()
        self._in_flight[await self._connected.send_batch(batch, topic, partition=partition)] = count

    async def _settle(self) -> None:
        done, _ = await asyncio.wait(self._in_flight, return_when=asyncio.FIRST_COMPLETED)
        for future in done:
            count = self._in_flight.pop(future)
            self._acknowledged(future.result(), count)

    def _acknowledged(self, batch: RecordMetadata, count: int) -> None:
        """Remember where a batch lies; one that follows another makes one range with it."""
        places = self.places.setdefault(batch.topic_partition, [])
        if places and places[-1].stop == batch.offset:
            places[-1] = range(places[-1].start, batch.offset + count)
        else:
            places.append(range(batch.offset, batch.offset + count))
