"""What brokers say of topics, in each version of the question that they may understand."""

from typing import Any

import pytest
from aiokafka import AIOKafkaConsumer
from aiokafka.errors import KafkaConnectionError

from streams.kafka import topic_metadata as asking
from streams.kafka.agreed_metadata import agreed_metadata
from streams.kafka.topic_metadata import TopicMetadata
from streams.kafka.topics import agreed_of, plan
from streams.settings import Settings
from tests.real_parts.kafka import RealKafka
from tests.real_parts.service import PARTITIONS
from tests.streams.workers.test_topic_accidents import make

TOPICS = sorted(plan(Settings()))
HANDED_OFF = "handed-off"


async def asked(broker: str, *topics: str) -> dict[str, TopicMetadata]:
    async with AIOKafkaConsumer(bootstrap_servers=broker) as consumer:
        return await agreed_metadata(consumer, topics)


async def test_topics_that_are_there_are_told_with_their_partitions_and_an_id_of_their_own(broker: str) -> None:
    found = await asked(broker, *TOPICS, "nobody-made-this")

    assert sorted(found) == TOPICS
    assert {one.partitions for one in found.values()} == {PARTITIONS}
    assert len({one.id for one in found.values()}) == len(TOPICS)
    assert await asked(broker, *TOPICS) == found
    assert await asked(broker, "nobody-made-this") == {}, "asking makes none"


@pytest.mark.kafka
@pytest.mark.parametrize("version", [5, 11, 12])
async def test_every_version_of_the_question_is_answered_alike_but_that_old_brokers_know_no_ids(
    service_kafka: RealKafka, monkeypatch: pytest.MonkeyPatch, version: int
) -> None:
    newest = await asked(service_kafka.bootstrap, *TOPICS)
    request: Any = asking._Topics  # noqa: SLF001 - which one is chosen depends on the broker
    monkeypatch.setattr(request, "_CLASSES", tuple(one for one in request._CLASSES if version == one.API_VERSION))  # noqa: SLF001

    found = await asked(service_kafka.bootstrap, *TOPICS, "nobody-made-this")

    assert found == (newest if version > 5 else {topic: TopicMetadata(PARTITIONS, "") for topic in TOPICS})


@pytest.mark.kafka
async def test_a_topic_that_is_created_again_has_another_id(service_kafka: RealKafka) -> None:
    before = await asked(service_kafka.bootstrap, HANDED_OFF, agreed_of(Settings()))
    make(service_kafka, HANDED_OFF)
    after = await asked(service_kafka.bootstrap, HANDED_OFF, agreed_of(Settings()))

    assert after[agreed_of(Settings())] == before[agreed_of(Settings())]
    assert after[HANDED_OFF].id != before[HANDED_OFF].id


async def test_without_a_broker_there_is_an_error_and_no_empty_answer() -> None:
    consumer = AIOKafkaConsumer(bootstrap_servers="127.0.0.1:1")
    with pytest.raises(KafkaConnectionError):
        await consumer.start()
    try:
        with pytest.raises(Exception, match=r"NodeNotReady|StaleMetadata"):
            await agreed_metadata(consumer, TOPICS)
    finally:
        await consumer.stop()
