"""A worker to which nothing comes is not behind, however long the night; one that cannot deliver is."""

from pathlib import Path

import pytest

from sla_rules.instants import MINUTE, SECOND
from streams.clock import FastClock, wall_clock
from streams.faust_host.app import LeadApp
from streams.kafka.embedded_broker import EmbeddedBroker
from streams.monitoring.lag_monitor import LOOK_EVERY
from tests.events import Crm
from tests.real_parts.kafka import RealKafka
from tests.real_parts.loopback import wait_until
from tests.real_parts.service import PARTITIONS, Worker, send
from tests.streams.agreements import EXAMPLE
from tests.streams.pipeline.test_in_flight import FREE, HELD, Gate, lead_of, running, until

COME_TO = "leadsla_partition_now_timestamp_seconds"
FAST = 600.0


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Gate:
    gate = Gate()
    monkeypatch.setattr("streams.pipeline.delivery.new_producer", gate.producer)
    return gate


def test_through_minutes_without_an_event_the_time_of_every_partition_goes_on(
    service_embedded: EmbeddedBroker, tmp_path: Path
) -> None:
    """By a clock that runs fast, from the beginning of a Saturday on which nothing falls due."""
    clock = FastClock(wall_clock(), 1_772_841_600 * SECOND, FAST)
    with Worker(service_embedded.bootstrap, EXAMPLE, tmp_path, LEADSLA_CLOCK=str(clock)) as worker:
        assert wait_until(lambda: len(worker.series(COME_TO)) == PARTITIONS)
        later = (clock() + 20 * MINUTE) / SECOND

        assert wait_until(lambda: min(worker.series(COME_TO).values()) > later), worker.program.tail()
        assert max(worker.series(COME_TO).values()) <= clock() / SECOND


@pytest.mark.kafka
async def test_the_time_of_a_partition_that_cannot_deliver_stands_and_that_of_others_goes_on(
    service_kafka: RealKafka, tmp_path: Path, gate: Gate
) -> None:
    def come_to(app: LeadApp, partition: int) -> int:
        return app.parts.ownership.partitions[partition].come_to

    crm = Crm()
    async with running(service_kafka, tmp_path) as app:
        gate.shut(HELD)
        await send(service_kafka.bootstrap, [crm.handed_off(lead_of(HELD))])
        await until(lambda: gate.waiting == {HELD})
        await until(lambda: app.parts.health.partitions[HELD].waits_since is not None)
        stood_at = come_to(app, HELD)

        later = wall_clock() + round(2 * LOOK_EVERY * SECOND)
        await until(lambda: come_to(app, FREE) > later)
        assert come_to(app, HELD) == stood_at

        gate.open()
        await until(lambda: come_to(app, HELD) > later)
