"""No room under a worker's leads, or under the broker: a clear stop or a wait, and nothing lost once there is room."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from bench.soak.comparison import compared
from streams.kafka.topics import plan
from streams.settings import Settings
from tests.real_parts.absent import absent
from tests.real_parts.kafka import NoKafkaError, RealKafka
from tests.real_parts.kafka_by_java import KafkaByJava
from tests.real_parts.loopback import wait_until
from tests.real_parts.service import PARTITIONS, Worker, send
from tests.real_parts.small_disk import LimitedFiles, SmallDisk, small_disk
from tests.streams.agreements import quick_agreement
from tests.streams.histories import careless_history
from tests.streams.settling import ends_as_the_pure_fold_says
from tests.streams.steady_load import steady_load

pytestmark = pytest.mark.kafka

LEADS = 150


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[SmallDisk]:
    with small_disk(tmp_path / "disk") as small:
        yield small


@pytest.mark.parametrize("limited", [False, True])
async def test_a_worker_without_room_for_leads_stops_with_one_sentence_and_goes_on_when_there_is_room(
    service_kafka: RealKafka, disk: SmallDisk, tmp_path: Path, *, limited: bool
) -> None:
    small = LimitedFiles(disk.folder) if limited else disk
    agreement = quick_agreement(tmp_path)
    broker = service_kafka.bootstrap
    settings = {"LEADSLA_STORE": "rocksdb", "LEADSLA_DATA_DIR": str(small.folder / "data")}
    with Worker(broker, agreement, tmp_path, **settings) as worker:
        await send(broker, careless_history(seed=60, leads=LEADS))
        await ends_as_the_pure_fold_says(broker, agreement)
        small.fill(worker.program)
        await send(broker, careless_history(seed=61, leads=LEADS))

        assert await asyncio.to_thread(worker.program.ends) == 1
        sentence = worker.program.tail().splitlines()[-1]
        assert sentence.startswith("leadsla worker: ")
        assert "LEADSLA_DATA_DIR" in sentence
        assert "Traceback" not in worker.program.log()

        small.free()
        await asyncio.to_thread(worker.start)
        await ends_as_the_pure_fold_says(broker, agreement)


async def test_a_broker_without_room_ends_and_nothing_that_it_acknowledged_is_lost_when_there_is_room(
    disk: SmallDisk, tmp_path: Path
) -> None:
    agreement = quick_agreement(tmp_path)
    try:
        kafka = KafkaByJava(tmp_path, data=disk.folder / "data")
    except NoKafkaError as reason:
        absent(str(reason), "LEADSLA_REQUIRE_KAFKA")
    try:
        kafka.create_planned(plan(Settings()), PARTITIONS)
        with Worker(kafka.bootstrap, agreement, tmp_path) as worker:
            async with steady_load(kafka.bootstrap, seed=1, a_second=100) as load:
                assert await asyncio.to_thread(wait_until, lambda: load.published > 300)
                disk.fill(kafka.program)
                assert await asyncio.to_thread(wait_until, lambda: not kafka.program.running)
                assert await asyncio.to_thread(wait_until, lambda: not worker.says("/readyz")[0])
                assert worker.program.running
                disk.free()
                await asyncio.to_thread(kafka.start)
                before = load.published
                assert await asyncio.to_thread(wait_until, lambda: load.published > before + 300)
            ending = await compared(kafka.bootstrap, agreement, load.published, lambda _: None)
            assert ending.differences == [], worker.program.tail()
            assert ending.breaches > 0
    finally:
        kafka.close()
