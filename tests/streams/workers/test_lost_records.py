"""The topics that only the service can write lose what they held: it is written again, or nobody goes on without it."""

import asyncio
from collections.abc import Collection
from functools import partial
from pathlib import Path

import pytest
from aiokafka import AIOKafkaProducer
from confluent_kafka import ConsumerGroupTopicPartitions, TopicPartition

from sla_rules.names import BREACHES_TOPIC, CLOCKS_TOPIC, FORWARDED_TOPIC, INPUT_TOPICS, PERIODS_TOPIC
from streams.kafka.topics import agreed_of, changelog_of
from streams.settings import Settings
from tests.events import Crm
from tests.real_parts.kafka import RealKafka
from tests.real_parts.loopback import until, wait_until
from tests.real_parts.service import PARTITIONS, Worker, all_records, last_values, send
from tests.streams.agreements import quick_agreement
from tests.streams.histories import AT_ONCE, careless_history
from tests.streams.oracle import found
from tests.streams.settling import ends_as_the_pure_fold_says
from tests.streams.workers.test_crashes import owned
from tests.streams.workers.test_livez import comes
from tests.streams.workers.test_new_versions import leadsla
from tests.streams.workers.test_topic_accidents import IMPATIENT, make

pytestmark = pytest.mark.kafka

CHANGELOG = changelog_of(Settings())
MEMORY = agreed_of(Settings())
LOST = "does not hold any more what was written to it; the worker writes it again"


async def is_remembered(worker: Worker) -> None:
    """Wait until the worker has written all again and is ready."""
    assert await asyncio.to_thread(wait_until, lambda: "written again" in worker.program.log()), worker.program.tail()
    await comes(worker, "/readyz", "ready: serving", well=True)


def read_from_the_beginning(kafka: RealKafka) -> None:
    """What `kafka-consumer-groups.sh --reset-offsets --to-earliest` does to the group."""
    tps = [TopicPartition(topic, number, 0) for topic in INPUT_TOPICS for number in range(PARTITIONS)]
    with kafka.admin() as admin:
        for future in admin.alter_consumer_group_offsets([ConsumerGroupTopicPartitions("leadsla", tps)]).values():
            assert [tp.error for tp in future.result(60).topic_partitions if tp.error] == [], "is the group empty?"


@pytest.mark.parametrize("topic", [CHANGELOG, BREACHES_TOPIC, CLOCKS_TOPIC])
async def test_a_topic_that_is_created_again_is_written_again_by_the_workers_that_run(
    service_kafka: RealKafka, tmp_path: Path, topic: str
) -> None:
    agreement = quick_agreement(tmp_path)
    broker = service_kafka.bootstrap
    with Worker(broker, agreement, tmp_path) as worker:
        await send(broker, careless_history(seed=80, leads=60), at_once=AT_ONCE)
        await ends_as_the_pure_fold_says(broker, agreement)

        make(service_kafka, topic)

        await comes(worker, "/readyz", f"not ready: {topic} {LOST}", well=False)
        assert worker.total("leadsla_condition", kind="records_lost") == 1
        await is_remembered(worker)
        await ends_as_the_pure_fold_says(broker, agreement)
        worker.program.kill()

        await asyncio.to_thread(worker.start)
        await send(broker, careless_history(seed=81, leads=20))
        await ends_as_the_pure_fold_says(broker, agreement)
        assert worker.program.log().count(LOST) == 1


@pytest.mark.parametrize("store", ["memory", "rocksdb"])
async def test_leads_outlive_a_changelog_that_is_gone_for_long(
    service_kafka: RealKafka, tmp_path: Path, store: str
) -> None:
    agreement = quick_agreement(tmp_path)
    broker = service_kafka.bootstrap
    with Worker(broker, agreement, tmp_path, LEADSLA_STORE=store, **IMPATIENT) as worker:
        await send(broker, careless_history(seed=82, leads=60), at_once=AT_ONCE)
        await ends_as_the_pure_fold_says(broker, agreement)

        service_kafka.delete_topics([CHANGELOG])
        await comes(
            worker, "/readyz", f"not ready: {CHANGELOG} is gone: the leads lie in the workers alone", well=False
        )
        await send(broker, careless_history(seed=83, leads=20))
        waiting = "nobody takes what has to be written; trying again"
        assert await asyncio.to_thread(wait_until, lambda: waiting in worker.program.log()), worker.program.tail()
        assert worker.says("/livez")[0]

        make(service_kafka, CHANGELOG)
        await is_remembered(worker)
        await ends_as_the_pure_fold_says(broker, agreement)
        worker.program.kill()
        await asyncio.to_thread(worker.start)
        await ends_as_the_pure_fold_says(broker, agreement)


