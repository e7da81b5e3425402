"""What hostile clients pack, as every reader of ours finds it that comes through a broker."""

import asyncio

import pytest
from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition

from sla_rules.names import BREACHES_TOPIC
from streams.dead_letters.lookback import records_before
from streams.kafka.connection import new_consumer
from streams.kafka.embedded_broker import EmbeddedBroker
from streams.reading.stand_ins import TOO_LARGE_UNPACKED, StandIn
from streams.reading.unreadable import UnreadableError
from streams.settings import Settings
from tests.real_parts.any_client import Raw, batch_of, send_batches
from tests.real_parts.hostile import raw_batch, record, to_send
from tests.real_parts.loopback import AT_MOST
from tests.streams.lies import BOMBS, MEBIBYTE

SPOT = TopicPartition("handed-off", 1)
OURS = TopicPartition(BREACHES_TOPIC, 1)


async def publish(broker: EmbeddedBroker, spot: TopicPartition, *raw: bytes) -> None:
    """A good record before and after each."""
    broker.create(spot.topic)
    good = [batch_of([Raw(b"k", b"%d" % number)]) for number in range(len(raw) + 1)]
    mixed = [good[0], *(batch for pair in zip(map(to_send, raw), good[1:], strict=True) for batch in pair)]
    await send_batches(broker.bootstrap, spot.topic, spot.partition, *mixed)


async def read(consumer: AIOKafkaConsumer, spot: TopicPartition, end: int) -> list[ConsumerRecord]:
    found: list[ConsumerRecord] = []
    consumer.assign([spot])
    consumer.seek(spot, 0)
    async with asyncio.timeout(AT_MOST):
        while not found or found[-1].offset < end - 1:
            for records in (await consumer.getmany(spot, timeout_ms=200)).values():
                found += records
    return found


async def test_bombs_of_every_codec_are_dead_lettered_and_what_lies_between_is_read_now_and_when_it_is_looked_back_at(
    embedded_broker: EmbeddedBroker,
) -> None:
    await publish(embedded_broker, SPOT, *BOMBS.values())
    settings = Settings(broker=embedded_broker.bootstrap, batch_max_bytes=2 * MEBIBYTE)

    async with new_consumer(settings) as consumer:
        found = await read(consumer, SPOT, 9)
    topic, partition = SPOT
    again: list[ConsumerRecord] = []
    async for before in records_before(settings, topic, partition, offset=9, count=9):
        again += before

    for records in (found, again):
        assert [record.offset for record in records] == list(range(9))
        assert [record.value for record in records[::2]] == [b"0", b"1", b"2", b"3", b"4"]
        bombs = records[1::2]
        assert [isinstance(one, StandIn) and one.reason for one in bombs] == [TOO_LARGE_UNPACKED] * 4
        assert [one.original_value[16:] for one in bombs] == [raw[16:] for raw in BOMBS.values()]


@pytest.mark.parametrize(("spot", "unreadable"), [(SPOT, "stop"), (OURS, "dead_letter")])
@pytest.mark.parametrize("codec", BOMBS)
async def test_a_bomb_that_may_not_be_dead_lettered_stops_its_reader_with_one_sentence(
    embedded_broker: EmbeddedBroker, spot: TopicPartition, unreadable: str, codec: str
) -> None:
    await publish(embedded_broker, spot, BOMBS[codec])
    settings = Settings.model_validate(
        {"broker": embedded_broker.bootstrap, "batch_max_bytes": 2 * MEBIBYTE, "unreadable_batches": unreadable}
    )
    async with new_consumer(settings) as consumer:
        assert [record.value for record in await read(consumer, spot, 1)] == [b"0"]
        with pytest.raises(
            UnreadableError, match=rf"{spot.topic}, partition 1: offset 1 cannot be read: it unpacks to"
        ):
            await consumer.getmany(spot, timeout_ms=60_000)
        assert await consumer.position(spot) == 1


@pytest.mark.parametrize("said", [[0, 0, 0], [2, 1, 0], [-3, -2, -1], [2**31 - 1, 0, 1], [0, 5, 1]])
async def test_records_that_lie_about_their_places_are_all_read(broker: str, said: list[int]) -> None:
    raw = raw_batch(b"".join(record(place, b"k", b"%d" % at) for at, place in enumerate(said)), count=3)
    [_, begin, after] = await send_batches(
        broker,
        SPOT.topic,
        SPOT.partition,
        batch_of([Raw(b"k", b"before")]),
        to_send(raw),
        batch_of([Raw(b"k", b"after")]),
    )
    assert after == begin + 3

    async with new_consumer(Settings(broker=broker)) as consumer:
        found = await read(consumer, SPOT, after + 1)

    assert [record.value for record in found] == [b"before", b"0", b"1", b"2", b"after"]
    assert [record.offset for record in found] == [*range(begin - 1, after + 1)]
