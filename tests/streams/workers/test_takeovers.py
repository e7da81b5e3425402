"""Partitions change hands: what a scrape may see meanwhile, and what the next owner makes of what it finds."""

import asyncio
import http.client
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

import msgspec
import pytest
from aiokafka import AIOKafkaProducer

from sla_rules.agreement.file import load_agreements
from sla_rules.agreement.rulebook import RuleBook
from sla_rules.engine.partition import PartitionState
from sla_rules.engine.published_notices import RETRACTED
from sla_rules.instants import MINUTE, SECOND, iso, moment
from sla_rules.names import BREACHES_TOPIC, EVENT_TOPICS
from streams.clock import wall_clock
from streams.kafka.partitioning import partition_of
from streams.pipeline.decode import decode
from tests.events import Crm
from tests.real_parts.kafka import RealKafka
from tests.real_parts.loopback import wait_until
from tests.real_parts.service import PARTITIONS, Worker, all_records, last_values, send
from tests.streams.agreements import quick_agreement
from tests.streams.histories import AT_ONCE, careless_history
from tests.streams.settling import ends_as_the_pure_fold_says

pytestmark = pytest.mark.kafka

Shown = dict[str, float]
"""Leads counted today by partition, as one scrape shows them."""


def shown(worker: Worker) -> Shown | None:
    """What a scrape shows; None while the worker does not answer."""
    with suppress(OSError, http.client.HTTPException):
        found: Shown = {}
        for labels, value in worker.series("leadsla_window_leads", obligation="first-touch", window="day").items():
            partition = dict(labels)["partition"]
            found[partition] = found.get(partition, 0) + value
        return found
    return None


def begin(worker: Worker) -> None:
    """Start it and wait for nothing."""
    worker.program.start(lambda: True, 1)


async def test_a_partition_is_shown_by_its_owner_alone_and_only_when_it_is_whole(
    service_kafka: RealKafka, tmp_path: Path
) -> None:
    agreement = quick_agreement(tmp_path)
    broker = service_kafka.bootstrap
    with Worker(broker, agreement, tmp_path, "first") as first:
        await send(broker, careless_history(seed=70, leads=200), at_once=AT_ONCE)
        await ends_as_the_pure_fold_says(broker, agreement)
        whole = shown(first)
        assert whole
        assert len(whole) == PARTITIONS

        first.program.kill()
        begin(first)
        with Worker(broker, agreement, tmp_path, "second") as second:
            scrapes = await asyncio.to_thread(lambda: list(scraped_until_shared(first, second)))

    assert [seen for pair in scrapes for seen in pair if seen and seen.items() - whole.items()] == []
    both = [set(one or ()) & set(other or ()) for one, other in scrapes]
    assert [pair for pair in pairwise(both) if pair[0] & pair[1]] == []


def scraped_until_shared(first: Worker, second: Worker) -> Iterator[tuple[Shown | None, Shown | None]]:
    """What both show, scrape after scrape, until each partition is shown by either."""

    def all_shown() -> bool:
        pairs.append((shown(first), shown(second)))
        one, other = pairs[-1]
        return bool(one and other) and len({*(one or ()), *(other or ())}) == PARTITIONS

    pairs: list[tuple[Shown | None, Shown | None]] = []
    assert wait_until(all_shown), pairs[-1]
    yield from pairs


@pytest.mark.parametrize("apart", [0.3, 0.9])
async def test_a_worker_that_starts_while_another_loads_its_partitions_stops_nobody_and_nothing_is_lost(
    service_kafka: RealKafka, tmp_path: Path, apart: float
) -> None:
    agreement = quick_agreement(tmp_path)
    broker = service_kafka.bootstrap
    with Worker(broker, agreement, tmp_path, "first") as first, Worker(broker, agreement, tmp_path, "second") as second:
        await send(broker, careless_history(seed=71, leads=200), at_once=AT_ONCE)
        for worker in (first, second):
            worker.program.kill()
        begin(first)
        await asyncio.sleep(apart)
        begin(second)
        await send(broker, careless_history(seed=72, leads=20))
        await ends_as_the_pure_fold_says(broker, agreement)
        for worker in (first, second):
            assert await asyncio.to_thread(wait_until, partial(ready, worker)), worker.program.tail()


