"""A topic that becomes another log is noticed, whatever changes hands meanwhile."""

from collections.abc import Collection, Iterable
from typing import Final

import pytest
from aiokafka import TopicPartition
from faust.types import TP

from sla_rules.names import AGREEMENTS_TOPIC, PERIODS_TOPIC
from streams.agreement_owner import read_logs
from streams.agreement_owner.read_logs import ReadLogs
from streams.kafka.end_offsets import EndOffsets
from streams.kafka.topic_metadata import TopicMetadata
from streams.settings import Settings

STANDING: Final = TopicPartition(AGREEMENTS_TOPIC, 0)
FIGURES: Final = TopicPartition(PERIODS_TOPIC, 0)
SPOTS: Final = [STANDING, FIGURES]
END: Final = 9


class Broker(EndOffsets):
    """Says of all topics the same."""

    def __init__(self) -> None:
        super().__init__(Settings())
        self.topic_id, self.begin = "first", 0

    async def ends(self, tps: Collection[TP]) -> dict[TP, int] | None:
        return dict.fromkeys(tps, END)

    async def begins(self, tps: Collection[TP]) -> dict[TP, int]:
        return dict.fromkeys(tps, self.begin)

    async def topics(self, names: Iterable[str]) -> dict[str, TopicMetadata] | None:
        return {name: TopicMetadata(1, self.topic_id) for name in names}


@pytest.fixture
def broker(monkeypatch: pytest.MonkeyPatch) -> Broker:
    monkeypatch.setattr(read_logs, "LOOK_AT_LOGS_EVERY", 0.0)
    return Broker()


async def test_what_was_read_is_lost_where_the_topic_is_another_or_ends_before_that(broker: Broker) -> None:
    logs = ReadLogs(broker)
    await logs.begin(SPOTS)

    assert await logs.lost(SPOTS, {STANDING: END, FIGURES: END}) == set()
    assert await logs.lost(SPOTS, {STANDING: END, FIGURES: END + 1}) == {FIGURES}
    broker.topic_id = "second"
    assert await logs.lost(SPOTS, {}) == set(SPOTS)
    assert await logs.lost(SPOTS, {}) == set()


async def test_figures_whose_owners_delete_them_are_not_lost(broker: Broker) -> None:
    logs = ReadLogs(broker)
    await logs.begin(SPOTS)
    broker.begin = 3

    assert await logs.lost(SPOTS, {}) == {STANDING}


async def test_a_topic_that_was_created_again_just_before_partitions_changed_hands_is_lost_all_the_same(
    broker: Broker,
) -> None:
    logs = ReadLogs(broker)
    await logs.begin([STANDING])
    broker.topic_id = "second"
    await logs.begin(SPOTS)

    assert await logs.lost(SPOTS, {}) == {STANDING}
    await logs.begin([FIGURES])
    broker.topic_id = "third"
    await logs.begin(SPOTS)
    assert await logs.lost(SPOTS, {}) == {FIGURES}
