import asyncio
import socket

import pytest
from aiokafka import TopicPartition

from streams.kafka.embedded_broker import PARTITIONS, EmbeddedBroker
from tests.real_parts.loopback import AT_MOST
from tests.real_parts.records import read, reading, write

NUMBERED = [str(number).encode() for number in range(50)]


async def test_records_are_read_back_in_the_order_they_were_written(embedded_broker: EmbeddedBroker) -> None:
    await write(embedded_broker.bootstrap, "handed-off", NUMBERED, partition=2)

    assert await read(embedded_broker.bootstrap, "handed-off", [2]) == NUMBERED


async def test_a_topic_has_its_partitions_before_anything_is_written(embedded_broker: EmbeddedBroker) -> None:
    embedded_broker.create("lead-created", "handed-off")

    assert embedded_broker.topics() == {"lead-created", "handed-off"}
    async with reading(embedded_broker.bootstrap, "handed-off") as consumer:
        assert consumer.partitions_for_topic("handed-off") == set(range(PARTITIONS))
        assert await consumer.topics() == {"lead-created", "handed-off"}


async def test_a_stamp_is_the_producers(embedded_broker: EmbeddedBroker) -> None:
    await write(embedded_broker.bootstrap, "handed-off", [b"x"], stamp=77_000)

    async with reading(embedded_broker.bootstrap) as consumer, asyncio.timeout(AT_MOST):
        consumer.assign([TopicPartition("handed-off", 0)])
        record = await consumer.getone()
    assert (record.timestamp, record.timestamp_type) == (77_000, 0)


async def test_a_group_takes_all_partitions_and_its_commits_stay(embedded_broker: EmbeddedBroker) -> None:
    spots = [TopicPartition("handed-off", partition) for partition in range(PARTITIONS)]
    for spot in spots:
        await write(embedded_broker.bootstrap, "handed-off", NUMBERED[:5], partition=spot.partition)

    async with reading(embedded_broker.bootstrap, "handed-off", group="worker") as member:
        count = 0
        async with asyncio.timeout(AT_MOST):
            while count < 5 * PARTITIONS:
                count += sum(map(len, (await member.getmany(timeout_ms=200)).values()))
        assert member.assignment() == set(spots)
        assert await member.end_offsets(spots) == dict.fromkeys(spots, 5)
        await member.commit()

    async with reading(embedded_broker.bootstrap, group="worker") as later:
        later.assign(spots)
        assert [await later.committed(spot) for spot in spots] == [5] * PARTITIONS


async def test_a_partition_silently_forgets_what_is_over_its_size(embedded_broker: EmbeddedBroker) -> None:
    await write(embedded_broker.bootstrap, "handed-off", [b"x" * 500_000] * 14)

    async with reading(embedded_broker.bootstrap) as consumer:
        spot = TopicPartition("handed-off", 0)
        first, end = await consumer.beginning_offsets([spot]), await consumer.end_offsets([spot])
    assert end[spot] == 14
    assert first[spot] > 0


def test_it_listens_on_loopback_and_only_while_it_is_open() -> None:
    with EmbeddedBroker() as broker:
        host, port = broker.bootstrap.split(":")
        with socket.create_connection((host, int(port)), timeout=5):
            pass
    assert host == "127.0.0.1"
    broker.close()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((host, int(port)), timeout=5)
