"""A running worker says how far it is; when it is killed, whoever reads that knows that nobody looks any more."""

import asyncio
from pathlib import Path

import pytest

from sla_rules.instants import MINUTE
from sla_rules.reports.freshness import PartitionsSilent, freshness
from sla_rules.reports.progress_records import ProgressRecords
from streams.clock import wall_clock
from streams.kafka.partitioning import partition_of
from streams.partitions.kept_progress import read_progress_topic
from streams.settings import Settings
from tests.events import Crm
from tests.real_parts.kafka import RealKafka
from tests.real_parts.loopback import wait_until
from tests.real_parts.service import PARTITIONS, Worker, send
from tests.streams.agreements import EXAMPLE

LEADS = [f"L-{number}" for number in range(8)]
PLACES = {partition_of(lead.encode(), PARTITIONS) for lead in LEADS}


def said(broker: str) -> ProgressRecords:
    records = ProgressRecords()
    asyncio.run(read_progress_topic(Settings(broker=broker), records.take))
    return records


def generation(broker: str) -> int:
    """The lowest that any partition was last written of in; 0 where one was not."""
    found = [said(broker).of(number) for number in range(PARTITIONS)]
    return min(0 if one is None else one.generation for one in found)


def heard(broker: str) -> dict[int, tuple[set[str], set[str]]]:
    """By partition, the topics and sources that anything has arrived of."""
    found = {number: said(broker).of(number) for number in range(PARTITIONS)}
    return {number: (set(one.topics), set(one.sources)) for number, one in found.items() if one and one.topics}


@pytest.mark.kafka
def test_a_worker_says_how_far_it_is_until_it_is_killed_and_its_successor_goes_on(
    service_kafka: RealKafka, tmp_path: Path
) -> None:
    broker, crm = service_kafka.bootstrap, Crm(source="/crm/eu")
    arrived = dict.fromkeys(PLACES, ({"handed-off"}, {"/crm/eu"}))
    with Worker(broker, EXAMPLE, tmp_path) as worker:
        asyncio.run(send(broker, [crm.handed_off(lead) for lead in LEADS]))
        assert wait_until(lambda: heard(broker) == arrived)
        assert wait_until(lambda: not freshness(said(broker), PARTITIONS, wall_clock()).is_blind)
        before = generation(broker)
        worker.program.kill()

    later = freshness(said(broker), PARTITIONS, wall_clock() + MINUTE)
    with Worker(broker, EXAMPLE, tmp_path, "successor"):
        assert wait_until(lambda: generation(broker) > before)

    (why,) = later.why
    assert isinstance(why, PartitionsSilent)
    assert why.partitions == tuple(range(PARTITIONS))
    assert heard(broker) == arrived
