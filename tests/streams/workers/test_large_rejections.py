"""Whatever a real Kafka let in can be dead-lettered: no record stops the stream by its size or by what it lacks."""

from pathlib import Path
from random import Random

import pytest

from sla_rules.names import REJECTED_TOPIC
from streams.dead_letters.letters import DeadLetter
from streams.kafka.connection import LARGEST_EVENT
from tests.events import Crm, Sent
from tests.real_parts.kafka import RealKafka
from tests.real_parts.service import PARTITIONS, Worker, all_records, send
from tests.streams.agreements import quick_agreement

BATCH_OVERHEAD = 100
"""Bytes of a batch around its only record, and a little."""


def noise(size: int) -> bytes:
    return Random(size).randbytes(size)  # noqa: S311 - a test's noise, no secret


async def letters(broker: str) -> list[DeadLetter]:
    return [DeadLetter.of(record) for record in await all_records(broker, REJECTED_TOPIC)]


@pytest.mark.kafka
async def test_the_largest_and_the_emptiest_records_are_dead_lettered_whole(
    service_kafka: RealKafka, tmp_path: Path
) -> None:
    headers = (("ce_type", b"lead.created.v1"), ("trace", noise(30_000)))
    largest = LARGEST_EVENT - BATCH_OVERHEAD
    bad = [
        Sent("handed-off", b"L-1", noise(largest)),
        Sent("handed-off", b"L-1", noise(largest - 30_100), headers),
        Sent("handed-off", noise(largest), None),
        Sent("handed-off", None, b"{}"),
        Sent("handed-off", None, None),
        Sent("handed-off", b"", b""),
    ]
    broker = service_kafka.bootstrap
    with Worker(broker, quick_agreement(tmp_path, within="1h"), tmp_path) as worker:
        await send(broker, [*bad, Crm().handed_off("L-2")])
        worker.wait_for("leadsla_rejected_total", len(bad))
        worker.wait_for("leadsla_events_total", 1, result="accepted")

    found = await letters(broker)
    assert [letter.missing for letter in found] == [{}] * len(bad)
    assert sorted(((letter.key, letter.value, tuple(letter.headers)) for letter in found), key=repr) == sorted(
        ((one.key, one.value, one.headers) for one in bad), key=repr
    )


@pytest.mark.kafka
async def test_what_is_small_when_packed_is_dead_lettered_whole_and_what_grows_with_a_note_of_what_is_missing(
    service_kafka: RealKafka, tmp_path: Path
) -> None:
    packed = noise(850_000).hex().encode()
    many = (("ce_type", b"lead.created.v1"), *((("h", b""),) * 30_000))
    broker = service_kafka.bootstrap
    with Worker(broker, quick_agreement(tmp_path, within="1h"), tmp_path) as worker:
        await send(broker, [Sent("handed-off", b"L-1", packed)], compression="gzip")
        await send(broker, [Sent("handed-off", b"L-1", noise(900_000), many), Crm().handed_off("L-1")])
        worker.wait_for("leadsla_rejected_total", 2)
        worker.wait_for("leadsla_events_total", 1, result="accepted")

    first, second = await letters(broker)
    assert (first.missing, first.value) == ({}, packed)
    assert second.value == noise(900_000)
    assert list(second.missing) == ["headers-dropped"]
    assert set(second.headers) == {("h", b"")}
    assert len(second.headers) + second.missing["headers-dropped"] == len(many)
    assert {first.partition, second.partition} <= set(range(PARTITIONS))
