"""Writes records of agreements, acknowledged by all replicas, through a producer of its own that nobody else waits for."""

import asyncio
from collections.abc import Mapping

from aiokafka import AIOKafkaProducer

from sla_rules.instants import Instant
from sla_rules.names import AGREEMENTS_TOPIC
from streams.clock import MILLISECOND
from streams.kafka.connection import new_producer
from streams.partitions.offset_tracker import GENERATION
from streams.settings import Settings


class AgreementWriter:
    """Good for nothing after a write that failed, until it is started again."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._producer: AIOKafkaProducer | None = None

    async def start(self) -> None:
        """Connect, unless that has been done.

        Raises:
            aiokafka.errors.KafkaError: no broker answers.

        """
        if self._producer is None:
            producer = new_producer(self._settings, gives_up=True)
            await producer.start()
            self._producer = producer

    async def write(self, place: int, values: Mapping[bytes, bytes], generation: int, at: Instant) -> dict[bytes, int]:
        """Write values by key to one partition, as of a generation of the group; the offset of each.

        Raises:
            aiokafka.errors.KafkaError: not all could be written; some may have been.

        """
        if self._producer is None:
            message = "nothing can be written before the start or after the stop"
            raise RuntimeError(message)
        headers, stamp = [(GENERATION, str(generation).encode())], at // MILLISECOND
        sent = [
            await self._producer.send(AGREEMENTS_TOPIC, value, key, place, timestamp_ms=stamp, headers=headers)
            for key, value in values.items()
        ]
        written = await asyncio.gather(*sent)
        return {key: one.offset for key, one in zip(values, written, strict=True)}

    async def stop(self) -> None:
        """Disconnect, and give up what is on its way; again, nothing happens."""
        if self._producer is not None:
            producer, self._producer = self._producer, None
            await producer.stop()
