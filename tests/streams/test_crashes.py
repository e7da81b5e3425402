"""Killed at any moment, taken over by another worker, cut off from the broker: nothing lost, nothing said twice."""

import asyncio
from pathlib import Path
from random import Random

import pytest

from sla_rules.instants import SECOND
from streams.clock import wall_clock
from tests.real_parts.kafka import RealKafka
from tests.real_parts.loopback import wait_until
from tests.real_parts.service import PARTITIONS, Worker, send
from tests.streams.agreements import quick_agreement
from tests.streams.histories import careless_history
from tests.streams.oracle import expected, found

pytestmark = [pytest.mark.kafka, pytest.mark.timeout(300)]

KILLS = 8
LEADS_PER_ROUND = 150
CAUGHT_UP_SECONDS = 40.0


async def ends_as_the_pure_fold_says(broker: str, agreement: Path) -> None:
    """Wait until the topics hold what the pure fold says, and fail with the difference if they never do."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + CAUGHT_UP_SECONDS
    while (got := await found(broker)) != (wanted := await expected(broker, agreement, wall_clock())):
        if loop.time() > deadline:
            assert got == wanted
        await asyncio.sleep(0.5)


async def test_two_workers_killed_under_load_end_as_the_pure_fold_says(
    service_kafka: RealKafka, tmp_path: Path
) -> None:
    agreement = quick_agreement(tmp_path)
    chance = Random(8)  # noqa: S311 - a test's dice, not a secret's
    broker = service_kafka.bootstrap
    with Worker(broker, agreement, tmp_path, "first") as first, Worker(broker, agreement, tmp_path, "second") as second:
        for kill in range(KILLS):
            load = asyncio.create_task(send(broker, careless_history(kill, LEADS_PER_ROUND)))
            await asyncio.sleep(chance.uniform(0.1, 2.0))
            victim = chance.choice([first, second])
            victim.program.kill()
            await load
            await asyncio.to_thread(victim.start)
        await ends_as_the_pure_fold_says(broker, agreement)


async def test_a_worker_that_joins_takes_partitions_over_and_gives_them_back(
    service_kafka: RealKafka, tmp_path: Path
) -> None:
    agreement = quick_agreement(tmp_path)
    broker = service_kafka.bootstrap
    with Worker(broker, agreement, tmp_path, "first") as first:
        await send(broker, careless_history(seed=20, leads=LEADS_PER_ROUND))
        with Worker(broker, agreement, tmp_path, "second") as second:
            shared = wait_until(lambda: owned(first) + owned(second) == PARTITIONS and owned(second) > 0, 30)
            assert shared, f"{owned(first)} and {owned(second)} of {PARTITIONS}"
            await send(broker, careless_history(seed=21, leads=LEADS_PER_ROUND))
        assert wait_until(lambda: owned(first) == PARTITIONS, 30)
        await ends_as_the_pure_fold_says(broker, agreement)


async def test_a_broker_that_goes_away_and_comes_back_is_survived_by_restarting(
    service_kafka: RealKafka, tmp_path: Path
) -> None:
    agreement = quick_agreement(tmp_path)
    broker = service_kafka.bootstrap
    with Worker(broker, agreement, tmp_path, LEADSLA_REQUEST_TIMEOUT_SECONDS="8") as worker:
        await send(broker, careless_history(seed=30, leads=LEADS_PER_ROUND))
        with service_kafka.away():
            until = wall_clock() + 10 * SECOND
            await asyncio.to_thread(wait_until, lambda: wall_clock() > until, 20)
        if not worker.program.running:
            await asyncio.to_thread(worker.start)
        await send(broker, careless_history(seed=31, leads=LEADS_PER_ROUND))
        await ends_as_the_pure_fold_says(broker, agreement)


def owned(worker: Worker) -> float:
    """How many partitions the worker shows as its own."""
    return worker.total("leadsla_partition_owned", topic="handed-off")
