"""Partitions taken over and given back, and what cannot be delivered: nothing lost, nothing said twice."""

import asyncio
from pathlib import Path

import pytest

from sla_rules.names import REJECTED_TOPIC
from streams.kafka.connection import LARGEST_EVENT, REJECTED_OVERHEAD
from tests.events import Crm, Sent
from tests.real_parts.kafka import RealKafka
from tests.real_parts.loopback import wait_until
from tests.real_parts.program import NotStartedError
from tests.real_parts.service import PARTITIONS, Worker, last_values, send
from tests.streams.agreements import quick_agreement
from tests.streams.histories import careless_history
from tests.streams.settling import ends_as_the_pure_fold_says

pytestmark = pytest.mark.kafka

LEADS_PER_ROUND = 150


async def test_a_worker_that_joins_takes_partitions_over_and_gives_them_back(
    service_kafka: RealKafka, tmp_path: Path
) -> None:
    agreement = quick_agreement(tmp_path)
    broker = service_kafka.bootstrap
    with Worker(broker, agreement, tmp_path, "first") as first:
        await send(broker, careless_history(seed=20, leads=LEADS_PER_ROUND))
        with Worker(broker, agreement, tmp_path, "second") as second:
            shared = wait_until(lambda: owned(first) + owned(second) == PARTITIONS and owned(second) > 0)
            assert shared, f"{owned(first)} and {owned(second)} of {PARTITIONS}"
            await send(broker, careless_history(seed=21, leads=LEADS_PER_ROUND))
        assert wait_until(lambda: owned(first) == PARTITIONS)
        await ends_as_the_pure_fold_says(broker, agreement)


async def test_what_cannot_be_delivered_stops_the_worker_with_one_clear_line_and_is_not_lost(
    service_kafka: RealKafka, tmp_path: Path
) -> None:
    agreement = quick_agreement(tmp_path)
    broker = service_kafka.bootstrap
    with Worker(broker, agreement, tmp_path) as worker:
        service_kafka.alter_topic(REJECTED_TOPIC, max_message_bytes="100")
        await send(broker, [Crm().handed_off("L-1"), Sent("handed-off", b"L-2", b"{rubbish" + b"." * 2_000)])
        assert await asyncio.to_thread(worker.program.ends) == 1
        assert "leadsla worker: " in worker.program.tail()
        assert "MessageSizeTooLarge" in worker.program.tail()
        assert "Traceback" not in worker.program.tail()
        with pytest.raises(
            NotStartedError, match=r"leadsla-rejected: max\.message\.bytes is 100, and 1114124 may have to be"
        ):
            await asyncio.to_thread(worker.start)

        service_kafka.alter_topic(REJECTED_TOPIC, max_message_bytes=str(LARGEST_EVENT + REJECTED_OVERHEAD))
        await asyncio.to_thread(worker.start)
        await ends_as_the_pure_fold_says(broker, agreement)
        assert await last_values(broker, REJECTED_TOPIC) == {b"L-2": b"{rubbish" + b"." * 2_000}


def owned(worker: Worker) -> float:
    """How many partitions the worker shows as its own."""
    return worker.total("leadsla_partition_owned", topic="handed-off")
