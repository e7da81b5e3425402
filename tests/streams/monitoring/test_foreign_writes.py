"""What somebody else wrote where only this worker does is found, and nothing of its own is taken for that."""

from collections.abc import AsyncIterator

import pytest

from sla_rules.names import BREACHES_TOPIC
from streams.health.worker_health import Phase, WorkerHealth
from streams.kafka.connection import new_producer
from streams.kafka.embedded_broker import EmbeddedBroker
from streams.kafka.end_offsets import EndOffsets
from streams.monitoring.foreign_writes import ForeignWriteMonitor
from streams.partitions.offset_tracker import ForeignWrite, OffsetTracker
from streams.settings import Settings

PLACE = 1
FOREIGN = ForeignWrite(BREACHES_TOPIC, 1, 3)


@pytest.fixture
async def monitor(service_embedded: EmbeddedBroker) -> AsyncIterator[ForeignWriteMonitor]:
    """Of a worker that knows of one record, where three lie."""
    settings = Settings(broker=service_embedded.bootstrap)
    async with new_producer(settings) as producer:
        for number in range(3):
            await producer.send_and_wait(BREACHES_TOPIC, b"%d" % number, partition=PLACE)
    offsets, end_offsets = OffsetTracker(), EndOffsets(settings)
    offsets.begin(BREACHES_TOPIC, PLACE, 1)
    await end_offsets.start()
    yield ForeignWriteMonitor(offsets, end_offsets, WorkerHealth(0.0, phase=Phase.SERVING))
    await end_offsets.stop()


async def test_what_lies_beyond_our_own_count_is_found_once(monitor: ForeignWriteMonitor) -> None:
    await monitor.look()
    assert monitor.offsets.take_foreign_writes(PLACE) == [FOREIGN]

    await monitor.look()
    assert monitor.offsets.take_foreign_writes(PLACE) == []


async def test_while_something_of_ours_may_be_on_its_way_there_nothing_is_found(monitor: ForeignWriteMonitor) -> None:
    monitor.health.took(PLACE, 0.0)
    await monitor.look()
    assert monitor.offsets.foreign_writes == {}

    monitor.health.finished(PLACE, 0.0, got_on=True)
    await monitor.look()
    assert monitor.offsets.take_foreign_writes(PLACE) == [FOREIGN]


async def test_while_partitions_change_hands_nothing_is_found(monitor: ForeignWriteMonitor) -> None:
    monitor.health.enter(Phase.LOADING, 0.0)

    await monitor.look()

    assert monitor.offsets.foreign_writes == {}


async def test_nothing_is_asked_of_a_topic_that_is_missing(monitor: ForeignWriteMonitor) -> None:
    monitor.end_offsets.missing = frozenset({BREACHES_TOPIC})

    await monitor.look()

    assert monitor.offsets.foreign_writes == {}
