"""What brokers say of topics while some know more than others: what has been created just now is not missing, nor another."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from aiokafka import AIOKafkaConsumer
from aiokafka.errors import KafkaError

from streams.kafka import agreed_metadata as asking
from streams.kafka.agreed_metadata import DisagreedError, agreed_metadata, awaited_metadata, wait_until_known
from streams.kafka.connection import new_consumer
from streams.kafka.end_offsets import EndOffsets
from streams.kafka.topic_metadata import TopicMetadata
from streams.kafka.topics import TopicsError, check_topics, plan
from streams.settings import Settings
from tests.real_parts.lying_brokers import LyingBrokers, Said

TOPIC, OTHER = "handed-off", "lead-created"
OLD, NEW = Said(4, id=1, leader=1), Said(4, id=2, leader=1)
SOON = 0.5


def as_told(said: Said) -> TopicMetadata:
    return TopicMetadata(said.partitions, f"{said.id:032x}")


@pytest.fixture
async def brokers() -> AsyncIterator[LyingBrokers]:
    async with LyingBrokers(3) as found:
        found.all_say(handed_off=NEW)
        yield found


@pytest.fixture
async def consumer(brokers: LyingBrokers) -> AsyncIterator[AIOKafkaConsumer]:
    async with new_consumer(Settings(broker=brokers.bootstrap)) as found:
        yield found


@pytest.fixture
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody is waited for longer than it takes to be told."""
    monkeypatch.setattr(asking, "AGREED_WITHIN", SOON)
    monkeypatch.setattr(asking, "ANSWER_WITHIN", SOON)


def later(what: object, seconds: float = SOON) -> None:
    asyncio.get_running_loop().call_later(seconds, what)  # type: ignore[arg-type]


def questions(brokers: LyingBrokers) -> list[int]:
    """How often each broker was asked for topics."""
    return [broker.asked["topics"] for broker in brokers.values()]


async def test_what_all_say_counts_at_once(brokers: LyingBrokers, consumer: AIOKafkaConsumer) -> None:
    assert await agreed_metadata(consumer, [TOPIC, OTHER]) == {TOPIC: as_told(NEW)}
    assert questions(brokers) == [1, 1, 1]


@pytest.mark.parametrize("late", [1, 2])
async def test_a_topic_that_some_brokers_do_not_know_yet_is_there(
    brokers: LyingBrokers, consumer: AIOKafkaConsumer, late: int
) -> None:
    for node in range(1, late + 1):
        brokers[node].topics = {}
        later(lambda node=node: brokers[node].topics.update({TOPIC: NEW}))

    assert await agreed_metadata(consumer, [TOPIC]) == {TOPIC: as_told(NEW)}


@pytest.mark.parametrize("behind", [{}, {TOPIC: OLD}, {TOPIC: NEW._replace(partitions=2)}])
async def test_a_broker_that_stays_behind_is_outvoted(
    brokers: LyingBrokers, consumer: AIOKafkaConsumer, soon: None, behind: dict[str, Said]
) -> None:
    del soon
    brokers[2].topics = dict(behind)

    for _ in range(3):
        assert await agreed_metadata(consumer, [TOPIC]) == {TOPIC: as_told(NEW)}


async def test_a_topic_that_one_broker_alone_still_knows_is_gone(
    brokers: LyingBrokers, consumer: AIOKafkaConsumer, soon: None
) -> None:
    del soon
    brokers.all_say()
    brokers[3].topics = {TOPIC: OLD}

    assert await agreed_metadata(consumer, [TOPIC]) == {}


async def test_where_no_more_brokers_say_one_thing_than_another_nothing_is_known(
    brokers: LyingBrokers, consumer: AIOKafkaConsumer, soon: None
) -> None:
    del soon
    brokers[2].topics = {TOPIC: OLD}
    await brokers[3].stop()

    with pytest.raises(DisagreedError, match="the brokers do not agree about handed-off"):
        await agreed_metadata(consumer, [TOPIC])


async def test_brokers_that_are_down_or_stand_still_are_not_missed(
    brokers: LyingBrokers, consumer: AIOKafkaConsumer, soon: None
) -> None:
    del soon
    brokers[1].silent = True
    await brokers[2].stop()

    assert await agreed_metadata(consumer, [TOPIC]) == {TOPIC: as_told(NEW)}


