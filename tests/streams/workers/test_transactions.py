"""A CRM, or Kafka Connect, may publish in transactions: what was aborted never happened, and holds up nothing."""

import asyncio
from pathlib import Path

import pytest
from aiokafka import AIOKafkaProducer

from tests.events import Crm, Sent
from tests.real_parts.kafka import RealKafka
from tests.real_parts.service import Worker
from tests.streams.agreements import quick_agreement

pytestmark = pytest.mark.kafka


async def publish(crm: AIOKafkaProducer, sent: Sent) -> None:
    await crm.send_and_wait(sent.topic, sent.value, key=sent.key)


async def test_events_of_an_aborted_transaction_never_happened_and_those_of_an_open_one_wait(
    service_kafka: RealKafka, tmp_path: Path
) -> None:
    crm = Crm()
    with Worker(service_kafka.bootstrap, quick_agreement(tmp_path, within="2s"), tmp_path) as worker:
        async with AIOKafkaProducer(
            bootstrap_servers=service_kafka.bootstrap, transactional_id="crm", enable_idempotence=True
        ) as producer:
            await producer.begin_transaction()
            await publish(producer, crm.handed_off("aborted"))
            await producer.abort_transaction()
            await producer.begin_transaction()
            await publish(producer, crm.handed_off("committed"))
            await producer.commit_transaction()
            await producer.begin_transaction()
            await publish(producer, crm.handed_off("open"))

            # A breach is seen as soon as it is decided, an event when all of its batch is durable.
            await asyncio.to_thread(worker.wait_for, "leadsla_events_total", 1, topic="handed-off", result="accepted")
            await asyncio.to_thread(worker.wait_for, "leadsla_breaches_total", 1, outcome="published")
            assert worker.total("leadsla_events_total", topic="handed-off", result="accepted") == 1

            await producer.commit_transaction()
            await asyncio.to_thread(worker.wait_for, "leadsla_events_total", 2, topic="handed-off", result="accepted")
            await asyncio.to_thread(worker.wait_for, "leadsla_breaches_total", 2, outcome="published")
