"""Three brokers, every record on three and acknowledged by two: leaders, a follower and a majority go under load."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bench.soak.comparison import compared
from bench.soak.seats import Seat
from streams.kafka.connection import new_producer
from streams.kafka.topic_settings import check_sizes, wrong_settings
from streams.kafka.topics import check_topics, create_topics, plan
from streams.settings import Settings
from tests.real_parts.absent import absent
from tests.real_parts.kafka import NoKafkaError
from tests.real_parts.kafka_cluster import FOLLOWER, KafkaCluster
from tests.real_parts.loopback import wait_until
from tests.real_parts.service import PARTITIONS, Worker
from tests.streams.agreements import quick_agreement
from tests.streams.steady_load import Load, steady_load

pytestmark = pytest.mark.kafka

RECORDS_A_SECOND = 60.0
PATIENT = {"LEADSLA_PATIENCE_SECONDS": "300"}
"""However long nodes take to start: a batch that waits for them is no reason to end a worker here."""


@pytest.fixture(scope="module")
def three_brokers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KafkaCluster]:
    try:
        cluster = KafkaCluster(tmp_path_factory.mktemp("cluster"))
    except NoKafkaError as reason:
        absent(str(reason), "LEADSLA_REQUIRE_KAFKA")
    yield cluster
    cluster.close()


@pytest.fixture
def cluster(three_brokers: KafkaCluster) -> KafkaCluster:
    """All three, with the service's topics, all of them empty."""
    three_brokers.start()
    three_brokers.wait_for_all_in_sync()
    three_brokers.create_planned(plan(Settings()), PARTITIONS)
    return three_brokers


@asynccontextmanager
async def under_load(cluster: KafkaCluster, folder: Path, endings: Counter[str]) -> AsyncIterator[Load]:
    """Two supervised workers and a publisher within the block; after it, what is there is what should be.

    What ended workers is counted in `endings`.
    """
    agreement = quick_agreement(folder)
    with (
        Seat(cluster.bootstrap, agreement, folder, "first", **PATIENT) as first,
        Seat(cluster.bootstrap, agreement, folder, "second", **PATIENT) as second,
    ):
        kept = [asyncio.create_task(seat.keep_running()) for seat in (first, second)]
        try:
            for seat in (first, second):
                assert await asyncio.to_thread(wait_until, seat.is_ready), seat.program.tail()
            async with steady_load(cluster.bootstrap, seed=1, a_second=RECORDS_A_SECOND) as load:
                await published(load, 100)
                yield load
            ending = await compared(cluster.bootstrap, agreement, load.published, lambda _: None)
            endings.update(first.endings + second.endings)
        finally:
            for keeping in kept:
                keeping.cancel()
            await asyncio.gather(*kept, return_exceptions=True)
    assert ending.differences == [], f"{ending}\n{first.program.tail()}\n\n{second.program.tail()}"
    assert ending.breaches > 0


async def published(load: Load, more: int) -> None:
    """Wait until so many more records are acknowledged."""
    wanted = load.published + more
    assert await asyncio.to_thread(wait_until, lambda: load.published >= wanted), f"{load.published} of {wanted}"


async def test_leaders_killed_under_load_are_succeeded_and_nothing_is_lost(
    cluster: KafkaCluster, tmp_path: Path
) -> None:
    endings: Counter[str] = Counter()
    async with under_load(cluster, tmp_path, endings) as load:
        for _ in range(2):
            leader = await asyncio.to_thread(cluster.leader_of, "handed-off", 0)
            cluster.kill_nodes(leader)
            await published(load, 300)
            assert await asyncio.to_thread(cluster.leader_of, "handed-off", 0) != leader
            await asyncio.to_thread(cluster.start_nodes, leader)
            await asyncio.to_thread(cluster.wait_for_all_in_sync)
            await published(load, 100)

    assert endings == {}


