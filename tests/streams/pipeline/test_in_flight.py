"""What is in flight of one partition keeps no other waiting, and nothing of its own goes past it."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.errors import MessageSizeTooLargeError

from sla_rules.agreement.file import load_agreements
from sla_rules.agreement.rulebook import RuleBook
from sla_rules.names import REJECTED_TOPIC
from streams.faust_host.app import LeadApp, build_app
from streams.kafka.connection import LARGEST_EVENT, REJECTED_OVERHEAD, new_producer
from streams.kafka.partitioning import partition_of
from streams.kafka.topics import changelog_of
from streams.pipeline.delivery import UndeliveredError
from streams.pipeline.in_flight import InFlight
from streams.settings import Settings
from tests.events import Crm, Sent
from tests.real_parts.kafka import RealKafka
from tests.real_parts.loopback import AT_MOST, wait_until
from tests.real_parts.service import PARTITIONS, Worker, all_records, send
from tests.streams.agreements import quick_agreement
from tests.streams.settling import ends_as_the_pure_fold_says

CHANGELOG = changelog_of(Settings())
HELD, FREE = 1, 2
A_WHILE = 2.0
"""Seconds in which what must not happen would have happened."""


def lead_of(partition: int, number: int = 0) -> str:
    """A lead of a partition; another for each number."""
    names = (f"L-{at}" for at in range(1_000))
    return [name for name in names if partition_of(name.encode(), PARTITIONS) == partition][number]


class Gate:
    """Holds up what is on its way to the changelog of a partition, once it is shut."""

    def __init__(self) -> None:
        self._open: defaultdict[int, asyncio.Event] = defaultdict(asyncio.Event)
        self.waiting: set[int] = set()
        self._shut: set[int] = set()

    def shut(self, partition: int) -> None:
        self._shut.add(partition)

    def open(self) -> None:
        for partition in self._shut:
            self._open[partition].set()
        self._shut.clear()

    def producer(self, settings: Settings) -> AIOKafkaProducer:
        """The worker's own producer, with the gate before it."""
        producer = new_producer(settings)
        send_batch = producer.send_batch

        async def through_the_gate(batch: Any, topic: str, *, partition: int) -> Any:
            if topic == CHANGELOG and partition in self._shut:
                self.waiting.add(partition)
                await self._open[partition].wait()
                self.waiting.discard(partition)
            return await send_batch(batch, topic, partition=partition)

        producer.send_batch = through_the_gate
        return producer


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Gate:
    gate = Gate()
    monkeypatch.setattr("streams.pipeline.delivery.new_producer", gate.producer)
    return gate


async def until(condition: Callable[[], bool]) -> None:
    assert await asyncio.to_thread(wait_until, condition)


def serving(app: LeadApp) -> bool:
    """Whether all partitions are open and time has had its first say in each."""
    owned = app.parts.ownership.partitions
    return (
        len(owned) == PARTITIONS
        and not app.parts.ownership.recovering
        and not any(app.parts.timekeeper.is_due(partition) or owned[partition].tick_pending for partition in owned)
    )


def folded(app: LeadApp, lead: str) -> bool:
    owned = app.parts.ownership.partitions.get(partition_of(lead.encode(), PARTITIONS))
    return owned is not None and lead.encode() in owned.state.leads


@asynccontextmanager
async def running(kafka: RealKafka, folder: Path) -> AsyncIterator[LeadApp]:
    """A worker inside this process, with no deadline within a test's time."""
    rules = RuleBook(load_agreements([quick_agreement(folder, within="1h")]))
    # A worker that has not stopped in time ends its process, which here is that of all the tests.
    settings = Settings(broker=kafka.bootstrap, metrics_port=0, data_dir=folder, stop_within_seconds=3_600)
    app = build_app(settings, rules, PARTITIONS)
    await app.start()
    try:
        await until(partial(serving, app))
        yield app
    finally:
        async with asyncio.timeout(AT_MOST):  # it waits for what a test that failed still holds up
            await app.stop()


