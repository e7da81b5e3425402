"""What stands in a topic is the last record of each key of each partition."""

from typing import Final

from aiokafka import AIOKafkaProducer

from sla_rules.names import AGREEMENTS_TOPIC
from streams.kafka.embedded_broker import PARTITIONS, EmbeddedBroker
from streams.partitions.last_records import last_records
from streams.settings import Settings

STAMPS_FROM: Final = 1_700_000_000_000
WRITTEN: Final = [(0, b"a", b"1"), (0, b"b", b"2"), (0, b"a", b"3"), (0, b"b", None), (1, b"a", b"4"), (1, None, b"5")]
"""Partition, key and value."""


async def test_the_last_record_of_each_key_stands_on_its_partition_until_it_is_taken_out(
    service_embedded: EmbeddedBroker,
) -> None:
    settings = Settings(broker=service_embedded.bootstrap)
    async with AIOKafkaProducer(bootstrap_servers=settings.brokers) as producer:
        for number, (partition, key, value) in enumerate(WRITTEN):
            stamp = STAMPS_FROM - number
            await producer.send_and_wait(AGREEMENTS_TOPIC, value, key, partition, timestamp_ms=stamp)

    found = await last_records(settings, AGREEMENTS_TOPIC, PARTITIONS, lambda _read, _of: None)
    chosen = await last_records(settings, AGREEMENTS_TOPIC, 1, lambda _read, _of: None, {b"b"})

    assert found.by_partition == {0: {b"a": b"3"}, 1: {b"a": b"4", b"": b"5"}, 2: {}, 3: {}}
    assert found.latest == STAMPS_FROM * 1000
    assert chosen.by_partition == {0: {}}