async def test_a_worker_may_start_while_one_of_three_brokers_is_down(cluster: KafkaCluster) -> None:
    settings = Settings(broker=cluster.bootstrap)
    cluster.kill_nodes(FOLLOWER)

    assert {await check_topics(settings) for _ in range(12)} == {PARTITIONS}


async def test_topics_that_are_created_while_a_broker_stands_still_are_missing_to_nobody_when_it_goes_on(
    cluster: KafkaCluster,
) -> None:
    settings = Settings(broker=cluster.bootstrap, group="created-late")
    behind = settings.model_copy(update={"broker": cluster.address_of(FOLLOWER)})
    with cluster.standing_still(FOLLOWER):
        created = await create_topics(settings, PARTITIONS, 2)
        assert set(created) == plan(settings).keys() - plan(Settings()).keys()
        assert await check_topics(settings) == PARTITIONS

    assert await check_topics(behind) == PARTITIONS
    await check_sizes(behind)
    assert await wrong_settings(behind) == []


async def test_what_waits_for_a_leader_longer_than_a_request_may_take_is_written_when_there_is_one(
    cluster: KafkaCluster,
) -> None:
    """Records of an idempotent producer are numbered: if one was given up, the broker would refuse those after it."""
    cluster.create_on(FOLLOWER, "of-one-node")
    async with new_producer(Settings(broker=cluster.bootstrap, request_timeout_seconds=1)) as producer:
        await producer.send_and_wait("of-one-node", b"0", partition=0)
        cluster.kill_nodes(FOLLOWER)
        assert await asyncio.to_thread(wait_until, lambda: cluster.is_leaderless("of-one-node"))
        waiting = await producer.send("of-one-node", b"1", partition=0)
        await asyncio.sleep(5)
        await asyncio.to_thread(cluster.start_nodes, FOLLOWER)

        assert (await waiting).offset == 1
        assert (await producer.send_and_wait("of-one-node", b"2", partition=0)).offset == 2


async def test_a_follower_killed_under_load_is_not_missed(cluster: KafkaCluster, tmp_path: Path) -> None:
    endings: Counter[str] = Counter()
    async with under_load(cluster, tmp_path, endings) as load:
        cluster.kill_nodes(FOLLOWER)
        await published(load, 600)
        await asyncio.to_thread(cluster.start_nodes, FOLLOWER)

    assert endings == {}


async def test_with_two_of_three_brokers_down_nothing_is_acknowledged_that_could_be_lost(
    cluster: KafkaCluster, tmp_path: Path
) -> None:
    endings: Counter[str] = Counter()
    async with under_load(cluster, tmp_path, endings) as load:
        cluster.kill_nodes(1, FOLLOWER)
        await asyncio.sleep(5)
        before = load.published
        await asyncio.sleep(15)
        assert load.published == before, "one broker alone acknowledges nothing"
        await asyncio.to_thread(cluster.start_nodes, 1, FOLLOWER)
        await published(load, 300)

    assert endings == {}


async def test_a_worker_that_is_asked_to_stop_while_two_of_three_brokers_are_down_ends_by_itself_and_nothing_is_lost(
    cluster: KafkaCluster, tmp_path: Path
) -> None:
    agreement = quick_agreement(tmp_path)
    with Worker(cluster.bootstrap, agreement, tmp_path) as worker:
        async with steady_load(cluster.bootstrap, seed=2, a_second=RECORDS_A_SECOND) as load:
            await published(load, 100)
            cluster.kill_nodes(1, FOLLOWER)
            try:
                await asyncio.sleep(5)
                status = await asyncio.to_thread(worker.program.ends_when_asked)
            finally:
                await asyncio.to_thread(cluster.start_nodes, 1, FOLLOWER)
        said = worker.program.log().splitlines()
        await asyncio.to_thread(worker.start)
        ending = await compared(cluster.bootstrap, agreement, load.published, lambda _: None)

    assert (status, said[-1].partition("] ")[2]) == (0, "stopped [leadsla] status=0"), "\n".join(said)
    assert [line for line in said if "ending as if killed" in line or "Traceback" in line] == []
    assert ending.differences == []