async def test_no_worker_starts_on_a_changelog_that_was_created_again_until_all_events_are_read_again(
    service_kafka: RealKafka, tmp_path: Path
) -> None:
    agreement = quick_agreement(tmp_path)
    broker = service_kafka.bootstrap
    with Worker(broker, agreement, tmp_path):
        await send(broker, careless_history(seed=84, leads=40), at_once=AT_ONCE)
        await ends_as_the_pure_fold_says(broker, agreement)
    make(service_kafka, CHANGELOG)

    for _ in range(2):
        refused = leadsla("worker", broker=broker, agreements=agreement)
        assert refused.returncode == 1
        assert f"{CHANGELOG} no longer holds what was written to it (partitions 0, 1, 2, 3)" in refused.stderr
        assert "--group leadsla --all-topics --reset-offsets --to-earliest --execute" in refused.stderr

    read_from_the_beginning(service_kafka)
    accepted = leadsla("topics", "accept", broker=broker, agreements=agreement)
    assert accepted.stdout.strip() == f"accepted: {CHANGELOG}"
    with Worker(broker, agreement, tmp_path, "second"):
        await ends_as_the_pure_fold_says(broker, agreement)


async def test_a_changelog_that_was_restored_is_gone_on_with_once_that_is_said(
    service_kafka: RealKafka, tmp_path: Path
) -> None:
    agreement = quick_agreement(tmp_path)
    broker = service_kafka.bootstrap
    with Worker(broker, agreement, tmp_path):
        await send(broker, careless_history(seed=85, leads=40), at_once=AT_ONCE)
        await ends_as_the_pure_fold_says(broker, agreement)
    backup = await all_records(broker, CHANGELOG)
    make(service_kafka, CHANGELOG)
    async with AIOKafkaProducer(bootstrap_servers=broker) as producer:
        for one in backup:
            await producer.send_and_wait(
                CHANGELOG, one.value, key=one.key, partition=one.partition, headers=list(one.headers)
            )

    assert leadsla("worker", broker=broker, agreements=agreement).returncode == 1
    assert leadsla("topics", "accept", broker=broker, agreements=agreement).returncode == 0

    with Worker(broker, agreement, tmp_path, "second") as worker:
        await send(broker, careless_history(seed=86, leads=20))
        await ends_as_the_pure_fold_says(broker, agreement)
        assert worker.total("leadsla_events_total", result="duplicate") < len(backup), "nothing is read again"


@pytest.mark.parametrize("topic", [CLOCKS_TOPIC, PERIODS_TOPIC])
async def test_what_was_created_again_while_no_worker_ran_is_written_again_by_the_next(
    service_kafka: RealKafka, tmp_path: Path, topic: str
) -> None:
    agreement = quick_agreement(tmp_path)
    broker = service_kafka.bootstrap
    with Worker(broker, agreement, tmp_path):
        await send(broker, careless_history(seed=87, leads=40), at_once=AT_ONCE)
        await ends_as_the_pure_fold_says(broker, agreement)
    make(service_kafka, topic)

    with Worker(broker, agreement, tmp_path, "second") as second:
        await ends_as_the_pure_fold_says(broker, agreement)
        await is_remembered(second)
    with Worker(broker, agreement, tmp_path, "third") as third:
        await asyncio.sleep(5)
        assert "written again" not in third.program.log()


@pytest.mark.parametrize("topic", [CHANGELOG, BREACHES_TOPIC, PERIODS_TOPIC])
async def test_records_that_somebody_deletes_are_written_again(
    service_kafka: RealKafka, tmp_path: Path, topic: str
) -> None:
    agreement = quick_agreement(tmp_path)
    broker = service_kafka.bootstrap
    with Worker(broker, agreement, tmp_path) as worker:
        await send(broker, careless_history(seed=88, leads=60), at_once=AT_ONCE)
        await ends_as_the_pure_fold_says(broker, agreement)

        delete_records(service_kafka, topic)

        await comes(worker, "/readyz", f"not ready: {topic} {LOST}", well=False)
        await is_remembered(worker)
        await ends_as_the_pure_fold_says(broker, agreement)
        worker.stop()
        await asyncio.to_thread(worker.start)
        await ends_as_the_pure_fold_says(broker, agreement)
    if topic == CHANGELOG:
        delete_records(service_kafka, topic)
        refused = leadsla("worker", broker=broker, agreements=agreement)
        assert refused.returncode == 1
        assert f"{CHANGELOG} no longer holds what was written to it" in refused.stderr


