"""What is made of what the brokers say of topics."""

import pytest

from sla_rules.names import BREACHES_TOPIC, PROGRESS_TOPIC, REJECTED_TOPIC
from streams.health.conditions import Conditions, Kind
from streams.kafka.topic_metadata import TopicMetadata
from streams.kafka.topics import agreed_of, changelog_of, clock_of, plan
from streams.monitoring.topic_watch import TopicWatch
from streams.settings import Settings

PARTITIONS = 4
SETTINGS = Settings()
ALL = {topic: TopicMetadata(PARTITIONS, f"first-{topic}") for topic in plan(SETTINGS)}


@pytest.fixture
def watch() -> TopicWatch:
    """Has seen all topics as they have to be."""
    fresh = TopicWatch(SETTINGS, PARTITIONS, Conditions())
    assert [fresh.look(ALL, 0.0), fresh.look(ALL, 0.0)] == [[], []]
    assert fresh.conditions.sentence is None
    return fresh


def without(topic: str) -> dict[str, TopicMetadata]:
    return {name: one for name, one in ALL.items() if name != topic}


def test_a_topic_that_one_broker_does_not_know_for_a_moment_is_not_called_missing(watch: TopicWatch) -> None:
    for found in (without("handed-off"), ALL, without("handed-off"), ALL):
        assert watch.look(found, 0.0) == []
        assert watch.missing == frozenset()
        assert watch.unseen == ALL.keys() - found.keys()

    assert watch.conditions.sentence is None


@pytest.mark.parametrize(
    ("topic", "said"),
    [
        ("handed-off", "handed-off is gone: nothing can be read from it and time stands"),
        (changelog_of(SETTINGS), "leadsla-leads-changelog is gone: the leads lie in the workers alone, so stop none"),
        (clock_of(SETTINGS), "leadsla-clock is gone: the broker cannot be asked what time it is"),
        (
            PROGRESS_TOPIC,
            "leadsla-progress is gone: nobody who reads the other topics can tell whether they are up to date",
        ),
        (REJECTED_TOPIC, "leadsla-rejected is gone: what has to be written to it waits"),
    ],
)
def test_a_topic_that_is_gone_is_named_with_what_it_means(watch: TopicWatch, topic: str, said: str) -> None:
    watch.look(without(topic), 0.0)
    watch.look(without(topic), 2.0)

    assert watch.missing == {topic}
    assert (watch.conditions.sentence or "").startswith(said)
    assert "`leadsla topics create --partitions 4`" in (watch.conditions.sentence or "")
    watch.look(ALL, 4.0)
    watch.look(ALL, 6.0)
    assert watch.conditions.sentence is None


def test_a_topic_created_again_is_another_one_until_it_is_accepted(watch: TopicWatch) -> None:
    recreated = {**ALL, BREACHES_TOPIC: TopicMetadata(PARTITIONS, "second")}

    assert watch.look(recreated, 0.0) == []
    assert watch.look(recreated, 0.0) == watch.look(recreated, 0.0) == [BREACHES_TOPIC]
    watch.accept(BREACHES_TOPIC)
    assert watch.look(recreated, 0.0) == []


def test_brokers_that_know_no_ids_find_no_topic_created_again() -> None:
    watch = TopicWatch(SETTINGS, PARTITIONS, Conditions())
    nameless = {topic: TopicMetadata(PARTITIONS, "") for topic in ALL}

    assert [watch.look(found, 0.0) for found in (nameless, nameless, {}, {}, nameless, nameless)] == [[]] * 6


@pytest.mark.parametrize(
    ("topic", "count", "said"),
    [
        ("handed-off", 8, "what lies on partitions 4 to 7 is read by nobody"),
        ("handed-off", 5, "what lies on partition 4 is read by nobody"),
        ("handed-off", 2, "what belongs on the others cannot be sent"),
        (BREACHES_TOPIC, 8, "the service works with 4; no worker starts like this"),
    ],
)
def test_a_topic_with_another_number_of_partitions_is_said(
    watch: TopicWatch, topic: str, count: int, said: str
) -> None:
    other = {**ALL, topic: TopicMetadata(count, ALL[topic].id)}
    watch.look(other, 0.0)
    watch.look(other, 0.0)

    assert watch.conditions.stand(Kind.PARTITION_COUNT)
    assert said in (watch.conditions.sentence or "")


@pytest.mark.parametrize("topic", [REJECTED_TOPIC, agreed_of(SETTINGS), clock_of(SETTINGS)])
def test_the_number_of_partitions_does_not_matter_where_no_lead_lies_by_it(watch: TopicWatch, topic: str) -> None:
    other = {**ALL, topic: TopicMetadata(1, ALL[topic].id)}
    watch.look(other, 0.0)
    watch.look(other, 0.0)

    assert watch.conditions.sentence is None
