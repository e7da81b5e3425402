"""A broker that takes its time to answer, as one far away or under load does: nothing is lost by that."""

import asyncio
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from streams.kafka.topics import plan
from streams.settings import Settings
from tests.real_parts.absent import absent
from tests.real_parts.kafka import NoKafkaError
from tests.real_parts.loopback import answers, wait_until
from tests.real_parts.service import PARTITIONS, Worker
from tests.real_parts.slow_kafka import SlowKafka
from tests.real_parts.slow_link import AT_ONCE, Pace
from tests.streams.agreements import quick_agreement
from tests.streams.settling import ends_as_the_pure_fold_says
from tests.streams.steady_load import steady_load

pytestmark = pytest.mark.kafka

TIMES = 2
RECORDS_A_SECOND = 80.0
SLOW = Pace(0.2, 0.3)


@pytest.fixture
def slow_kafka(tmp_path: Path) -> Iterator[SlowKafka]:
    """A broker with the service's topics and a slow way to it, of this test's own."""
    try:
        broker = SlowKafka(tmp_path)
    except NoKafkaError as reason:
        absent(str(reason), "LEADSLA_REQUIRE_KAFKA")
    try:
        broker.create_planned(plan(Settings()), PARTITIONS)
        yield broker
    finally:
        broker.close()


async def test_workers_that_join_and_leave_while_the_broker_is_slow_lose_nothing(
    slow_kafka: SlowKafka, tmp_path: Path
) -> None:
    agreement = quick_agreement(tmp_path)
    broker = slow_kafka.links[0].address
    with Worker(broker, agreement, tmp_path, "first") as first, Worker(broker, agreement, tmp_path, "second") as second:
        async with steady_load(slow_kafka.bootstrap, seed=1, a_second=RECORDS_A_SECOND):
            for leaver in (first, second) * TIMES:
                await asyncio.to_thread(leaver.stop)
                await asyncio.sleep(2)
                slow_kafka.pace(AT_ONCE)  # what a worker asks before it joins is not what this is about
                leaver.program.begin()
                assert await asyncio.to_thread(wait_until, partial(answers, leaver.address, "/livez"))
                slow_kafka.pace(SLOW)
                await asyncio.to_thread(leaver.until_ready)
                await asyncio.sleep(2)
        slow_kafka.pace(AT_ONCE)
        await ends_as_the_pure_fold_says(slow_kafka.bootstrap, agreement)
