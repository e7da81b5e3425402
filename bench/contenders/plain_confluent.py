"""The limit by librdkafka: a confluent-kafka loop that does nothing but the job."""

import signal
from collections import defaultdict
from time import monotonic
from typing import Any

from confluent_kafka import Consumer, KafkaError, KafkaException, Message, Producer

from bench.contenders.job import BATCH, COMMIT_SECONDS, Arrived, BatchJob, Once, Task
from sla_rules.names import INPUT_TOPICS


class Undelivered:
    """The first error that a delivery report brought."""

    def __init__(self) -> None:
        self.error: KafkaError | None = None

    def __call__(self, error: KafkaError | None, _: Message) -> None:
        """Take a delivery report."""
        self.error = self.error or error


def run(task: Task) -> None:
    """Read, fold, write the changelog, wait until it is delivered, and commit once a second."""
    stopped: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, _: stopped.append(number))
    consumer = Consumer(
        {
            "bootstrap.servers": task.broker,
            "group.id": task.group,
            "auto.offset.reset": "earliest",
            "enable.auto.commit": False,
            "fetch.message.max.bytes": 4 * 1024 * 1024,
        }
    )
    producer = Producer(
        {
            "bootstrap.servers": task.broker,
            "enable.idempotence": True,
            "compression.type": "zstd",
            "linger.ms": 0,
            "batch.size": 256 * 1024,
            "queue.buffering.max.messages": 1_000_000,
        }
    )
    ready, undelivered = Once(), Undelivered()
    consumer.subscribe(list(INPUT_TOPICS), on_assign=lambda *_: ready())
    job, committed_at = BatchJob(task.partitions), monotonic()
    read = False
    while not stopped:
        messages = consumer.consume(BATCH, 0.1)
        for partition, records in _by_partition(messages).items():
            for key, value in job.fold(partition, records).items():
                producer.produce(task.changelog, value, key, partition, on_delivery=undelivered)
            producer.poll(0)
        producer.flush()
        if undelivered.error is not None:
            raise KafkaException(undelivered.error)
        read = read or bool(messages)
        if read and monotonic() - committed_at >= COMMIT_SECONDS:
            _commit(consumer)
            committed_at = monotonic()
    consumer.close()


def _commit(consumer: Consumer) -> None:
    try:
        consumer.commit(asynchronous=False)
    except KafkaException as failure:
        # Nothing was read since the last commit.
        if failure.args[0].code() != KafkaError._NO_OFFSET:  # noqa: SLF001 - named so by the library
            raise


def _by_partition(messages: list[Message]) -> dict[int, list[Arrived]]:
    found: defaultdict[int, list[Arrived]] = defaultdict(list)
    for message in messages:
        if message.error():
            raise KafkaException(message.error())
        found[message.partition()].append(arrived(message))  # type: ignore[index]  # a message read has a place
    return found


def arrived(message: Any) -> Arrived:
    """The message as the job reads it."""
    stamp = message.timestamp()[1]
    headers = message.headers() or ()
    return Arrived(
        message.topic(), message.partition(), message.offset(), stamp, message.key(), message.value(), headers
    )


if __name__ == "__main__":
    run(Task.given())
