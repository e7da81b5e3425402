"""A former owner that did not know of its end writes late: nothing of what its successor knows is lost."""

import asyncio
from collections.abc import Mapping
from pathlib import Path

import msgspec
import pytest
from aiokafka import AIOKafkaProducer

from sla_rules.engine.codec import decode, encode, pack_facts
from sla_rules.engine.published_notices import RETRACTED
from sla_rules.names import BREACHES_TOPIC, CLOCKS_TOPIC, PERIODS_TOPIC
from streams.kafka.topics import changelog_of
from streams.partitions.offset_tracker import GENERATION, ForeignWrite, OffsetTracker, generation_of
from streams.settings import Settings
from tests.real_parts.kafka import RealKafka
from tests.real_parts.service import Worker, all_records, last_values, send
from tests.streams.agreements import quick_agreement
from tests.streams.histories import AT_ONCE, careless_history
from tests.streams.oracle import differences, expected, found
from tests.streams.settling import ends_as_the_pure_fold_says

CHANGELOG = changelog_of(Settings())
LEADS = 40


def less(state: bytes) -> bytes:
    """The same lead as an owner knew it that had seen only its first fact."""
    known = decode(state)
    return encode(msgspec.structs.replace(known, packed=pack_facts(known.facts[:1]), contributions=(), next_due=None))


async def write_late(broker: str, topic: str, values: Mapping[bytes, bytes], generation: int = 0) -> None:
    """Write as an owner of another generation: each value where the last one of its key lies."""
    places = {record.key: record.partition for record in await all_records(broker, topic)}
    producer = AIOKafkaProducer(bootstrap_servers=broker)
    await producer.start()
    try:
        for key, value in values.items():
            headers = [(GENERATION, str(generation).encode())]
            await producer.send_and_wait(topic, value, key=key, partition=places[key], headers=headers)
    finally:
        await producer.stop()


async def late_records(broker: str) -> dict[str, dict[bytes, bytes]]:
    """What a former owner might still have to write: states that know less, breaches taken back, figures of nothing.

    And clocks that are open no more, or others than are.
    """
    breaches = {
        key: msgspec.json.encode({**msgspec.json.decode(value), "type": RETRACTED})
        for key, value in (await last_values(broker, BREACHES_TOPIC)).items()
    }
    figures = {
        key: msgspec.json.encode({**msgspec.json.decode(value), "figures": {}})
        for key, value in (await last_values(broker, PERIODS_TOPIC)).items()
    }
    states = {lead: less(value) for lead, value in (await last_values(broker, CHANGELOG)).items()}
    open_once = {record.key: record.value for record in await all_records(broker, CLOCKS_TOPIC) if record.value}
    clocks = {lead: value.replace(b'"id":"', b'"id":"late ') for lead, value in open_once.items()}
    return {CLOCKS_TOPIC: clocks, CHANGELOG: states, BREACHES_TOPIC: breaches, PERIODS_TOPIC: figures}


@pytest.mark.kafka
async def test_what_a_former_owner_writes_late_is_taken_in_by_its_successor(
    service_kafka: RealKafka, tmp_path: Path
) -> None:
    agreement = quick_agreement(tmp_path)
    broker = service_kafka.bootstrap
    with Worker(broker, agreement, tmp_path) as worker:
        await send(broker, careless_history(seed=50, leads=LEADS), at_once=AT_ONCE)
        await ends_as_the_pure_fold_says(broker, agreement)
        assert "a former owner wrote late" not in worker.program.log()

        for topic, values in (await late_records(broker)).items():
            assert values, topic
            await write_late(broker, topic, values)
        assert differences(await found(broker), await expected(broker, agreement, 0)), "readers see what is wrong"

        await ends_as_the_pure_fold_says(broker, agreement)
        assert "a former owner wrote late" in worker.program.log()


@pytest.mark.kafka
async def test_what_a_former_owner_wrote_late_is_joined_by_whoever_loads_the_changelog(
    service_kafka: RealKafka, tmp_path: Path
) -> None:
    agreement = quick_agreement(tmp_path)
    broker = service_kafka.bootstrap
    with Worker(broker, agreement, tmp_path) as worker:
        await send(broker, careless_history(seed=51, leads=LEADS), at_once=AT_ONCE)
        await ends_as_the_pure_fold_says(broker, agreement)
        worker.program.kill()

        for topic, values in (await late_records(broker)).items():
            await write_late(broker, topic, values)
        await asyncio.to_thread(worker.start)

        await ends_as_the_pure_fold_says(broker, agreement)


