"""Clients whose brokers are away, or lead nothing: they ask with pauses, lose nothing, and end when they are to."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress

import pytest
from aiokafka import TopicPartition
from aiokafka.errors import KafkaError, LeaderNotAvailableError

from streams.kafka.connection import new_consumer, new_probe, new_producer
from streams.kafka.group_memory import remember
from streams.kafka.steady_clients import ASK_AGAIN_AFTER, CONNECT_AGAIN_AFTER
from streams.settings import Settings
from tests.real_parts.lying_brokers import LyingBrokers, Said

TOPIC = "handed-off"
LEADERLESS = Said(4, id=1)
WATCHED = 3.0
"""Seconds in which questions are counted; without pauses there are thousands."""
AT_MOST = WATCHED / ASK_AGAIN_AFTER + 5
KNOCKS_AT_MOST = WATCHED / CONNECT_AGAIN_AFTER + 3


@pytest.fixture
async def brokers() -> AsyncIterator[LyingBrokers]:
    async with LyingBrokers(3) as found:
        found.all_say(handed_off=LEADERLESS)
        yield found


def asked(brokers: LyingBrokers) -> int:
    """Questions for topics, of all brokers together."""
    return sum(broker.asked["metadata"] for broker in brokers.values())


async def test_a_producer_whose_record_waits_for_a_leader_asks_who_leads_with_pauses(brokers: LyingBrokers) -> None:
    async with new_producer(Settings(broker=brokers.bootstrap)) as producer:
        waiting = await producer.send(TOPIC, b"x", partition=0)
        before = asked(brokers)
        await asyncio.sleep(WATCHED)

        assert 1 <= asked(brokers) - before <= AT_MOST
        assert not waiting.done()

    with pytest.raises(KafkaError):
        await waiting


async def test_a_record_that_waits_for_a_leader_longer_than_a_request_may_take_is_not_given_up(
    brokers: LyingBrokers,
) -> None:
    async with new_producer(Settings(broker=brokers.bootstrap, request_timeout_seconds=0.5)) as producer:
        waiting = await producer.send(TOPIC, b"x", partition=0)
        behind = asyncio.ensure_future(_send_batch(producer))
        await asyncio.sleep(2)

        assert not waiting.done()
        assert not behind.done()

    for one in (waiting, behind):
        with pytest.raises(KafkaError):
            await one


async def test_whoever_writes_once_gives_up_what_nobody_leads(brokers: LyingBrokers) -> None:
    brokers.all_say(leadsla_agreements=LEADERLESS)
    with pytest.raises(LeaderNotAvailableError):
        await remember(Settings(broker=brokers.bootstrap, request_timeout_seconds=0.5), {b"k": b"v"})


async def _send_batch(producer: object) -> object:
    batch = producer.create_batch()  # type: ignore[attr-defined] # untyped
    batch.append(key=None, value=b"y", timestamp=None)
    batch.close()
    return await (await producer.send_batch(batch, TOPIC, partition=0))  # type: ignore[attr-defined] # as above


async def test_a_consumer_that_finds_no_leader_asks_with_pauses(brokers: LyingBrokers) -> None:
    async with new_consumer(Settings(broker=brokers.bootstrap)) as consumer:
        consumer.assign([TopicPartition(TOPIC, 0)])
        before = asked(brokers)
        await consumer.getmany(timeout_ms=round(WATCHED * 1000))

        assert 1 <= asked(brokers) - before <= AT_MOST


async def test_a_broker_that_cannot_be_reached_is_left_alone_for_a_while_each_time(brokers: LyingBrokers) -> None:
    """Whoever connects to it is turned away at once: that is counted, where one that listens nowhere could not count."""
    brokers.all_say(handed_off=LEADERLESS._replace(leader=2))
    async with new_probe(Settings(broker=brokers.bootstrap)) as probe:
        for node in (1, 3):
            await brokers[node].stop()
        brokers[2].turns_away = True
        before = brokers[2].connections
        with suppress(KafkaError, TimeoutError):
            async with asyncio.timeout(WATCHED):
                await probe.send_and_wait(TOPIC, b"x", partition=0)
    assert brokers[2].connections - before <= KNOCKS_AT_MOST


async def test_a_broker_that_takes_connections_and_says_nothing_keeps_nobody_from_the_others(
    brokers: LyingBrokers,
) -> None:
    brokers[1].silent = True
    brokers[3].silent = True
    brokers[2].topics = {TOPIC: LEADERLESS._replace(leader=2)}
    consumer = new_consumer(Settings(broker=f"127.0.0.1:{brokers[2].port}"))
    await consumer.start()
    client = consumer._client  # noqa: SLF001 - it has no other door
    stuck = [asyncio.ensure_future(client.ready(node)) for node in (1, 3)]
    await asyncio.sleep(0.1)

    assert await client.ready(2)

    assert not any(one.done() for one in stuck)
    await consumer.stop()
    for one in stuck:
        one.cancel()
    await asyncio.gather(*stuck, return_exceptions=True)


async def test_a_client_that_is_to_end_ends_though_something_waits_for_a_leader(brokers: LyingBrokers) -> None:
    producer = new_producer(Settings(broker=brokers.bootstrap))
    await producer.start()
    waiting = await producer.send(TOPIC, b"x", partition=0)

    await producer.stop()
    await producer.stop()

    with pytest.raises(KafkaError):
        await waiting


async def test_a_consumer_that_is_to_end_while_it_waits_after_an_error_just_ends(brokers: LyingBrokers) -> None:
    brokers.all_say(handed_off=LEADERLESS._replace(leader=2))
    consumer = new_consumer(Settings(broker=brokers.bootstrap))
    await consumer.start()
    consumer.assign([TopicPartition(TOPIC, 0)])
    consumer.seek(TopicPartition(TOPIC, 0), 0)
    await brokers[2].stop()
    for _ in range(20):
        await consumer.getmany(timeout_ms=10)

    await consumer.stop()
