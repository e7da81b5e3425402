"""Writing what follows from a batch, in an order that survives a crash at any point.

1. Outputs: breaches, period figures, open clocks, rejected records, facts that merged leads send on; all delivered, acknowledged by all
   replicas in sync.
2. The changelog of the leads; delivered likewise.
Only then may the batch be acknowledged (3) and its offset committed (4), which is the agent's and Faust's part.

Killed before 2, the batch is read again, the facts join again, and the notices published already are found published. Killed
before 4 likewise. Whatever cannot be delivered raises, and the worker stops.
"""

import asyncio
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Final

from aiokafka import AIOKafkaProducer
from aiokafka.errors import (
    KafkaError,
    LeaderNotAvailableError,
    NotLeaderForPartitionError,
    UnknownTopicOrPartitionError,
)
from structlog import get_logger

from sla_rules.engine.changes import Changes
from sla_rules.engine.codec import encode_fact
from sla_rules.instants import Instant
from sla_rules.lead.facts import Forwarded
from sla_rules.names import BREACHES_TOPIC, CLOCKS_TOPIC, FORWARDED_TOPIC, PERIODS_TOPIC, REJECTED_TOPIC
from streams.clock import MILLISECOND, Clock
from streams.dead_letters.letters import to_dead_letter
from streams.dead_letters.rejected import Rejected
from streams.kafka.connection import new_producer
from streams.kafka.outgoing import Headers, OutgoingRecord
from streams.kafka.topics import changelog_of
from streams.partitions.lead_tables import LeadTables
from streams.partitions.offset_tracker import GENERATION, OffsetTracker
from streams.pipeline.counters import Counters
from streams.pipeline.output import OutputBatch
from streams.settings import Settings

OutgoingRecords = Iterable[OutgoingRecord]
Sent = dict[str, list[asyncio.Future[object]]]


log = get_logger("leadsla")

TRY_AGAIN_AFTER: Final = 1.0
"""Seconds between two attempts to write what nobody takes."""
_LEADERLESS: Final = LeaderNotAvailableError, NotLeaderForPartitionError, UnknownTopicOrPartitionError


class UndeliveredError(Exception):
    """What follows from a batch could not be made durable; the worker has to stop, unless `nobody_leads`."""

    def __init__(self, topic: str, why: KafkaError) -> None:
        self.topic: Final = topic
        self.nobody_leads: Final = isinstance(why, _LEADERLESS)
        """Whether no broker has the partition, as when the topic is gone: nothing was refused."""
        super().__init__(
            f"{topic} cannot be written: {why}; nothing of the batch is acknowledged, a restart reads it again"
        )


