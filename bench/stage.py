"""The real Kafka that benchmarks run on, and the topics on it."""

import asyncio
import logging
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from confluent_kafka import Consumer, Message, TopicPartition

from bench.progress import say, shown
from bench.workload import Record
from sla_rules.names import (
    AGREEMENTS_TOPIC,
    BREACHES_TOPIC,
    CLOCKS_TOPIC,
    INPUT_TOPICS,
    PERIODS_TOPIC,
    PROGRESS_TOPIC,
    REJECTED_TOPIC,
)
from streams.kafka.publisher import Publisher
from streams.kafka.topics import agreed_of, clock_of, plan
from streams.settings import Settings
from tests.real_parts.kafka import RealKafka
from tests.real_parts.kafka_choice import running_kafka

PARTITIONS: Final = 4
_FOR_EVER: Final = "-1"
_ANSWER_SECONDS: Final = 15.0


@dataclass(slots=True)
class Stage:
    """A broker with a folder for whatever runs against it. Topics of events keep the stamps of their publisher."""

    kafka: RealKafka
    folder: Path
    partitions: int = PARTITIONS
    _made: int = field(default=0)

    def settings(self, group: str) -> Settings:
        """Those of a client of ours."""
        return Settings(broker=self.kafka.bootstrap, group=group)

    def new_name(self, base: str) -> str:
        """A name that nothing on the broker has yet."""
        self._made += 1
        return f"bench-{base}-{self._made}"

    def new_folder(self, name: str) -> Path:
        """An empty folder."""
        folder = self.folder / name
        folder.mkdir()
        return folder

    def empty_events(self) -> None:
        """Empty topics for what CRMs tell; old stamps let nothing expire."""
        self.kafka.create_topics(INPUT_TOPICS, self.partitions, retention_ms=_FOR_EVER, retention_bytes=_FOR_EVER)

    def publish(self, records: Sequence[Record]) -> None:
        """Put records on the event topics."""
        asyncio.run(self._publish(records))

    async def _publish(self, records: Sequence[Record]) -> None:
        async with Publisher(self.settings("bench"), INPUT_TOPICS) as publisher:
            for record in shown(records, "publishing"):
                await publisher.publish(record.topic, record.key, record.value, stamp=record.stamp)

    def empty_outputs(self) -> None:
        """Empty topics for what a worker tells, stamped by the broker as it takes it."""
        stamped = {"message_timestamp_type": "LogAppendTime"}
        told = [BREACHES_TOPIC, PERIODS_TOPIC, CLOCKS_TOPIC, AGREEMENTS_TOPIC]
        self.kafka.create_topics(told, self.partitions, cleanup_policy="compact", **stamped)
        self.kafka.create_topics([PROGRESS_TOPIC], 1, cleanup_policy="compact", **stamped)
        size = plan(Settings())[REJECTED_TOPIC]["max.message.bytes"]
        self.kafka.create_topics([REJECTED_TOPIC], self.partitions, max_message_bytes=size, **stamped)

    def empty_changelog(self, name: str) -> None:
        """An empty changelog."""
        self.kafka.create_topics([name], self.partitions, cleanup_policy="compact")

    def empty_memory(self, group: str) -> None:
        """No memory of agreements that a group worked with, nor of what time it was."""
        self.kafka.create_topics([agreed_of(self.settings(group))], 1, cleanup_policy="compact")
        self.kafka.create_topics([clock_of(self.settings(group))], 1, message_timestamp_type="LogAppendTime")

    def places(self, topics: Iterable[str]) -> list[TopicPartition]:
        """Every partition of the topics."""
        return [TopicPartition(topic, number) for topic in topics for number in range(self.partitions)]

    def ends(self, topics: Iterable[str]) -> dict[tuple[str, int], int]:
        """The offset each partition ends at; those of empty ones are left out."""
        with reader(self.kafka.bootstrap, "bench-ends") as client:
            ends = {
                (place.topic, place.partition): client.get_watermark_offsets(place, _ANSWER_SECONDS)[1]
                for place in self.places(topics)
            }
        return {place: end for place, end in ends.items() if end}

    def records(self, topic: str, first: Mapping[int, int] | None = None) -> Iterator[Message]:
        """Every record that lies in a topic, partition by partition; from offsets on, where some are given."""
        with reader(self.kafka.bootstrap, "bench-records") as client:
            for place in self.places([topic]):
                position, end = client.get_watermark_offsets(place, _ANSWER_SECONDS)
                place.offset = position = max(position, (first or {}).get(place.partition, 0))
                client.assign([place])
                while position < end:
                    for message in client.consume(10_000, 1.0):
                        position = (message.offset() or 0) + 1
                        yield message

    def last_values(self, topic: str) -> Iterator[tuple[bytes, bytes]]:
        """The last value of each key, read from the beginning, partition by partition."""
        with reader(self.kafka.bootstrap, "bench-read") as client:
            for place in self.places([topic]):
                values: dict[bytes, bytes] = {}
                low, end = client.get_watermark_offsets(place, _ANSWER_SECONDS)
                place.offset = low
                client.assign([place])
                while low < end:
                    for message in client.consume(10_000, 1.0):
                        low = message.offset() + 1  # type: ignore[operator]  # a message read has an offset
                        values[message.key()] = message.value()  # type: ignore[index, assignment]
                yield from values.items()


@contextmanager
def reader(broker: str, group: str) -> Iterator[Consumer]:
    """A client that reads and asks without joining a group."""
    client = Consumer({"bootstrap.servers": broker, "group.id": group, "enable.auto.commit": False})
    try:
        yield client
    finally:
        client.close()


@contextmanager
def stage(partitions: int = PARTITIONS) -> Iterator[Stage]:
    """A broker of our own (or the one that LEADSLA_TEST_KAFKA names) while the block runs."""
    # A topic that was created just now has no leader for a moment, and the client says so a hundred times.
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)
    with tempfile.TemporaryDirectory(prefix="leadsla-bench-") as name:
        folder = Path(name)
        kafka = running_kafka(folder)
        say(f"a real Kafka listens on {kafka.bootstrap}")
        try:
            yield Stage(kafka, folder, partitions)
        finally:
            kafka.close()
