"""The limit: an aiokafka loop that does nothing but the job, with the worker's own client settings."""

import asyncio
import signal
from collections.abc import Mapping, Sequence
from time import monotonic
from typing import Protocol

import uvloop
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

from bench.contenders.job import BATCH, COMMIT_SECONDS, BatchJob, Once, Task
from sla_rules.names import INPUT_TOPICS
from streams.reading.records import Record


class Job(Protocol):
    """What is done with batches of a partition."""

    def fold(self, partition: int, records: Sequence[Record]) -> Mapping[bytes, bytes]:
        """The states to write, by lead."""


async def run(task: Task, job: Job) -> None:
    """Read, fold, write the changelog, wait until it is delivered, and commit once a second."""
    stopped = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopped.set)
    consumer = AIOKafkaConsumer(
        *INPUT_TOPICS,
        bootstrap_servers=task.broker,
        group_id=task.group,
        auto_offset_reset="earliest",
        enable_auto_commit=False,
        max_partition_fetch_bytes=4 * 1024 * 1024,
    )
    producer = AIOKafkaProducer(
        bootstrap_servers=task.broker,
        acks="all",
        enable_idempotence=True,
        compression_type="zstd",
        max_batch_size=256 * 1024,
    )
    await producer.start()
    await consumer.start()
    ready, committed_at = Once(), monotonic()
    while not stopped.is_set():
        fetched = await consumer.getmany(timeout_ms=100, max_records=BATCH)
        if consumer.assignment():
            ready()
        for place, records in fetched.items():
            await _write(producer, task.changelog, place.partition, job.fold(place.partition, records))
        if monotonic() - committed_at >= COMMIT_SECONDS and consumer.assignment():
            await consumer.commit()
            committed_at = monotonic()
    await consumer.stop()
    await producer.stop()


async def _write(producer: AIOKafkaProducer, topic: str, partition: int, states: Mapping[bytes, bytes]) -> None:
    futures = []
    batch = None
    for key, value in states.items():
        if batch is not None and batch.append(key=key, value=value, timestamp=None) is None:
            batch.close()
            futures.append(await producer.send_batch(batch, topic, partition=partition))
            batch = None
        if batch is None:
            batch = producer.create_batch()
            batch.append(key=key, value=value, timestamp=None)
    if batch is not None:
        batch.close()
        futures.append(await producer.send_batch(batch, topic, partition=partition))
    for future in futures:
        await future


if __name__ == "__main__":
    uvloop.install()
    given = Task.given()
    asyncio.run(run(given, BatchJob(given.partitions)))
