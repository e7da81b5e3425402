"""Records that a topic's retention deletes before a worker has read them: said, counted and passed; nothing else is."""

import asyncio
from pathlib import Path

import pytest
from confluent_kafka import TopicPartition

from streams.kafka.partitioning import partition_of
from tests.events import Crm
from tests.real_parts.kafka import RealKafka
from tests.real_parts.service import PARTITIONS, Worker, send
from tests.streams.agreements import quick_agreement

pytestmark = pytest.mark.kafka

LEAD = "L-1"
READ, DELETED, LEFT = 10, 7, 5


async def test_what_was_deleted_unread_is_said_and_counted_and_what_is_left_counts(
    service_kafka: RealKafka, tmp_path: Path
) -> None:
    broker, crm = service_kafka.bootstrap, Crm()
    partition = partition_of(LEAD.encode(), PARTITIONS)
    with Worker(broker, quick_agreement(tmp_path), tmp_path, LEADSLA_LOG_FORMAT="json") as worker:
        await send(broker, [crm.called(LEAD, number) for number in range(READ)])
        await asyncio.to_thread(worker.wait_for, "leadsla_events_total", READ)
        assert await asyncio.to_thread(worker.program.ends_when_asked, 30) == 0

        await send(broker, [crm.called(LEAD, number) for number in range(DELETED + LEFT)])
        with service_kafka.admin() as admin:
            behind = TopicPartition("contact-attempt", partition, READ + DELETED)
            for future in admin.delete_records([behind]).values():
                future.result(10)

        await asyncio.to_thread(worker.start)
        await asyncio.to_thread(worker.wait_for, "leadsla_events_total", LEFT)
        assert worker.total("leadsla_lost_records_total", topic="contact-attempt") == DELETED
        assert worker.total("leadsla_events_total", result="accepted") == LEFT
        assert f'"first": {READ}, "records": {DELETED}' in worker.program.log()
        assert await asyncio.to_thread(worker.program.ends_when_asked, 30) == 0

        await asyncio.to_thread(worker.start)
        await send(broker, [crm.called(LEAD, 1)])
        await asyncio.to_thread(worker.wait_for, "leadsla_events_total", 1)
        assert worker.total("leadsla_lost_records_total") == 0
