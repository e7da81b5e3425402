"""Leads leave a worker by a fast clock: nothing of them is left in the topics, and no figure falls."""

import asyncio
from pathlib import Path
from typing import Final

import pytest

from sla_rules.agreement.file import load_agreements
from sla_rules.agreement.rulebook import RuleBook
from sla_rules.engine.partition import PartitionState
from sla_rules.evaluation.tallies import Tally, add
from sla_rules.figures.period_records import read_record
from sla_rules.figures.windows import WindowKey
from sla_rules.instants import DAY, MINUTE, moment
from sla_rules.names import BREACHES_TOPIC, PERIODS_TOPIC, REJECTED_TOPIC
from streams.clock import FastClock, wall_clock
from streams.kafka.topics import changelog_of, plan
from streams.pipeline.decode import decode
from streams.settings import Settings
from tests.events import Crm, Sent
from tests.real_parts.kafka import RealKafka
from tests.real_parts.loopback import until
from tests.real_parts.service import PARTITIONS, Worker, all_records, last_values
from tests.scenarios.staging import Arrived
from tests.sla_rules.clocks import at
from tests.sla_rules.rules import HEAD
from tests.streams.workers.test_scenarios import STAMPED_BY_THE_PRODUCER, publish

pytestmark = pytest.mark.kafka

BEGIN: Final = at("2026-03-02 09:00")
SPEED: Final = 15_000
"""A day in six seconds."""
LEADS: Final = 60

DAILY: Final = """
calendar: {time_zone: Europe/Berlin, weekly_hours: {mon: [["09:00", "17:00"]]}}
grace: 0h
obligations:
  - {id: touch, kind: speed, provider: sales, recipient: marketing, deadline: {within: 30m}, intervals: [day]}
"""


@pytest.fixture
def broker(real_kafka: RealKafka) -> str:
    planned = plan(Settings()).items()
    real_kafka.create_planned({name: {**config, **STAMPED_BY_THE_PRODUCER} for name, config in planned}, PARTITIONS)
    return real_kafka.bootstrap


@pytest.fixture
def agreement(tmp_path: Path) -> Path:
    file = tmp_path / "leads.yaml"
    file.write_text(HEAD.format(name="leads", version="1", since="2026-01-01") + DAILY)
    return file


def lives() -> list[Sent]:
    """Leads of which every second one is followed up in time."""
    crm = Crm(start=moment(BEGIN))
    handed_off = [crm.handed_off(f"L-{number}") for number in range(LEADS)]
    return handed_off + [crm.called(f"L-{number}", 10) for number in range(0, LEADS, 2)]


async def told(broker: str) -> tuple[dict[WindowKey, Tally], bool]:
    """Figures of something, over all partitions, and whether all of them are frozen."""
    figures: dict[WindowKey, Tally] = {}
    frozen = True
    for value in (await last_values(broker, PERIODS_TOPIC)).values():
        key, found = read_record(value)
        if found.current:
            add(figures.setdefault(key, {}), found.current)
            frozen = frozen and found.frozen
    return figures, frozen


async def wanted(broker: str, agreement: Path) -> dict[WindowKey, Tally]:
    """The same by a partition that keeps every lead."""
    state = PartitionState(RuleBook(load_agreements([agreement])), {})
    for record in await all_records(broker, "handed-off", "contact-attempt"):
        state.fold(decode([record], PARTITIONS, (), 5 * MINUTE).facts)
    state.advance_to(BEGIN + 30 * DAY)
    return {key: tally for key, tally in state.windows.tallies.items() if tally}


async def test_leads_leave_whoever_dies_and_what_was_counted_stays(
    broker: str, agreement: Path, tmp_path: Path
) -> None:
    arrival = BEGIN + 20 * MINUTE
    await publish(broker, [Arrived(arrival, sent) for sent in lives()])
    figures = await wanted(broker, agreement)
    assert sum(tally["leads"] for tally in figures.values()) == LEADS
    clock = FastClock(wall_clock(), BEGIN + DAY, SPEED)
    settings = {"LEADSLA_CLOCK": str(clock), "LEADSLA_KEEP_DAYS": "3"}

    with Worker(broker, agreement, tmp_path, "first", **settings) as first:
        await asyncio.to_thread(first.wait_for, "leadsla_breaches_total", LEADS / 2, outcome="published")
        with Worker(broker, agreement, tmp_path, "second", **settings):
            await until(lambda: fewer_than(broker, LEADS))
            first.program.kill()
            await until(lambda: nothing_is_left(broker))
            assert await told(broker) == (figures, True)

            late = [Arrived(clock(), sent) for sent in lives()[:3]]
            await publish(broker, late)
            await asyncio.to_thread(first.start)
            await until(lambda: dead_lettered(broker, 3))
            rejected = await all_records(broker, REJECTED_TOPIC)
            assert {dict(record.headers)["reason"] for record in rejected} == {b"expired"}
            assert await told(broker) == (figures, True)
            assert await last_values(broker, changelog_of(Settings())) == {}


async def test_a_lead_that_comes_back_is_counted_beside_what_stays(
    broker: str, agreement: Path, tmp_path: Path
) -> None:
    await publish(broker, [Arrived(BEGIN + 20 * MINUTE, sent) for sent in lives()])
    clock = FastClock(wall_clock(), BEGIN + 4 * DAY, SPEED)
    with Worker(broker, agreement, tmp_path, LEADSLA_CLOCK=str(clock), LEADSLA_KEEP_DAYS="3") as worker:
        await asyncio.to_thread(worker.wait_for, "leadsla_breaches_total", LEADS / 2, outcome="published")
        await until(lambda: nothing_is_left(broker))
        before, _ = await told(broker)
        again = Crm(start=moment(clock()), source="/crm/again")
        await publish(broker, [Arrived(clock(), again.handed_off("L-1"))])
        await until(lambda: counted(broker, LEADS + 1))
        after, _ = await told(broker)

    assert {key: after[key] for key in before} == before


async def fewer_than(broker: str, count: int) -> bool:
    return len(await last_values(broker, changelog_of(Settings()))) < count


async def nothing_is_left(broker: str) -> bool:
    """Whether no state and no breach record is left."""
    return await fewer_than(broker, 1) and not await last_values(broker, BREACHES_TOPIC)


async def dead_lettered(broker: str, count: int) -> bool:
    return len(await all_records(broker, REJECTED_TOPIC)) >= count


async def counted(broker: str, leads: int) -> bool:
    figures, _ = await told(broker)
    return sum(tally["leads"] for tally in figures.values()) == leads
