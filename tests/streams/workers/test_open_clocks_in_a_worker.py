"""The open clocks of leads, written by workers that are killed, switched off and switched on again."""

import asyncio
from pathlib import Path

import pytest

from sla_rules.engine.clock_records import read_clocks
from sla_rules.names import CLOCKS_TOPIC
from tests.events import Crm
from tests.real_parts.kafka import RealKafka
from tests.real_parts.loopback import until, wait_until
from tests.real_parts.service import Worker, last_values, send
from tests.streams.agreements import quick_agreement
from tests.streams.histories import careless_history
from tests.streams.settling import ends_as_the_pure_fold_says

pytestmark = pytest.mark.kafka

OFF = {"LEADSLA_CLOCKS": "false"}
ON_AGAIN = "written from here on; all that has to stand there does"


async def open_clocks(broker: str) -> dict[str, list[str]]:
    """The obligations whose clocks are open, by lead."""
    return {
        lead.decode(): [clock.obligation for clock in read_clocks(value).data.clocks]
        for lead, value in (await last_values(broker, CLOCKS_TOPIC)).items()
    }


async def test_a_worker_that_is_killed_leaves_clocks_that_the_next_one_puts_right(
    service_kafka: RealKafka, tmp_path: Path
) -> None:
    agreement, broker = quick_agreement(tmp_path), service_kafka.bootstrap
    with Worker(broker, agreement, tmp_path) as worker:
        await send(broker, careless_history(seed=95, leads=60))
        await asyncio.to_thread(worker.wait_for, "leadsla_events_total", 30)
        worker.program.kill()
        await send(broker, careless_history(seed=96, leads=20))
        await asyncio.to_thread(worker.start)

        await ends_as_the_pure_fold_says(broker, agreement)
        assert len(await open_clocks(broker)) > 10


async def test_clocks_that_were_switched_off_leave_nothing_stale_when_they_are_switched_on_again(
    service_kafka: RealKafka, tmp_path: Path
) -> None:
    agreement, broker, crm = quick_agreement(tmp_path, "1h"), service_kafka.bootstrap, Crm()
    with Worker(broker, agreement, tmp_path, "on") as worker:
        await send(broker, [crm.handed_off("L-1"), crm.handed_off("L-2"), crm.handed_off("L-3")])
        await until(lambda: has(broker, "L-1", "L-2", "L-3"))
        assert await asyncio.to_thread(wait_until, lambda: ON_AGAIN in worker.program.log()), worker.program.tail()

    with Worker(broker, agreement, tmp_path, "off", **OFF) as worker:
        await send(broker, [crm.called("L-2", 1, "connected"), crm.handed_off("L-4")])
        await asyncio.to_thread(worker.wait_for, "leadsla_events_total", 2)
    assert (await open_clocks(broker)).keys() == {"L-1", "L-2", "L-3"}

    with Worker(broker, agreement, tmp_path, "on again") as worker:
        await until(lambda: has(broker, "L-1", "L-3", "L-4"))
        assert await asyncio.to_thread(wait_until, lambda: ON_AGAIN in worker.program.log()), worker.program.tail()
    await ends_as_the_pure_fold_says(broker, agreement)


async def test_a_worker_without_clocks_needs_no_topic_for_them(service_kafka: RealKafka, tmp_path: Path) -> None:
    agreement, broker, crm = quick_agreement(tmp_path), service_kafka.bootstrap, Crm()
    service_kafka.delete_topics([CLOCKS_TOPIC])

    with Worker(broker, agreement, tmp_path, **OFF) as worker:
        await send(broker, [crm.handed_off("L-1")])
        await asyncio.to_thread(worker.wait_for, "leadsla_events_total", 1)
        assert worker.says("/readyz")[0]


async def has(broker: str, *leads: str) -> bool:
    return (await open_clocks(broker)).keys() == set(leads)
