"""Where topics begin and end, asked of an embedded broker."""

from collections.abc import AsyncIterator

import pytest
from faust.types import TP

from streams.kafka.connection import new_producer
from streams.kafka.embedded_broker import PARTITIONS, EmbeddedBroker
from streams.kafka.end_offsets import EndOffsets
from streams.settings import Settings

TOPIC = "sla-breaches"
WRITTEN, EMPTY, GONE = TP(TOPIC, 1), TP(TOPIC, 2), TP("gone", 1)


@pytest.fixture
async def end_offsets(service_embedded: EmbeddedBroker) -> AsyncIterator[EndOffsets]:
    """Started, with three records in one partition."""
    settings = Settings(broker=service_embedded.bootstrap)
    async with new_producer(settings) as producer:
        for number in range(3):
            await producer.send_and_wait(TOPIC, b"%d" % number, partition=WRITTEN.partition)
    asked = EndOffsets(settings)
    await asked.start()
    yield asked
    await asked.stop()


async def test_partitions_end_behind_their_last_record_and_begin_with_their_first(end_offsets: EndOffsets) -> None:
    assert await end_offsets.ends([WRITTEN, EMPTY]) == {WRITTEN: 3, EMPTY: 0}
    assert await end_offsets.begins([WRITTEN, EMPTY]) == {WRITTEN: 0, EMPTY: 0}


async def test_of_no_partition_there_is_no_answer(end_offsets: EndOffsets) -> None:
    assert await end_offsets.ends([]) is None


async def test_where_one_topic_is_missing_nobody_could_say_where_they_end(end_offsets: EndOffsets) -> None:
    end_offsets.missing = frozenset({TOPIC})

    assert await end_offsets.ends([WRITTEN, TP("handed-off", 0)]) is None
    assert await end_offsets.ends([TP("handed-off", 0)]) == {TP("handed-off", 0): 0}


async def test_what_begins_of_topics_that_are_not_there_is_left_out(end_offsets: EndOffsets) -> None:
    assert await end_offsets.begins([WRITTEN, GONE]) == {WRITTEN: 0}


async def test_topics_are_told_with_their_partitions(end_offsets: EndOffsets) -> None:
    found = await end_offsets.topics([TOPIC, "gone"])

    assert found is not None
    assert {name: one.partitions for name, one in found.items()} == {TOPIC: PARTITIONS}


async def test_before_the_start_and_after_the_stop_nothing_is_answered(end_offsets: EndOffsets) -> None:
    await end_offsets.stop()
    await end_offsets.stop()

    assert await end_offsets.ends([WRITTEN]) is None
    assert await end_offsets.begins([WRITTEN]) == {}
    assert await end_offsets.topics([TOPIC]) is None


async def test_a_broker_that_is_gone_gives_no_answer_about_ends(
    end_offsets: EndOffsets, monkeypatch: pytest.MonkeyPatch, service_embedded: EmbeddedBroker
) -> None:
    monkeypatch.setattr("streams.kafka.end_offsets.ANSWER_WITHIN", 0.2)
    service_embedded.close()

    assert await end_offsets.ends([WRITTEN]) is None