def delete_records(kafka: RealKafka, topic: str) -> None:
    """Delete all that a topic holds, as `kafka-delete-records.sh` does, and as retention would by and by.

    Kafka does neither where records are kept as they have to be.
    """
    kafka.alter_topic(topic, cleanup_policy="compact,delete")
    with kafka.admin() as admin:
        tps = [TopicPartition(topic, number, -1) for number in range(PARTITIONS)]
        for future in admin.delete_records(tps).values():
            future.result(60)


@pytest.mark.parametrize("running", [True, False])
async def test_what_merged_leads_sent_on_is_sent_again_where_it_may_not_have_been_read(
    service_kafka: RealKafka, tmp_path: Path, *, running: bool
) -> None:
    agreement = quick_agreement(tmp_path)
    broker, crm = service_kafka.bootstrap, Crm()
    merger = crm.event("lead.merged.v1", "L-1", 1, into="L-2")
    with Worker(broker, agreement, tmp_path) as worker:
        await send(broker, [crm.handed_off("L-1"), crm.called("L-1", 1), merger])
        await ends_as_the_pure_fold_says(broker, agreement)
        sent = {record.value for record in await all_records(broker, FORWARDED_TOPIC)}
        if not running:
            worker.stop()
        make(service_kafka, FORWARDED_TOPIC)
        if not running:
            await asyncio.to_thread(worker.start)

        await is_remembered(worker)
        assert sent
        assert {record.value for record in await all_records(broker, FORWARDED_TOPIC)} == sent
        await ends_as_the_pure_fold_says(broker, agreement)


async def test_what_the_group_remembers_is_written_again_when_its_topic_is_created_again(
    service_kafka: RealKafka, tmp_path: Path
) -> None:
    agreement = quick_agreement(tmp_path, within="2s")
    broker = service_kafka.bootstrap
    with Worker(broker, agreement, tmp_path) as worker:
        await send(broker, careless_history(seed=89, leads=20))
        await ends_as_the_pure_fold_says(broker, agreement)
        before = await last_values(broker, MEMORY)
        assert before

        make(service_kafka, MEMORY)
        assert await asyncio.to_thread(wait_until, partial(remembers_again, worker)), worker.program.tail()
        await until(lambda: remembers_of(broker, before))

    quick_agreement(tmp_path, within="1h")
    refused = leadsla("worker", broker=broker, agreements=agreement)
    assert refused.returncode == 1
    assert "obligations.first-touch.deadline.within was 2s, is 1h" in refused.stderr


async def remembers_of(broker: str, known: Collection[bytes]) -> bool:
    """Whether the group remembers something of these keys and of no others."""
    return set(await last_values(broker, MEMORY)) == set(known)


def remembers_again(worker: Worker) -> bool:
    return "what the group remembers was deleted; writing it again" in worker.program.log()


def members(kafka: RealKafka) -> int:
    """How many workers the group has, by what the broker knows."""
    with kafka.admin() as admin:
        [found] = admin.describe_consumer_groups([Settings().group]).values()
        return len(found.result(60).members)


async def test_partitions_whose_leads_nobody_knows_are_left_alone_beside_those_that_are_written_again(
    service_kafka: RealKafka, tmp_path: Path
) -> None:
    agreement = quick_agreement(tmp_path)
    broker = service_kafka.bootstrap
    with Worker(broker, agreement, tmp_path, "first") as first, Worker(broker, agreement, tmp_path, "second") as second:
        await asyncio.to_thread(wait_until, lambda: owned(first) == owned(second) == PARTITIONS / 2)
        await send(broker, careless_history(seed=90, leads=60), at_once=AT_ONCE)
        await ends_as_the_pure_fold_says(broker, agreement)
        before = await found(broker)

        service_kafka.delete_topics([CHANGELOG])
        second.program.kill()
        await comes(first, "/readyz", f"not ready: {CHANGELOG} is gone", well=False)
        assert await asyncio.to_thread(wait_until, lambda: members(service_kafka) == 1), "its session is over by now"
        make(service_kafka, CHANGELOG)

        await comes(first, "/readyz", f"not ready: {CHANGELOG} no longer holds what was written to it", well=False)
        assert await asyncio.to_thread(wait_until, lambda: "written again" in first.program.log())
        assert owned(first) == PARTITIONS / 2
        assert first.total("leadsla_condition", kind="states_lost") == 1
        await send(broker, careless_history(seed=91, leads=20))
        await asyncio.sleep(3)

    read_from_the_beginning(service_kafka)
    assert leadsla("topics", "accept", broker=broker, agreements=agreement).returncode == 0
    with Worker(broker, agreement, tmp_path, "third"):
        await ends_as_the_pure_fold_says(broker, agreement)
    assert before["leads"].keys() <= (await found(broker))["leads"].keys()