def ready(worker: Worker) -> bool:
    with suppress(OSError, http.client.HTTPException):
        return worker.says("/readyz")[0]
    return False


async def test_deadlines_that_passed_while_no_worker_ran_are_published_once_at_their_instant_and_not_where_events_waited(
    service_kafka: RealKafka, tmp_path: Path
) -> None:
    agreement = quick_agreement(tmp_path)
    broker = service_kafka.bootstrap
    began = wall_clock() - MINUTE
    crm = Crm(start=moment(began))
    with Worker(broker, agreement, tmp_path) as worker:
        await send(broker, [crm.handed_off("before")])
        await ends_as_the_pure_fold_says(broker, agreement)
        worker.stop()
        await send(broker, [crm.handed_off("late"), crm.handed_off("in-time"), crm.handed_off("never")])
        await send(broker, [crm.called("late", 30), *careless_history(seed=90, leads=100), crm.called("in-time", 2)])
        worker.start()
        await ends_as_the_pure_fold_says(broker, agreement)

    told: dict[str, list[dict[str, Any]]] = {}
    for record in await all_records(broker, BREACHES_TOPIC):
        data = msgspec.json.decode(record.value)["data"]
        if data["obligation"] == "first-touch" and data["tier"] == "deadline":
            told.setdefault(data["lead"], []).append(data)
    assert {lead: len({data["key"] for data in told.get(lead, ())}) for lead in ("late", "in-time", "never")} == {
        "late": 1,
        "in-time": 0,
        "never": 1,
    }
    assert {data["deadline"] for lead in ("before", "late", "never") for data in told[lead]} == {
        iso(began + 5 * SECOND)
    }


async def test_a_breach_that_was_published_by_a_worker_killed_before_it_kept_its_state_is_retracted_when_facts_disprove_it(
    service_kafka: RealKafka, tmp_path: Path
) -> None:
    agreement = quick_agreement(tmp_path, within="20s")
    broker = service_kafka.bootstrap
    crm = Crm(start=moment(wall_clock()))
    with Worker(broker, agreement, tmp_path) as worker:
        await send(broker, [crm.handed_off("L-1")])
        worker.wait_for("leadsla_window_leads", 1, obligation="first-touch", window="day")
        worker.program.kill()
        orphan = await breach_of(broker, agreement)
        await tell(broker, b"L-1", orphan)
        await send(broker, [crm.called("L-1", 1)])
        worker.start()
        await ends_as_the_pure_fold_says(broker, agreement)

    last = await last_values(broker, BREACHES_TOPIC)
    assert [msgspec.json.decode(last[key])["type"] for key in orphan] == [RETRACTED]


async def breach_of(broker: str, agreement: Path) -> dict[bytes, bytes]:
    """What is told when the deadlines of all leads pass."""
    state = PartitionState(RuleBook(load_agreements([agreement])), {})
    state.fold(decode(await all_records(broker, *EVENT_TOPICS), PARTITIONS, (), 5 * MINUTE).facts)
    notices = state.advance_to(wall_clock() + 21 * SECOND).notices
    return {key.encode(): value for key, value in notices.items() if b"sla.breached" in value}


async def tell(broker: str, lead: bytes, notices: dict[bytes, bytes]) -> None:
    """Write notices where the owner of the lead does."""
    producer = AIOKafkaProducer(bootstrap_servers=broker)
    await producer.start()
    try:
        for key, value in notices.items():
            await producer.send_and_wait(BREACHES_TOPIC, value, key=key, partition=partition_of(lead, PARTITIONS))
    finally:
        await producer.stop()