async def committed(broker: str, *partitions: int) -> list[int | None]:
    """Up to where hand-offs of partitions are committed."""
    async with AIOKafkaConsumer(bootstrap_servers=broker, group_id=Settings().group) as consumer:
        return [await consumer.committed(TopicPartition("handed-off", partition)) for partition in partitions]


async def written(broker: str, partition: int) -> list[bytes | None]:
    """The leads whose states the changelog of a partition has, in order."""
    return [record.key for record in await all_records(broker, CHANGELOG) if record.partition == partition]


@pytest.mark.kafka
async def test_while_a_delivery_of_one_partition_hangs_others_are_folded_and_committed_and_the_hanging_one_is_not(
    service_kafka: RealKafka, tmp_path: Path, gate: Gate
) -> None:
    broker = service_kafka.bootstrap
    crm = Crm()
    async with running(service_kafka, tmp_path) as app:
        gate.shut(HELD)
        await send(broker, [crm.handed_off(lead_of(HELD))])
        await until(lambda: gate.waiting == {HELD})

        await send(broker, [crm.handed_off(lead_of(FREE)), crm.handed_off(lead_of(FREE, 1))])
        await until(lambda: app.parts.counters.events["handed-off", "accepted"] == 2)
        await app.consumer.commit()
        assert await committed(broker, HELD, FREE) == [None, 2]
        assert len(app.consumer.unacked) == 1
        assert await written(broker, HELD) == []

        gate.open()
        await until(lambda: app.parts.counters.events["handed-off", "accepted"] == 3)
        await app.consumer.commit()
        assert await committed(broker, HELD, FREE) == [1, 2]


@pytest.mark.kafka
async def test_nothing_of_a_partition_is_folded_before_what_went_before_it_is_delivered(
    service_kafka: RealKafka, tmp_path: Path, gate: Gate
) -> None:
    broker = service_kafka.bootstrap
    crm = Crm()
    first, second = lead_of(HELD), lead_of(HELD, 1)
    async with running(service_kafka, tmp_path) as app:
        gate.shut(HELD)
        await send(broker, [crm.handed_off(first)])
        await until(lambda: gate.waiting == {HELD})
        await send(broker, [crm.handed_off(second), crm.called(first, 1)])
        await asyncio.sleep(A_WHILE)
        assert (folded(app, first), folded(app, second)) == (True, False)

        gate.open()
        await until(lambda: sum(app.parts.counters.events.values()) >= 3)
    assert (await written(broker, HELD))[0] == first.encode()
    assert set(await written(broker, HELD)) == {first.encode(), second.encode()}


@pytest.mark.kafka
async def test_a_worker_that_is_asked_to_stop_delivers_and_commits_what_is_in_flight(
    service_kafka: RealKafka, tmp_path: Path, gate: Gate
) -> None:
    broker = service_kafka.bootstrap
    async with running(service_kafka, tmp_path) as app:
        gate.shut(HELD)
        await send(broker, [Crm().handed_off(lead_of(HELD))])
        await until(lambda: gate.waiting == {HELD})
        stopping = asyncio.create_task(app.stop())
        await asyncio.sleep(A_WHILE)
        assert not stopping.done()

        gate.open()
        await stopping
    assert await committed(broker, HELD) == [1]
    assert await written(broker, HELD) == [lead_of(HELD).encode()]


@pytest.mark.kafka
async def test_a_partition_is_not_given_away_while_something_of_it_is_in_flight(
    service_kafka: RealKafka, tmp_path: Path, gate: Gate
) -> None:
    broker = service_kafka.bootstrap
    agreement = quick_agreement(tmp_path, within="1h")
    async with running(service_kafka, tmp_path) as app:
        gate.shut(HELD)
        await send(broker, [Crm().handed_off(lead_of(HELD))])
        await until(lambda: gate.waiting == {HELD})
        state = app.parts.ownership.partitions[HELD].state
        joining = asyncio.create_task(asyncio.to_thread(Worker, broker, agreement, tmp_path, "second"))
        await until(lambda: app.rebalancing)
        await asyncio.sleep(A_WHILE)
        assert app.parts.ownership.partitions[HELD].state is state
        assert not joining.done()

        gate.open()
        with await joining as second:
            await until(lambda: len(app.parts.ownership.partitions) < PARTITIONS and not app.parts.ownership.recovering)
            assert second.total("leadsla_partition_owned", topic="handed-off") > 0
            await ends_as_the_pure_fold_says(broker, agreement)
            assert await committed(broker, HELD) == [1]
            assert app.parts.counters.events["handed-off", "duplicate"] == 0
            assert second.total("leadsla_events_total", result="duplicate") == 0


