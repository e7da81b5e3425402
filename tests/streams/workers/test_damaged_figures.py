"""What somebody else writes to `sla-periods` stops no worker, and is written over where it hides what a worker knows."""

import asyncio
from functools import partial
from pathlib import Path

import pytest
from aiokafka import AIOKafkaProducer

from sla_rules.names import PERIODS_TOPIC
from tests.real_parts.kafka import RealKafka
from tests.real_parts.loopback import until
from tests.real_parts.service import Worker, all_records, last_values, send
from tests.streams.agreements import quick_agreement
from tests.streams.histories import careless_history
from tests.streams.settling import ends_as_the_pure_fold_says

pytestmark = pytest.mark.kafka

NOBODYS, RUBBISH = b"nobody's", b"{rubbish"


async def damage(broker: str) -> int:
    """Write over all figures of one partition, and beside them what is nobody's; how many were written over."""
    found = {record.key: record.partition for record in await all_records(broker, PERIODS_TOPIC)}
    keys = [key for key, partition in found.items() if partition == 1 and key != NOBODYS]
    async with AIOKafkaProducer(bootstrap_servers=broker) as producer:
        for number, key in enumerate(keys):
            await producer.send_and_wait(PERIODS_TOPIC, RUBBISH if number % 2 else None, key=key, partition=1)
    await write(broker, RUBBISH)
    return len(keys)


async def is_written_over(broker: str) -> bool:
    """Whether what is nobody's is all that is damaged."""
    return [key for key, value in (await last_values(broker, PERIODS_TOPIC)).items() if value == RUBBISH] == [
        b"nobody's"
    ]


async def test_figures_that_somebody_damages_are_written_over_by_a_worker_that_runs_and_by_one_that_starts(
    service_kafka: RealKafka, tmp_path: Path
) -> None:
    agreement, broker = quick_agreement(tmp_path), service_kafka.bootstrap
    with Worker(broker, agreement, tmp_path) as worker:
        await send(broker, careless_history(seed=94, leads=20))
        await ends_as_the_pure_fold_says(broker, agreement)

        assert await damage(broker)
        await until(partial(is_written_over, broker))
        worker.program.kill()
        assert await damage(broker)
        await asyncio.to_thread(worker.program.begin)

        await until(partial(is_written_over, broker))
        await send(broker, careless_history(seed=95, leads=20))
        await write(broker, None)
        await ends_as_the_pure_fold_says(broker, agreement)


async def write(broker: str, value: bytes | None) -> None:
    """Write under a key that is nobody's."""
    async with AIOKafkaProducer(bootstrap_servers=broker) as producer:
        await producer.send_and_wait(PERIODS_TOPIC, value, key=NOBODYS, partition=1)
