"""The service itself, as ops run it: `leadsla worker` in a process of its own, against any broker."""

import asyncio
import http.client
from collections.abc import Awaitable, Iterable, Mapping
from itertools import islice
from pathlib import Path
from typing import Any, ClassVar, Final, Self

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.structs import ConsumerRecord
from prometheus_client.parser import text_string_to_metric_families

from tests.events import Sent
from tests.real_parts.loopback import AT_MOST, HOST, answers, free_port, request, wait_until
from tests.real_parts.program import PythonProgram

PARTITIONS = 4
ALWAYS: Final = "1970-01-01T00:00:00Z"
"""So that nothing that a test tells is history, unless it says so."""


class Worker:
    """One worker process; started when built, stopped by `with`. `module` is run, where it is another than the command."""

    module: ClassVar = "leadsla"
    afresh: ClassVar = False

    def __init__(
        self,
        broker: str,
        agreements: Path,
        folder: Path,
        name: str = "worker",
        module: str | None = None,
        **settings: str,
    ) -> None:
        self.address = f"{HOST}:{free_port()}"
        self.program = PythonProgram(
            module or self.module,
            ["worker"],
            folder / f"{name}.log",
            {
                "LEADSLA_BROKER": broker,
                "LEADSLA_AGREEMENTS": str(agreements),
                "LEADSLA_METRICS_PORT": self.address.rpartition(":")[2],
                "LEADSLA_DATA_DIR": str(folder / name),
                "LEADSLA_SESSION_TIMEOUT_SECONDS": "6",
                "LEADSLA_LISTENING_SINCE": ALWAYS,
                **settings,
            },
            afresh=self.afresh,
        )
        self.start()

    def start(self) -> None:
        """Start, and wait until it serves a partition."""
        self.program.begin()
        self.until_ready()

    def until_ready(self) -> None:
        """Wait until it serves a partition."""
        self.program.until(lambda: answers(self.address, "/readyz"))

    def series(self, name: str, **labels: str) -> dict[frozenset[tuple[str, str]], float]:
        """Values of a metric by labels, of the series that have the labels asked for."""
        _, body = request(self.address, "GET", "/metrics")
        lines = [line for line in body.decode().splitlines(keepends=True) if line.startswith(name)]
        return {
            frozenset(sample.labels.items()): sample.value
            for family in text_string_to_metric_families("".join(lines))
            for sample in family.samples
            if sample.name == name and labels.items() <= sample.labels.items()
        }

    def says(self, path: str) -> tuple[bool, str]:
        """Whether `/livez` or `/readyz` finds it well, and the sentence that says why."""
        status, body = request(self.address, "GET", path)
        return status == http.client.OK, body.decode().rstrip("\n")

    def total(self, name: str, **labels: str) -> float:
        """The sum of those series."""
        return sum(self.series(name, **labels).values())

    def wait_for(self, name: str, value: float, timeout: float = AT_MOST, **labels: str) -> None:
        """Wait until the sum reaches a value; AssertionError with what it is otherwise."""
        if not wait_until(lambda: self.total(name, **labels) >= value, timeout):
            message = f"{name}{labels} is {self.total(name, **labels)}, not {value}\n{self.program.tail()}"
            raise AssertionError(message)

    def stop(self) -> None:
        """Ask it to stop and wait."""
        self.program.stop()

    def __enter__(self) -> Self:
        """The running worker."""
        return self

    def __exit__(self, *_: object) -> None:
        """Stop it whatever happened."""
        self.stop()


class MeasuredWorker(Worker):
    """A worker whose memory is all its own: a fork begins with that of its parent."""

    afresh: ClassVar = True

    def most_memory(self) -> int:
        """The most bytes of memory that the process has had since it was started."""
        return self.program.most_memory()


async def send(broker: str, records: Iterable[Sent], compression: str | None = None, at_once: int = 1) -> None:
    """Publish records as a CRM with Java's partitioning would, so many under way at a time: one by one they are in order."""
    producer = AIOKafkaProducer(
        bootstrap_servers=broker, max_request_size=4 * 1024 * 1024, compression_type=compression
    )
    await producer.start()
    try:
        left = iter(records)
        while together := list(islice(left, at_once)):
            await asyncio.gather(*[await _under_way(producer, one) for one in together])
    finally:
        await producer.stop()


async def _under_way(producer: AIOKafkaProducer, one: Sent) -> Awaitable[Any]:
    """What comes when the broker has the record."""
    if one.key is None and one.value is None:  # what `send` refuses, and other clients do not
        batch = producer.create_batch()
        batch.append(key=None, value=None, timestamp=None, headers=list(one.headers))
        sent: Awaitable[Any] = await producer.send_batch(batch, one.topic, partition=one.partition or 0)
    else:
        sent = await producer.send(
            one.topic, one.value, key=one.key, partition=one.partition, headers=list(one.headers)
        )
    return sent


async def all_records(broker: str, *topics: str, partitions: int = PARTITIONS) -> list[ConsumerRecord]:
    """Everything that the topics hold now, each partition in order."""
    consumer = AIOKafkaConsumer(bootstrap_servers=broker, enable_auto_commit=False, max_partition_fetch_bytes=2**23)
    await consumer.start()
    try:
        tps = [TopicPartition(topic, partition) for topic in topics for partition in range(partitions)]
        consumer.assign(tps)
        ends = await consumer.end_offsets(tps)
        for tp, begin in (await consumer.beginning_offsets(tps)).items():
            consumer.seek(tp, begin)
        found: list[ConsumerRecord] = []
        while any([await consumer.position(tp) < ends[tp] for tp in tps]):
            for records in (await consumer.getmany(timeout_ms=200)).values():
                found.extend(records)
        return found
    finally:
        await consumer.stop()


async def last_values(broker: str, topic: str) -> Mapping[bytes, bytes]:
    """The last value of every key, as a reader of a compacted topic sees it."""
    last = {record.key: record.value for record in await all_records(broker, topic)}
    return {key: value for key, value in last.items() if value is not None}