@pytest.mark.kafka
async def test_what_a_former_owner_wrote_before_its_successor_did_is_not_lost_when_that_knew_less(
    service_kafka: RealKafka, tmp_path: Path
) -> None:
    agreement = quick_agreement(tmp_path)
    broker = service_kafka.bootstrap
    with Worker(broker, agreement, tmp_path) as worker:
        await send(broker, careless_history(seed=52, leads=LEADS), at_once=AT_ONCE)
        await ends_as_the_pure_fold_says(broker, agreement)
        worker.program.kill()

        states = (await late_records(broker))[CHANGELOG]
        await write_late(broker, CHANGELOG, states, generation=1_000)
        await asyncio.to_thread(worker.start)

        await ends_as_the_pure_fold_says(broker, agreement)


def test_an_owner_that_writes_alone_finds_no_gap() -> None:
    offsets = OffsetTracker()
    offsets.begin("changelog", 1, 10)
    offsets.wrote("changelog", 1, 10, 5)
    offsets.saw("changelog", 1, 15)

    assert offsets.take_foreign_writes(1) == []


def test_records_between_our_own_and_after_them_are_gaps_once() -> None:
    offsets = OffsetTracker()
    offsets.begin("changelog", 1, 10)
    offsets.wrote("changelog", 1, 12, 5)
    offsets.saw("changelog", 1, 20)

    assert offsets.take_foreign_writes(1) == [ForeignWrite("changelog", 10, 12), ForeignWrite("changelog", 17, 20)]
    assert offsets.take_foreign_writes(1) == []


def test_topics_that_others_write_too_and_offsets_that_nobody_knows_make_no_foreign_write() -> None:
    offsets = OffsetTracker()
    offsets.begin("changelog", 1, 10)
    offsets.wrote("leadsla-rejected", 1, 99, 1)
    offsets.wrote("changelog", 1, -1, 1)
    offsets.saw("changelog", 2, 50)

    assert offsets.foreign_writes == {}


@pytest.mark.parametrize("how", ["by our own record", "by the broker's answer"])
def test_a_topic_that_ends_before_what_was_written_to_it_has_lost_something_and_begins_again(how: str) -> None:
    offsets = OffsetTracker()
    offsets.begin("changelog", 1, 10)
    offsets.saw("changelog", 1, 12)
    assert offsets.end("changelog", 1) is None, "there is a gap"

    if how == "by our own record":
        offsets.wrote("changelog", 1, 3, 2)
    else:
        offsets.saw("changelog", 1, 4)

    assert offsets.end("changelog", 1) is None
    assert offsets.take_foreign_writes(1) == [], "what lay there is gone"
    assert offsets.take_lost(1) == {"changelog"}
    assert offsets.take_lost(1) == set()
    offsets.wrote("changelog", 1, 5, 2)
    assert (offsets.end("changelog", 1), offsets.take_foreign_writes(1)) == (7, [])


def test_a_loss_of_a_topic_that_others_write_too_changes_nothing_of_what_is_counted() -> None:
    offsets = OffsetTracker()
    offsets.begin("changelog", 1, 10)
    offsets.lose("leadsla-forwarded", 1)

    assert offsets.end("changelog", 1) == 10
    assert offsets.take_lost(1) == {"leadsla-forwarded"}


def test_a_partition_that_went_to_another_is_forgotten() -> None:
    offsets = OffsetTracker()
    for partition in (1, 2):
        offsets.begin("changelog", partition, 10)
        offsets.saw("changelog", partition, 11)
    offsets.keep_only({2})

    assert (offsets.ends, offsets.take_foreign_writes(1)) == ({("changelog", 2): 11}, [])
    assert offsets.take_foreign_writes(2) == [ForeignWrite("changelog", 10, 11)]


def test_a_state_without_a_generation_is_older_than_any() -> None:
    assert [generation_of(headers) for headers in ((), [("other", b"7")], [(GENERATION, b"7")])] == [0, 0, 7]
