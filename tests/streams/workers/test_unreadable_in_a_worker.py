"""A record that broke the client is dead-lettered like any other bad input; a damaged batch stops the worker in words."""

import asyncio
from pathlib import Path

import pytest
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.structs import OffsetAndMetadata

from sla_rules.names import REJECTED_TOPIC
from streams.dead_letters.letters import DeadLetter
from streams.kafka.embedded_broker import EmbeddedBroker
from streams.kafka.topics import changelog_of
from streams.settings import Settings
from tests.events import Crm, Sent
from tests.real_parts.any_client import Raw, batch_of, send_batches
from tests.real_parts.kafka import RealKafka
from tests.real_parts.kafka_by_java import KafkaByJava
from tests.real_parts.program import NotStartedError
from tests.real_parts.service import Worker, all_records
from tests.streams.agreements import quick_agreement
from tests.streams.workers.test_new_versions import leadsla

PLACE = 1
TOPIC = "handed-off"
LEADS = ("L-5", "L-10", "L-16", "L-19")


def raw(sent: Sent, *headers: tuple[bytes, bytes | None]) -> Raw:
    return Raw(sent.key, sent.value, headers)


def changed(batch: bytearray) -> bytearray:
    batch[-1] ^= 0xFF
    return batch


async def test_a_header_name_that_is_no_text_puts_its_record_away_and_no_other(broker: str, tmp_path: Path) -> None:
    crm = Crm()
    first, odd, second, third = (crm.handed_off(lead) for lead in LEADS)
    headers = ((b"trace", b"1"), (b"caf\xe9", b"2"), (b"\xff\xfe", None))
    batches = [[raw(first), raw(odd, *headers), raw(second)], [raw(third)]]
    with Worker(broker, quick_agreement(tmp_path, within="1h"), tmp_path) as worker:
        _, last = await send_batches(broker, TOPIC, PLACE, *map(batch_of, batches))
        worker.wait_for("leadsla_events_total", 4)

        assert worker.total("leadsla_rejected_total", reason="broken_header") == 1
        assert worker.total("leadsla_window_leads", obligation="first-touch", window="day") == 3
        assert worker.total("leadsla_events_total") == 4
        worker.stop()
        worker.start()
        assert worker.total("leadsla_window_leads", obligation="first-touch", window="day") == 3

    [letter] = [DeadLetter.of(record) for record in await all_records(broker, REJECTED_TOPIC)]
    assert (letter.reason, letter.key, letter.value) == ("broken_header", odd.key, odd.value)
    assert (letter.original_topic, letter.original_partition, letter.original_offset) == (TOPIC, PLACE, last - 2)
    assert letter.headers == [("trace", b"1"), ("caf\\xe9", b"2"), ("\\xff\\xfe", None)]
    assert "caf\\xe9" in letter.detail


def damage_on_disk(kafka: KafkaByJava, spot: TopicPartition, text: bytes) -> None:
    """Turn over the bits of one byte that lies on the broker's disk."""
    [segment] = (kafka.data / f"{spot.topic}-{spot.partition}").glob("*.log")
    with kafka.away():
        held = bytearray(segment.read_bytes())
        held[held.index(text)] ^= 0xFF
        segment.write_bytes(held)


async def give_up(broker: str, spot: TopicPartition, offset: int) -> int | None:
    """Move the service's group behind what cannot be read; where it stood."""
    group = Settings().group
    async with AIOKafkaConsumer(bootstrap_servers=broker, group_id=group, enable_auto_commit=False) as consumer:
        consumer.assign([spot])
        stood: int | None = await consumer.committed(spot)
        await consumer.commit({spot: OffsetAndMetadata(offset, "")})
        return stood


@pytest.mark.kafka
async def test_what_the_brokers_disk_damaged_stops_the_worker_until_it_is_given_up_and_no_more_is_lost(
    service_kafka: RealKafka, tmp_path: Path
) -> None:
    if not isinstance(service_kafka, KafkaByJava):
        pytest.skip("the broker's disk is out of reach")
    broker, crm, spot = service_kafka.bootstrap, Crm(), TopicPartition(TOPIC, PLACE)
    batches = [batch_of([raw(crm.handed_off(lead))]) for lead in LEADS]
    with Worker(broker, quick_agreement(tmp_path, within="1h"), tmp_path, LEADSLA_BATCH_RECORDS="1") as worker:
        await send_batches(broker, TOPIC, PLACE, batches[0])
        worker.wait_for("leadsla_events_total", 1)
        worker.stop()
        await send_batches(broker, TOPIC, PLACE, *batches[1:])
        damage_on_disk(service_kafka, spot, LEADS[2].encode())

        for _ in range(2):
            with pytest.raises(NotStartedError, match="ended with 1") as stopped:
                await asyncio.to_thread(worker.program.start, lambda: False)
            last = str(stopped.value).splitlines()[-1]
            assert (
                f"leadsla worker: {broker}: {TOPIC}, partition {PLACE}: offset 2 cannot be read: Invalid CRC." in last
            )
            assert "Traceback" not in str(stopped.value)

        assert await give_up(broker, spot, 3) == 2
        with pytest.raises(
            NotStartedError, match=r"somebody else than a worker has set .* handed-off \(partitions 1\)"
        ):
            await asyncio.to_thread(worker.program.start, lambda: False)
        accepted = leadsla("topics", "accept", broker=broker, agreements=tmp_path)
        assert accepted.stdout.strip() == f"accepted: {TOPIC}"
        await asyncio.to_thread(worker.start)
        worker.wait_for("leadsla_window_leads", 3, obligation="first-touch", window="day")


async def test_a_damaged_batch_of_the_changelog_stops_the_worker_in_words(
    service_embedded: EmbeddedBroker, tmp_path: Path
) -> None:
    broker, changelog = service_embedded.bootstrap, changelog_of(Settings())
    await send_batches(broker, changelog, PLACE, batch_of([Raw(b"L-3", b"{}")], damage=changed))
    with pytest.raises(NotStartedError, match="ended with 1") as stopped:
        Worker(broker, quick_agreement(tmp_path), tmp_path)

    assert f"{changelog}, partition {PLACE}: offset 0 cannot be read: Invalid CRC" in str(stopped.value)
    assert "Traceback" not in str(stopped.value)
