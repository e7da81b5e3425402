"""A worker that is asked to stop finishes what it has in hand and says so; without a broker it ends all the same."""

import asyncio
import json
from pathlib import Path

import pytest

from streams.partitions.restoring import AT_FIRST
from tests.events import Crm
from tests.real_parts.kafka import RealKafka
from tests.real_parts.service import PARTITIONS, Worker, send
from tests.streams.agreements import quick_agreement
from tests.streams.histories import careless_history
from tests.streams.settling import ends_as_the_pure_fold_says

pytestmark = pytest.mark.kafka


async def test_a_worker_stopped_under_load_commits_what_it_has_folded_and_reads_none_of_it_again(
    service_kafka: RealKafka, tmp_path: Path
) -> None:
    agreement = quick_agreement(tmp_path)
    broker = service_kafka.bootstrap
    crm = Crm()
    with Worker(broker, agreement, tmp_path, LEADSLA_LOG_FORMAT="json") as worker:
        ended = asyncio.Event()

        async def publish() -> None:
            while not ended.is_set():
                await send(broker, [crm.handed_off(f"L-{crm.sent}") for _ in range(200)])

        load = asyncio.create_task(publish())
        await asyncio.to_thread(worker.wait_for, "leadsla_events_total", 300)
        assert await asyncio.to_thread(worker.program.ends_when_asked) == 0
        ended.set()
        await load
        # However fast the worker was, this is left for the next.
        await send(broker, [crm.handed_off(f"L-{crm.sent}")])

        await asyncio.to_thread(worker.start)
        await ends_as_the_pure_fold_says(broker, agreement)
        assert worker.total("leadsla_events_total", result="duplicate") == 0
        assert worker.total("leadsla_events_total", result="accepted") > 0

    said = [json.loads(line) for line in worker.program.log().splitlines()]
    start_to_end = [
        "starting",
        "the broker's clock counts",
        "metrics served",
        "waiting for the group to divide the partitions",
        "joined",
        "loading partitions",
        "partitions loaded",
        "partitions opened",
        "stopping",
        "stopped",
    ]
    first = [*start_to_end[:2], "the service listens for an agreement from now on", *start_to_end[2:]]
    # When topics hold all that has to stand in them is known sometime between.
    events = [line["event"] for line in said if line["level"] == "info" and line["event"] != AT_FIRST]
    assert events == [*first, *start_to_end]
    joined = next(line for line in said if line["event"] == "joined")
    assert (joined["partitions"], joined["kept"]) == (list(range(PARTITIONS)), [])


async def test_a_worker_that_is_asked_to_stop_while_its_broker_is_away_ends_without_a_trace_and_nothing_is_lost(
    service_kafka: RealKafka, tmp_path: Path
) -> None:
    agreement = quick_agreement(tmp_path)
    broker = service_kafka.bootstrap
    with Worker(broker, agreement, tmp_path, LEADSLA_STOP_WITHIN_SECONDS="8") as worker:
        await send(broker, careless_history(seed=60, leads=20))
        with service_kafka.away():
            await asyncio.to_thread(worker.program.ends_when_asked)
        assert "Traceback" not in worker.program.log()
        await asyncio.to_thread(worker.start)
        await ends_as_the_pure_fold_says(broker, agreement)