async def test_with_no_broker_at_all_there_is_an_error_and_no_empty_answer(
    brokers: LyingBrokers, consumer: AIOKafkaConsumer, soon: None
) -> None:
    del soon
    brokers[1].silent = True
    for node in (2, 3):
        await brokers[node].stop()

    with pytest.raises(KafkaError):
        await agreed_metadata(consumer, [TOPIC])


async def test_where_one_broker_says_what_is_known_no_other_is_asked(
    brokers: LyingBrokers, consumer: AIOKafkaConsumer
) -> None:
    for _ in range(5):
        known = {TOPIC: as_told(NEW), OTHER: None}
        assert await agreed_metadata(consumer, [TOPIC, OTHER], known) == {TOPIC: as_told(NEW)}

    assert sum(questions(brokers)) == 5


async def test_a_topic_that_nobody_knows_yet_is_waited_for_a_while(
    brokers: LyingBrokers, consumer: AIOKafkaConsumer
) -> None:
    brokers.all_say()
    later(lambda: brokers.all_say(handed_off=NEW))

    assert await awaited_metadata(consumer, [TOPIC]) == {TOPIC: as_told(NEW)}


async def test_a_topic_that_never_comes_is_left_out(
    brokers: LyingBrokers, consumer: AIOKafkaConsumer, soon: None
) -> None:
    del soon
    brokers.all_say()

    assert await awaited_metadata(consumer, [TOPIC]) == {}


async def test_topics_are_known_to_all_once_each_broker_says_who_leads_them(
    brokers: LyingBrokers, consumer: AIOKafkaConsumer
) -> None:
    brokers[1].topics = {}
    brokers[2].topics = {TOPIC: NEW._replace(leader=-1)}
    waiting = asyncio.ensure_future(wait_until_known(consumer, [TOPIC], within=60))
    await asyncio.sleep(SOON)
    brokers[1].topics = {TOPIC: NEW}
    await asyncio.sleep(SOON)
    assert not waiting.done()

    brokers[2].topics = {TOPIC: NEW}
    await waiting


async def test_a_worker_that_runs_is_told_nothing_new_by_one_broker_that_is_behind(
    brokers: LyingBrokers, soon: None
) -> None:
    """Else it would begin a topic again that was not created again, or say that one is gone."""
    del soon
    end_offsets = EndOffsets(Settings(broker=brokers.bootstrap))
    await end_offsets.start()
    try:
        assert await end_offsets.topics([TOPIC]) == {TOPIC: as_told(NEW)}
        assert await end_offsets.topics([TOPIC, OTHER]) == {TOPIC: as_told(NEW)}
        for behind in ({}, {TOPIC: OLD}, {TOPIC: NEW, OTHER: OLD}):
            brokers[1].topics = dict(behind)
            assert [await end_offsets.topics([TOPIC, OTHER]) for _ in range(6)] == 6 * [{TOPIC: as_told(NEW)}]
    finally:
        await end_offsets.stop()


async def test_what_a_worker_is_told_first_is_what_most_brokers_say(brokers: LyingBrokers, soon: None) -> None:
    del soon
    brokers[1].topics = {}
    for _ in range(6):
        end_offsets = EndOffsets(Settings(broker=brokers.bootstrap))
        await end_offsets.start()
        assert await end_offsets.topics([TOPIC]) == {TOPIC: as_told(NEW)}
        await end_offsets.stop()


async def test_topics_that_were_created_just_now_are_found_whichever_broker_is_asked(brokers: LyingBrokers) -> None:
    settings = Settings(broker=brokers.bootstrap)
    topics = {name: Said(4, id=number, leader=1) for number, name in enumerate(plan(settings), 1)}
    for node, broker in brokers.items():
        broker.topics = {}
        later(lambda broker=broker: broker.topics.update(topics), seconds=node * SOON)

    assert await check_topics(settings) == 4


async def test_a_topic_that_no_broker_knows_in_the_end_is_missing(brokers: LyingBrokers, soon: None) -> None:
    del soon
    with pytest.raises(TopicsError, match=r"^missing topics: .*; create them with `leadsla topics create`$"):
        await check_topics(Settings(broker=brokers.bootstrap))
