import asyncio
from pathlib import Path

import pytest
from aiokafka import TopicPartition
from confluent_kafka.admin import ConfigResource, ResourceType  # type: ignore[attr-defined]  # documented there

from tests.real_parts.kafka import NoKafkaError, RealKafka
from tests.real_parts.kafka_choice import running_kafka
from tests.real_parts.loopback import AT_MOST
from tests.real_parts.records import read, reading, write

pytestmark = pytest.mark.kafka

NUMBERED = [str(number).encode() for number in range(200)]


async def test_records_are_read_back_in_the_order_they_were_written(real_kafka: RealKafka) -> None:
    real_kafka.create_topics(["handed-off"], partitions=3)

    await write(real_kafka.bootstrap, "handed-off", NUMBERED, partition=2)

    assert await read(real_kafka.bootstrap, "handed-off", [0, 1, 2]) == NUMBERED


@pytest.mark.parametrize("killed", [False, True])
async def test_a_broker_that_went_away_keeps_its_records(real_kafka: RealKafka, *, killed: bool) -> None:
    real_kafka.create_topics(["handed-off"])
    await write(real_kafka.bootstrap, "handed-off", NUMBERED)

    with real_kafka.away(killed=killed):
        assert not real_kafka.answers()

    assert await read(real_kafka.bootstrap, "handed-off") == NUMBERED
    await write(real_kafka.bootstrap, "handed-off", [b"later"])
    assert await read(real_kafka.bootstrap, "handed-off") == [*NUMBERED, b"later"]


async def test_an_arrival_is_stamped_by_the_broker_where_the_topic_says_so(real_kafka: RealKafka) -> None:
    real_kafka.create_topics(["handed-off"], message_timestamp_type="LogAppendTime")

    await write(real_kafka.bootstrap, "handed-off", [b"x"], stamp=77_000)

    async with reading(real_kafka.bootstrap) as consumer, asyncio.timeout(AT_MOST):
        consumer.assign([TopicPartition("handed-off", 0)])
        record = await consumer.getone()
    assert record.timestamp > 77_000
    assert record.timestamp_type == 1


def test_settings_reach_the_topic(real_kafka: RealKafka) -> None:
    real_kafka.create_topics(["sla-breaches"], partitions=1, cleanup_policy="compact")

    with real_kafka.admin() as admin:
        asked = ConfigResource(ResourceType.TOPIC, "sla-breaches")
        found = admin.describe_configs([asked])[asked].result(10)
    assert found["cleanup.policy"].value == "compact"


async def test_a_topic_created_again_is_empty_and_its_offsets_are_forgotten(real_kafka: RealKafka) -> None:
    spot = TopicPartition("handed-off", 0)
    real_kafka.create_topics(["handed-off"])
    await write(real_kafka.bootstrap, "handed-off", NUMBERED)
    async with reading(real_kafka.bootstrap, group="worker") as member:
        member.assign([spot])
        await member.commit({spot: 7})
        assert await member.committed(spot) == 7

    real_kafka.create_topics(["handed-off"], partitions=1)

    assert await read(real_kafka.bootstrap, "handed-off") == []
    async with reading(real_kafka.bootstrap, group="worker") as member:
        member.assign([spot])
        assert await member.committed(spot) is None


async def test_a_group_divides_the_partitions_between_its_members(real_kafka: RealKafka) -> None:
    real_kafka.create_topics(["handed-off"])

    async with (
        reading(real_kafka.bootstrap, "handed-off", group="pair") as one,
        reading(real_kafka.bootstrap, "handed-off", group="pair") as other,
        asyncio.timeout(AT_MOST),
    ):
        while len(one.assignment()) != 2 or len(other.assignment()) != 2:
            await one.getmany(timeout_ms=50)
            await other.getmany(timeout_ms=50)
        assert len(one.assignment() | other.assignment()) == 4


def test_a_named_broker_is_used_as_it_is_and_never_taken_down(
    real_kafka: RealKafka, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("LEADSLA_TEST_KAFKA", real_kafka.bootstrap)
    monkeypatch.delenv("LEADSLA_REQUIRE_KAFKA", raising=False)

    named = running_kafka(tmp_path)

    assert named.bootstrap == real_kafka.bootstrap
    with pytest.raises(pytest.skip.Exception, match="not ours to stop"):
        named.kill()
    named.create_topics(["of-the-session"])
    named.close()
    with real_kafka.admin() as admin:
        assert "of-the-session" not in admin.list_topics(timeout=10).topics


def test_a_named_broker_that_is_not_there_is_an_error(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("LEADSLA_TEST_KAFKA", "127.0.0.1:1")

    with pytest.raises(AssertionError, match="does not answer"):
        running_kafka(tmp_path)


def test_a_machine_without_java_and_docker_says_what_it_lacks(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("LEADSLA_TEST_KAFKA", raising=False)
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(NoKafkaError, match="no java on the PATH; no docker on the PATH"):
        running_kafka(tmp_path)