class Delivery:
    """Makes outputs durable through a producer of its own; what is durable is settled on disk and counted."""

    def __init__(
        self, settings: Settings, offsets: OffsetTracker, lead_tables: LeadTables, counters: Counters, clock: Clock
    ) -> None:
        self.changelog: Final = changelog_of(settings)
        self._settings = settings
        self._offsets = offsets
        self._lead_tables = lead_tables
        self._counters = counters
        self._clock = clock
        self._producer: AIOKafkaProducer | None = None
        self._headers: Headers = ()

    async def start(self) -> None:
        """Connect.

        Raises:
            aiokafka.errors.KafkaError: no broker answers.

        """
        self._producer = new_producer(self._settings)
        await self._producer.start()

    async def stop(self) -> None:
        """Disconnect; again, nothing happens."""
        if self._producer is not None:
            await self._producer.stop()
            self._producer = None

    def write_as(self, generation: int) -> None:
        """Say in each state from here on in which generation of the group its writer owned the partition."""
        self._headers = ((GENERATION, str(generation).encode()),)

    async def deliver(self, output: OutputBatch) -> None:
        """Write an output; again, and all of it, while nobody leads a partition that it goes to.

        Raises:
            UndeliveredError: something could not be delivered; nothing may be acknowledged.

        """
        while True:
            try:
                await self._deliver(output)
            except UndeliveredError as failed:
                if not failed.nobody_leads:
                    raise
                _say_that_it_waits(failed.topic)
                await asyncio.sleep(TRY_AGAIN_AFTER)
            else:
                break
        mark = self._offsets.end(self.changelog, output.partition)
        self._lead_tables.settle(output.partition, (*output.changes.states, *output.changes.left), mark)
        self._counters.count(output, self._clock())

    @property
    def _connected(self) -> AIOKafkaProducer:
        if self._producer is None:
            message = "nothing can be delivered before the start or after the stop"
            raise RuntimeError(message)
        return self._producer

    async def _deliver(self, output: OutputBatch) -> None:
        partition, at, changes, headers = output.partition, output.at, output.changes, self._headers
        outputs: Sent = {}
        with _named(BREACHES_TOPIC):
            outputs[BREACHES_TOPIC] = await self._send(BREACHES_TOPIC, partition, _notices(changes), at)
        with _named(PERIODS_TOPIC):
            outputs[PERIODS_TOPIC] = await self._send(PERIODS_TOPIC, partition, _pairs(output.figures), at)
        with _named(CLOCKS_TOPIC):
            outputs[CLOCKS_TOPIC] = await self._send(CLOCKS_TOPIC, partition, _pairs(changes.clocks), at)
        with _named(REJECTED_TOPIC):
            outputs[REJECTED_TOPIC] = await self._dead_letter(output.decoded.rejected, partition, at)
        with _named(FORWARDED_TOPIC):
            outputs[FORWARDED_TOPIC] = await self._forward(changes.forwards, at)
        await _delivered(outputs, self._settings.request_timeout_seconds)
        with _named(self.changelog):
            changelog = await self._send(self.changelog, partition, _states(changes, headers), at)
        await _delivered({self.changelog: changelog}, self._settings.request_timeout_seconds)

    async def _send(
        self, topic: str, partition: int, records: OutgoingRecords, at: Instant
    ) -> list[asyncio.Future[object]]:
        """Hand records to the producer, as few batches as hold them; a future for each batch."""
        timestamp = at // MILLISECOND
        futures: list[asyncio.Future[object]] = []
        batch = None
        for key, value, headers in records:
            record = {"key": key, "value": value, "headers": list(headers), "timestamp": timestamp}
            if batch is not None and batch.append(**record) is None:
                futures.append(await self._close(batch, topic, partition))
                batch = None
            if batch is None:
                batch = self._connected.create_batch()
                batch.append(**record)
        if batch is not None:
            futures.append(await self._close(batch, topic, partition))
        return futures

    async def _close(self, batch: object, topic: str, partition: int) -> asyncio.Future[object]:
        batch.close()  # type: ignore[attr-defined]
        count: int = batch.record_count()  # type: ignore[attr-defined]
        future: asyncio.Future[Any] = await self._connected.send_batch(batch, topic, partition=partition)

        def account(sent: asyncio.Future[Any]) -> None:
            if not sent.cancelled() and sent.exception() is None:
                self._offsets.wrote(topic, partition, sent.result().offset, count)

        future.add_done_callback(account)
        return future

    async def _forward(
        self, forwards: Mapping[bytes, Sequence[Forwarded]], at: Instant
    ) -> list[asyncio.Future[object]]:
        """Send facts of merged leads on, each to the partition of the lead it has to reach."""
        return [
            await self._connected.send(
                FORWARDED_TOPIC, key=lead, value=encode_fact(fact), timestamp_ms=at // MILLISECOND
            )
            for lead, facts in forwards.items()
            for fact in facts
        ]

    async def _dead_letter(
        self, rejected: Sequence[Rejected], partition: int, at: Instant
    ) -> list[asyncio.Future[object]]:
        """Dead-letter records in the order they came; the rejected topic may have fewer partitions than the others."""
        if not rejected:
            return []
        places = sorted(await self._connected.partitions_for(REJECTED_TOPIC))
        return await self._send(REJECTED_TOPIC, places[partition % len(places)], map(to_dead_letter, rejected), at)


def _notices(changes: Changes) -> OutgoingRecords:
    yield from (OutgoingRecord(key.encode(), value) for key, value in changes.notices.items())
    yield from (OutgoingRecord(key.encode(), None) for key in changes.forgotten)


def _states(changes: Changes, headers: Headers) -> OutgoingRecords:
    yield from _pairs(changes.states, headers)
    yield from (OutgoingRecord(lead, None, headers) for lead in changes.left)


def _pairs(values: Mapping[bytes, bytes] | Mapping[bytes, bytes | None], headers: Headers = ()) -> OutgoingRecords:
    return (OutgoingRecord(key, value, headers) for key, value in values.items())


async def _delivered(sent: Sent, say_every: float) -> None:
    """Wait until all is acknowledged, however long that takes; say every so many seconds that it does."""
    for topic, futures in sent.items():
        with _named(topic):
            for future in futures:
                while not future.done():
                    await asyncio.wait([future], timeout=say_every)
                    if not future.done():
                        _say_that_it_waits(topic)
                future.result()


def _say_that_it_waits(topic: str) -> None:
    log.warning("nobody takes what has to be written; trying again", topic=topic)


@contextmanager
def _named(topic: str) -> Iterator[None]:
    """Errors of the client name no topic; ours does."""
    try:
        yield
    except KafkaError as error:
        raise UndeliveredError(topic, error) from error