@pytest.mark.kafka
async def test_after_a_failed_delivery_nothing_of_its_partition_is_written_or_acknowledged(
    service_kafka: RealKafka, tmp_path: Path
) -> None:
    agreement = quick_agreement(tmp_path)
    broker = service_kafka.bootstrap
    crm = Crm()
    with Worker(broker, agreement, tmp_path) as worker:
        service_kafka.alter_topic(REJECTED_TOPIC, max_message_bytes="100")
        rubbish = Sent("handed-off", lead_of(HELD).encode(), b"{rubbish" + b"." * 2_000)
        before = [crm.handed_off(lead_of(FREE, number)) for number in range(5)]
        after = [crm.handed_off(lead_of(partition, number)) for number in range(5) for partition in (HELD, FREE)]
        await send(broker, [*before, rubbish, *after])
        assert await asyncio.to_thread(worker.program.ends, 30) == 1
        assert f"leadsla worker: {REJECTED_TOPIC} cannot be written" in worker.program.tail()
        assert "Traceback" not in worker.program.log()
        assert "never retrieved" not in worker.program.log()
        assert await written(broker, HELD) == []
        assert await committed(broker, HELD) == [None]

        service_kafka.alter_topic(REJECTED_TOPIC, max_message_bytes=str(LARGEST_EVENT + REJECTED_OVERHEAD))
        await asyncio.to_thread(worker.start)
        await ends_as_the_pure_fold_says(broker, agreement)


class Crash:
    """What the worker was ended by, once it was."""

    def __init__(self) -> None:
        self.reasons: list[BaseException] = []
        self.came = asyncio.Event()

    async def __call__(self, reason: BaseException) -> None:
        self.reasons.append(reason)
        self.came.set()


async def fails(when: asyncio.Event) -> None:
    await when.wait()
    raise UndeliveredError(REJECTED_TOPIC, MessageSizeTooLargeError())


async def succeeds(when: asyncio.Event) -> None:
    await when.wait()


async def test_a_failed_delivery_ends_the_worker_though_nobody_waits_and_stays_in_the_way_of_its_partition() -> None:
    crash, now = Crash(), asyncio.Event()
    in_flight = InFlight(crash)
    in_flight.begin(HELD, fails(now))
    now.set()
    await crash.came.wait()

    for _ in range(2):
        with pytest.raises(UndeliveredError):
            await in_flight.ended(HELD)
    with pytest.raises(UndeliveredError):
        await in_flight.all_ended()
    await in_flight.ended(FREE)
    assert len(crash.reasons) == 1


async def test_who_waits_may_be_cancelled_and_the_delivery_goes_on() -> None:
    crash, now = Crash(), asyncio.Event()
    in_flight = InFlight(crash)
    in_flight.begin(HELD, succeeds(now))
    waiting = asyncio.create_task(in_flight.ended(HELD))
    await asyncio.sleep(0)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting

    now.set()
    await in_flight.ended(HELD)
    await in_flight.all_ended()
    assert crash.reasons == []


async def test_what_is_given_up_is_cancelled_and_crashes_nothing() -> None:
    crash, never = Crash(), asyncio.Event()
    in_flight = InFlight(crash)
    in_flight.begin(HELD, succeeds(never))
    in_flight.begin(FREE, fails(never))
    await asyncio.sleep(0)

    await in_flight.give_up()

    with pytest.raises(asyncio.CancelledError):
        await in_flight.ended(HELD)
    assert crash.reasons == []
