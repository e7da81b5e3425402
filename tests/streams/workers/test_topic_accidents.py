"""What operators do to topics by accident is said, keeps the worker from being ready, and is healed where it can be."""

import asyncio
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import pytest
from confluent_kafka import ConsumerGroupTopicPartitions, TopicPartition

from sla_rules.engine.codec import decode
from sla_rules.names import FORWARDED_TOPIC, REJECTED_TOPIC
from streams.kafka.topics import changelog_of, plan
from streams.settings import Settings
from tests.events import Crm, Sent
from tests.real_parts.kafka import RealKafka
from tests.real_parts.loopback import AT_MOST, wait_until
from tests.real_parts.service import PARTITIONS, Worker, all_records, last_values, send
from tests.streams.agreements import quick_agreement
from tests.streams.histories import careless_history
from tests.streams.settling import ends_as_the_pure_fold_says
from tests.streams.workers.test_livez import comes
from tests.streams.workers.test_new_versions import leadsla

pytestmark = pytest.mark.kafka

CHANGELOG = changelog_of(Settings())
HANDED_OFF = "handed-off"
IMPATIENT = {"LEADSLA_REQUEST_TIMEOUT_SECONDS": "8", "LEADSLA_PATIENCE_SECONDS": "4"}
"""Whatever is waited for longer than this used to end the worker, or call for a restart."""


def make(kafka: RealKafka, topic: str) -> None:
    """Create a topic of the service again, as `leadsla topics create` would."""
    kafka.create_planned({topic: plan(Settings())[topic]}, PARTITIONS)


async def states(broker: str) -> dict[str, set[str]]:
    """By lead, the ids of the facts that the changelog holds."""
    return {
        lead.decode(): {fact.id for fact in decode(data).facts}
        for lead, data in (await last_values(broker, CHANGELOG)).items()
    }


