"""Partitions are divided by the one number that the service works with, whatever brokers say of topics just now."""

from collections.abc import Iterable, Mapping

import pytest
from aiokafka.cluster import ClusterMetadata
from aiokafka.protocol.metadata import MetadataResponse_v1

from sla_rules.agreement.rulebook import RuleBook
from sla_rules.names import INPUT_TOPICS
from streams.faust_host.app import build_app
from streams.faust_host.steady_group import SteadyAssignor
from streams.kafka.topics import changelog_of
from streams.settings import Settings

PARTITIONS = 4
CHANGELOG = changelog_of(Settings())
TOPICS = [*INPUT_TOPICS, CHANGELOG]
NORMAL = dict.fromkeys(TOPICS, PARTITIONS)


def cluster(counts: Mapping[str, int]) -> ClusterMetadata:
    """One broker that says of each topic how many partitions it has."""
    found = ClusterMetadata()
    topics = [
        (0, topic, False, [(0, partition, 0, [0], [0]) for partition in range(count)])
        for topic, count in counts.items()
    ]
    found.update_metadata(MetadataResponse_v1([(0, "127.0.0.1", 9092, None)], 0, topics))
    return found


def divided(
    assignor: SteadyAssignor, counts: Mapping[str, int], members: Iterable[str]
) -> dict[str, dict[str, set[int]]]:
    """By member and topic, the partitions that it gets."""
    subscriptions = {member: assignor.metadata(set(TOPICS)) for member in members}
    assigned = assignor.assign(cluster(counts), subscriptions)
    return {
        member: {topic: set(partitions) for topic, partitions in one.assignment} for member, one in assigned.items()
    }


@pytest.fixture
def assignor() -> SteadyAssignor:
    """That of the service's app."""
    found = build_app(Settings(), RuleBook([]), PARTITIONS).assignor
    assert isinstance(found, SteadyAssignor)
    return found


@pytest.mark.parametrize(
    "counts",
    [
        NORMAL,
        {**NORMAL, "handed-off": 2 * PARTITIONS},
        {topic: count for topic, count in NORMAL.items() if topic != "handed-off"},
        {topic: count for topic, count in NORMAL.items() if topic != CHANGELOG},
        {},
    ],
    ids=["as it has to be", "one widened", "one gone", "the changelog gone", "all gone"],
)
@pytest.mark.parametrize("members", [["a"], ["a", "b"], ["a", "b", "c"]])
def test_a_partition_of_every_topic_goes_to_one_worker_whatever_became_of_the_topics(
    assignor: SteadyAssignor, counts: Mapping[str, int], members: list[str]
) -> None:
    found = divided(assignor, counts, members)

    assert sorted(partition for one in found.values() for partition in one["handed-off"]) == list(range(PARTITIONS))
    for one in found.values():
        assert one == dict.fromkeys(TOPICS, one[CHANGELOG])
