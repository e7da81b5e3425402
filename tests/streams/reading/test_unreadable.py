"""What breaks a client's own rules is read all the same; what is damaged is told, after all that lies before it."""

import asyncio
from collections.abc import Sequence

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, ConsumerRecord, TopicPartition
from aiokafka.record.util import calc_crc32c
from confluent_kafka import Producer

from sla_rules.names import BREACHES_TOPIC
from streams.dead_letters.lookback import records_before
from streams.kafka.connection import new_consumer
from streams.kafka.embedded_broker import EmbeddedBroker
from streams.reading.unreadable import UnreadableError, spelled
from streams.settings import Settings
from tests.real_parts.any_client import Damage, Raw, batch_of, send_batches
from tests.real_parts.kafka import RealKafka
from tests.real_parts.loopback import AT_MOST

TOPIC = "handed-off"
SPOT = TopicPartition(TOPIC, 1)
MEBIBYTE = 2**20
CODECS = {"none": 0, "gzip": 1, "snappy": 2, "lz4": 3, "zstd": 4}
ANY_NAME = (b"caf\xe9", b"1"), ("größe".encode(), None), (b"", b""), (b"\xff\xfe", b"2")


def numbered(numbers: Sequence[int], headers: Sequence[tuple[bytes, bytes | None]] = ()) -> list[Raw]:
    return [Raw(b"L-%d" % number, b"%d" % number, headers) for number in numbers]


def no_checksum(batch: bytearray) -> bytearray:
    batch[-1] ^= 0xFF
    return batch


def unknown_codec(batch: bytearray) -> bytearray:
    batch[22] |= 0x07
    batch[17:21] = calc_crc32c(bytes(batch[21:])).to_bytes(4, "big")
    return batch


async def read_to(
    broker: str, last: bytes, at_once: int | None = None, spot: TopicPartition = SPOT
) -> list[ConsumerRecord]:
    """All records up to one, in the pieces asked for."""
    found: list[ConsumerRecord] = []
    async with new_consumer(Settings(broker=broker)) as consumer, asyncio.timeout(AT_MOST):
        consumer.assign([spot])
        consumer.seek(spot, 0)
        while not found or found[-1].value != last:
            for records in (await consumer.getmany(spot, timeout_ms=200, max_records=at_once)).values():
                found += records
    return found


async def read_on_and_on(consumer: AIOKafkaConsumer, found: list[bytes | None]) -> None:
    while True:
        for records in (await consumer.getmany(SPOT, timeout_ms=200)).values():
            found += [record.value for record in records]


@pytest.mark.parametrize("codec", CODECS)
@pytest.mark.parametrize("at_once", [None, 2])
async def test_a_header_name_of_any_bytes_is_read_with_its_neighbours_each_once(
    broker: str, codec: str, at_once: int | None
) -> None:
    mixed = [*numbered([2]), *numbered([3], ANY_NAME), *numbered([4], [(b"ce_id", b"x")]), *numbered([5], ANY_NAME)]
    batches = [numbered([0, 1]), mixed, numbered([6]), numbered([7], ANY_NAME), numbered([8])]
    await send_batches(broker, TOPIC, SPOT.partition, *(batch_of(batch, CODECS[codec]) for batch in batches))

    found = await read_to(broker, b"8", at_once)

    assert [(record.offset, record.key, record.value) for record in found] == [
        (number, b"L-%d" % number, b"%d" % number) for number in range(9)
    ]
    headers = [[(spelled(name), value) for name, value in record.headers] for record in found]
    odd = [("caf\\xe9", b"1"), ("größe", None), ("", b""), ("\\xff\\xfe", b"2")]
    assert headers == [[], [], [], odd, [("ce_id", b"x")], odd, [], odd, []]
    assert all(record.timestamp > 0 for record in found)


@pytest.mark.kafka
@pytest.mark.parametrize("codec", [codec for codec in CODECS if codec != "none"])
def test_what_librdkafka_packs_is_read_with_any_codec(service_kafka: RealKafka, codec: str) -> None:
    producer = Producer({"bootstrap.servers": service_kafka.bootstrap, "compression.type": codec, "linger.ms": 50})
    for number in range(500):
        producer.produce(TOPIC, b"%d" % number, b"L-%d" % number, SPOT.partition, headers=[("größe", b"1")])
    assert producer.flush(20) == 0

    found = asyncio.run(read_to(service_kafka.bootstrap, b"499"))

    assert [record.value for record in found] == [b"%d" % number for number in range(500)]
    assert {tuple(record.headers) for record in found} == {(("größe", b"1"),)}


@pytest.mark.kafka
async def test_marks_of_transactions_are_passed_over(service_kafka: RealKafka) -> None:
    for number in range(2):
        crm = AIOKafkaProducer(bootstrap_servers=service_kafka.bootstrap, transactional_id="crm")
        async with crm, crm.transaction():
            await crm.send_and_wait(TOPIC, b"%d" % number, partition=SPOT.partition)
    await send_batches(service_kafka.bootstrap, TOPIC, SPOT.partition, batch_of(numbered([4], ANY_NAME)))

    found = await read_to(service_kafka.bootstrap, b"4")

    assert [(record.offset, record.value) for record in found] == [(0, b"0"), (2, b"1"), (4, b"4")]


@pytest.mark.kafka
async def test_records_larger_than_a_fetch_come_one_by_one(service_kafka: RealKafka) -> None:
    topic, place = spot = TopicPartition(BREACHES_TOPIC, 1)
    service_kafka.create_topics([topic], 4, max_message_bytes=str(16 * MEBIBYTE))
    values = [bytes([65 + number]) * 10 * MEBIBYTE for number in range(3)]
    async with AIOKafkaProducer(bootstrap_servers=service_kafka.bootstrap, max_request_size=16 * MEBIBYTE) as producer:
        for value in values:
            await producer.send_and_wait(topic, value, partition=place)

    assert [record.value for record in await read_to(service_kafka.bootstrap, values[-1], spot=spot)] == values


@pytest.mark.parametrize(
    ("damage", "why"),
    [pytest.param(no_checksum, "Invalid CRC", id="checksum"), pytest.param(unknown_codec, "codec", id="codec")],
)
async def test_a_damaged_batch_is_told_with_its_place_once_all_before_it_has_been_read(
    embedded_broker: EmbeddedBroker, damage: Damage, why: str
) -> None:
    embedded_broker.create(TOPIC)
    broker = embedded_broker.bootstrap
    await send_batches(
        broker,
        TOPIC,
        SPOT.partition,
        batch_of(numbered([0, 1])),
        batch_of(numbered([2], ANY_NAME)),
        batch_of(numbered([3, 4, 5]), damage=damage),
        batch_of(numbered([6])),
    )
    found: list[bytes | None] = []
    settings = Settings(broker=broker, unreadable_batches="stop")
    async with new_consumer(settings) as consumer, asyncio.timeout(AT_MOST):
        consumer.assign([SPOT])
        consumer.seek(SPOT, 0)
        with pytest.raises(UnreadableError, match=f"handed-off, partition 1: offsets 3 to 5 cannot be read: .*{why}"):
            await read_on_and_on(consumer, found)
        assert await consumer.position(SPOT) == 3

    assert found == [b"0", b"1", b"2"]
    before = [
        record.value async for records in records_before(settings, TOPIC, SPOT.partition, 7, 6) for record in records
    ]
    assert before == [b"1", b"2", b"6"]
