"""A worker with limits stops before it puts away a whole topic, and a restart changes nothing about that."""

import asyncio
from pathlib import Path

import pytest

from sla_rules.names import REJECTED_TOPIC
from streams.kafka.partitioning import partition_of
from tests.events import Crm, Sent
from tests.real_parts.kafka import RealKafka
from tests.real_parts.loopback import wait_until
from tests.real_parts.program import NotStartedError
from tests.real_parts.service import PARTITIONS, Worker, all_records, send
from tests.streams.agreements import quick_agreement

PLACE = partition_of(b"L-1", PARTITIONS)


async def stopped_by_itself(worker: Worker) -> str:
    """The last line that a worker has logged when it is gone."""
    assert await asyncio.to_thread(wait_until, lambda: not worker.program.running, 30), worker.program.tail()
    assert "Traceback" not in worker.program.tail()
    return worker.program.tail().splitlines()[-1]


async def dead_lettered(broker: str) -> list[bytes]:
    """The original bytes in the rejected topic, each once: a batch that was not committed is dead-lettered again."""
    return list(dict.fromkeys([record.value for record in await all_records(broker, REJECTED_TOPIC)]))


@pytest.mark.kafka
async def test_more_rejected_in_a_row_than_allowed_stops_the_worker_and_no_restart_puts_them_away(
    service_kafka: RealKafka, tmp_path: Path
) -> None:
    agreement = quick_agreement(tmp_path, within="1h")
    broker = service_kafka.bootstrap
    bad = [b"{%d" % number for number in range(20)]
    with Worker(broker, agreement, tmp_path, LEADSLA_REJECTED_RUN_LIMIT="5", LEADSLA_BATCH_RECORDS="3") as worker:
        await send(broker, [Crm().handed_off("L-1"), *(Sent("handed-off", b"L-1", value) for value in bad[:4])])
        worker.wait_for("leadsla_rejected_total", 4)
        await send(broker, [Sent("handed-off", b"L-1", value) for value in bad[4:]])
        last = await stopped_by_itself(worker)
        assert last.startswith(f"leadsla worker: handed-off, partition {PLACE}: 6 records were rejected: 6 broken_json")
        assert "LEADSLA_REJECTED_RUN_LIMIT=5" in last
        before = await dead_lettered(broker)
        assert before in (bad[:4], bad[:5])

        for _ in range(2):
            with pytest.raises(NotStartedError, match="ended with 1"):
                await asyncio.to_thread(worker.program.start, lambda: False, 30)
        assert await dead_lettered(broker) == before

    with Worker(broker, agreement, tmp_path, "unlimited") as worker:
        worker.wait_for("leadsla_rejected_total", len(bad) - len(before))
    assert await dead_lettered(broker) == bad
