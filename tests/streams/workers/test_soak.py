"""Workers killed, frozen, sent away and cut off, the broker killed and slow, all under load and by fixed seeds."""

from pathlib import Path

import pytest
from aiokafka import AIOKafkaConsumer, TopicPartition

from bench.soak import comparison
from bench.soak.plan import counts_within, drawn
from bench.soak.run import new_kafka, run
from streams.settings import Settings
from tests.events import Crm, Sent
from tests.real_parts.absent import absent
from tests.real_parts.kafka import NoKafkaError, RealKafka
from tests.real_parts.service import PARTITIONS, Worker, send
from tests.streams.agreements import quick_agreement
from tests.streams.workers.test_new_versions import leadsla

pytestmark = pytest.mark.kafka

STORES = ["memory", "rocksdb", "rocksdb"]
COUNTS = counts_within(75)
SEED = 11


async def test_whatever_befalls_workers_and_broker_every_event_is_a_fact_or_a_dead_letter_in_the_end(
    tmp_path: Path,
) -> None:
    said: list[str] = []
    try:
        kafka = new_kafka(tmp_path, SEED, len(STORES))
    except NoKafkaError as reason:
        absent(str(reason), "LEADSLA_REQUIRE_KAFKA")
    try:
        plan = drawn(COUNTS, len(STORES), SEED)
        outcome = await run(kafka, plan, tmp_path, stores=STORES, seed=SEED, a_second=80.0, tell=said.append)
    finally:
        kafka.close()

    happened = "\n".join(said)
    assert outcome.ending.differences == [], f"{outcome}\n{happened}\nlogs lie in {tmp_path}"
    assert dict(outcome.done) == COUNTS
    assert outcome.ending.breaches > 0, "histories without a breach would prove little"
    assert outcome.ending.dead_letters > 0


async def test_a_comparison_says_which_event_is_nowhere(
    service_kafka: RealKafka, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(comparison, "TOLD_SECONDS", 1.0)
    agreement = quick_agreement(tmp_path)
    broker = service_kafka.bootstrap
    crm = Crm()
    with Worker(broker, agreement, tmp_path) as worker:
        await send(broker, [crm.handed_off("L-1"), Sent("handed-off", b"L-2", b"{rubbish")])
        all_of_it = await comparison.compared(broker, agreement, 2, lambda _: None)
        worker.stop()
        await send(broker, [crm.called("L-1", 1)])
        await pass_over(broker, "contact-attempt")
        assert leadsla("topics", "accept", broker=broker, agreements=agreement).returncode == 0
        worker.start()
        some_of_it = await comparison.compared(broker, agreement, 4, lambda _: None)

    assert (all_of_it.differences, all_of_it.dead_letters, all_of_it.facts) == ([], 1, 1)
    assert some_of_it.lost == 1
    assert "the broker has 3 of 4 events that it acknowledged" in some_of_it.differences
    assert any("is nowhere: e-2 of b'L-1'; committed is 1" in sentence for sentence in some_of_it.differences)


async def pass_over(broker: str, topic: str) -> None:
    """Commit what nobody has read, in the name of the workers."""
    async with AIOKafkaConsumer(
        bootstrap_servers=broker, group_id=Settings().group, enable_auto_commit=False
    ) as member:
        places = [TopicPartition(topic, partition) for partition in range(PARTITIONS)]
        member.assign(places)
        await member.commit(await member.end_offsets(places))