async def holds(broker: str, **leads: set[str]) -> None:
    """Wait until the changelog has these facts of these leads."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + AT_MOST
    while not leads.items() <= (found := await states(broker)).items():
        assert loop.time() < deadline, {lead: found.get(lead) for lead in leads}
        await asyncio.sleep(0.2)


async def test_a_topic_of_events_that_is_widened_is_said_and_a_worker_is_neither_ready_nor_started(
    service_kafka: RealKafka, tmp_path: Path
) -> None:
    agreement = quick_agreement(tmp_path)
    broker = service_kafka.bootstrap
    with Worker(broker, agreement, tmp_path) as worker:
        await send(broker, careless_history(seed=60, leads=20))
        await ends_as_the_pure_fold_says(broker, agreement)
        assert worker.total("leadsla_condition", kind="partition_count") == 0

        service_kafka.widen_topic(HANDED_OFF, 2 * PARTITIONS)

        said = "handed-off has 8 partitions now, the service works with 4: what lies on partitions 4 to 7 is read by nobody"
        await comes(worker, "/readyz", f"not ready: {said}", well=False)
        assert worker.total("leadsla_condition", kind="partition_count") == 1
        assert worker.says("/livez")[0]
        assert worker.program.log().count(said) == 1
        await send(broker, [Crm().called("L-known", 1)])
        await holds(broker, **{"L-known": {"e-1"}})
        refused = leadsla("worker", broker=broker, agreements=agreement)
    assert refused.returncode == 1
    assert "topics have to have the same number of partitions" in refused.stderr


async def test_no_worker_starts_once_all_topics_were_widened_alike(service_kafka: RealKafka, tmp_path: Path) -> None:
    agreement = quick_agreement(tmp_path)
    broker = service_kafka.bootstrap
    with Worker(broker, agreement, tmp_path):
        await send(broker, careless_history(seed=61, leads=10))
        await ends_as_the_pure_fold_says(broker, agreement)
    for topic in plan(Settings()):
        service_kafka.widen_topic(topic, 2 * PARTITIONS)

    refused = leadsla("worker", broker=broker, agreements=agreement)

    assert refused.returncode == 1
    assert "has 8 partitions, and the group leadsla has worked with 4" in refused.stderr
    assert leadsla("topics", "accept", broker=broker, agreements=agreement).returncode == 0
    with Worker(broker, agreement, tmp_path, "second") as second:
        assert second.total("leadsla_partition_owned", topic=HANDED_OFF) == 2 * PARTITIONS


def set_offsets(kafka: RealKafka, offsets: Mapping[int, int]) -> None:
    """Set up to where the group has read hand-offs, as `kafka-consumer-groups.sh` does."""
    with kafka.admin() as admin:
        tps = [TopicPartition(HANDED_OFF, partition, offset) for partition, offset in offsets.items()]
        for future in admin.alter_consumer_group_offsets([ConsumerGroupTopicPartitions("leadsla", tps)]).values():
            assert [tp.error for tp in future.result(60).topic_partitions if tp.error] == [], "is the group empty?"


async def test_offsets_that_somebody_set_ahead_are_refused_until_that_is_undone_or_meant(
    service_kafka: RealKafka, tmp_path: Path
) -> None:
    agreement = quick_agreement(tmp_path)
    broker, crm = service_kafka.bootstrap, Crm()
    with Worker(broker, agreement, tmp_path):
        await send(broker, [crm.handed_off(f"L-{number}") for number in range(20)])
        await ends_as_the_pure_fold_says(broker, agreement)
    await send(broker, [crm.handed_off(f"M-{number}") for number in range(20)])
    latest = Counter(record.partition for record in await all_records(broker, HANDED_OFF))
    set_offsets(service_kafka, latest)

    refused = leadsla("worker", broker=broker, agreements=agreement)
    assert refused.returncode == 1
    assert "somebody else than a worker has set up to where the group leadsla has read handed-off" in refused.stderr
    assert "--topic handed-off --reset-offsets --to-earliest --execute" in refused.stderr

    set_offsets(service_kafka, dict.fromkeys(latest, 0))
    with Worker(broker, agreement, tmp_path, "second"):
        await ends_as_the_pure_fold_says(broker, agreement)

    await send(broker, [crm.handed_off("given-up")])
    set_offsets(service_kafka, Counter(record.partition for record in await all_records(broker, HANDED_OFF)))
    assert leadsla("topics", "accept", broker=broker, agreements=agreement).stdout.strip() == f"accepted: {HANDED_OFF}"
    with Worker(broker, agreement, tmp_path, "third"):
        await send(broker, [crm.handed_off("after")])
        await holds(broker, after={"e-42"})
        assert "given-up" not in await states(broker)


async def test_an_offset_that_was_committed_of_a_topic_before_it_was_created_again_skips_nothing(
    service_kafka: RealKafka, tmp_path: Path
) -> None:
    agreement = quick_agreement(tmp_path)
    broker, crm = service_kafka.bootstrap, Crm()
    with Worker(broker, agreement, tmp_path):
        await send(broker, [crm.handed_off(f"L-{number}", id=f"old-{number}") for number in range(20)])
        await ends_as_the_pure_fold_says(broker, agreement)
    make(service_kafka, HANDED_OFF)
    await send(broker, [crm.handed_off(f"N-{number}", id=f"new-{number}") for number in range(40)])
    # What a worker that had not noticed yet would have left behind.
    set_offsets(service_kafka, dict.fromkeys(range(PARTITIONS), 5))

    with Worker(broker, agreement, tmp_path, "second") as second:
        await holds(broker, **{f"N-{number}": {f"new-{number}"} for number in range(40)})
        assert "handed-off" in second.program.log()
        assert "a topic was deleted and created again; what was not read of the old one is lost" in second.program.log()


async def test_a_topic_of_events_that_is_deleted_is_named_and_time_stands_until_it_is_there_again(
    service_kafka: RealKafka, tmp_path: Path
) -> None:
    agreement = quick_agreement(tmp_path, within="2s")
    broker, crm = service_kafka.bootstrap, Crm()
    with Worker(broker, agreement, tmp_path, **IMPATIENT) as worker:
        await send(broker, [crm.handed_off(f"L-{number}", id=f"old-{number}") for number in range(30)])
        await ends_as_the_pure_fold_says(broker, agreement)

        service_kafka.delete_topics([HANDED_OFF])
        await comes(
            worker, "/readyz", "not ready: handed-off is gone: nothing can be read from it and time stands", well=False
        )
        assert worker.total("leadsla_condition", kind="topic_missing") == 1
        await send(broker, [crm.called("L-0", 1, id="meanwhile")])
        await holds(broker, **{"L-0": {"old-0", "meanwhile"}})
        await asyncio.sleep(float(IMPATIENT["LEADSLA_PATIENCE_SECONDS"]) + 2)
        well, why = worker.says("/livez")
        assert well, why
        assert "a restart would not help" in why

        make(service_kafka, HANDED_OFF)
        await send(broker, [Crm().handed_off("L-new", id="new")])
        await holds(broker, **{"L-new": {"new"}})
        await comes(worker, "/readyz", "ready: serving", well=True)
        assert await asyncio.to_thread(wait_until, lambda: worker.total("leadsla_lag_records") == 0)
        worker.wait_for("leadsla_breaches_total", 31, outcome="published")
        assert "a topic was deleted and created again: it is read from its beginning" in worker.program.log()
        assert "does not answer" not in worker.program.log()
        assert worker.program.log().count("joined") == 1, "no rebalance"


async def test_a_topic_of_events_that_was_created_again_and_has_grown_since_is_read_from_its_beginning(
    service_kafka: RealKafka, tmp_path: Path
) -> None:
    agreement = quick_agreement(tmp_path)
    broker, crm = service_kafka.bootstrap, Crm()
    with Worker(broker, agreement, tmp_path):
        await send(broker, [crm.handed_off(f"L-{number}", id=f"old-{number}") for number in range(20)])
        await ends_as_the_pure_fold_says(broker, agreement)

        make(service_kafka, HANDED_OFF)
        await send(broker, [crm.handed_off(f"N-{number}", id=f"new-{number}") for number in range(200)])

        await holds(broker, **{f"N-{number}": {f"new-{number}"} for number in range(200)})


@pytest.mark.parametrize("topic", [REJECTED_TOPIC, FORWARDED_TOPIC])
async def test_what_has_to_be_written_to_a_topic_that_is_gone_waits_until_it_is_there_again(
    service_kafka: RealKafka, tmp_path: Path, topic: str
) -> None:
    agreement = quick_agreement(tmp_path)
    broker, crm = service_kafka.bootstrap, Crm()
    with Worker(broker, agreement, tmp_path, **IMPATIENT) as worker:
        service_kafka.delete_topics([topic])
        merger = crm.event("lead.merged.v1", "L-1", 1, into="L-2")
        await send(broker, [crm.handed_off("L-1"), merger, Sent(HANDED_OFF, b"L-3", b"{rubbish")])

        await comes(worker, "/readyz", f"not ready: {topic} is gone", well=False)
        waiting = "nobody takes what has to be written; trying again"
        assert await asyncio.to_thread(wait_until, lambda: waiting in worker.program.log()), worker.program.tail()
        assert worker.says("/livez")[0]

        make(service_kafka, topic)
        await ends_as_the_pure_fold_says(broker, agreement)
        await comes(worker, "/readyz", "ready: serving", well=True)
        assert await last_values(broker, REJECTED_TOPIC) == {b"L-3": b"{rubbish"}
