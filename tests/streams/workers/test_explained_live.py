"""What `leadsla explain` says by the service's topics is what it says by the file of the same events."""

import asyncio
import json
from datetime import timedelta
from pathlib import Path

import pytest
from aiokafka import ConsumerRecord
from typer.testing import CliRunner, Result

from leadsla.main import app
from sla_rules.instants import MINUTE, iso, moment
from sla_rules.names import EVENT_TOPICS
from streams.clock import wall_clock
from streams.kafka.connection import new_producer
from streams.kafka.embedded_broker import EmbeddedBroker
from streams.kafka.partitioning import partition_of
from streams.kafka.topics import changelog_of
from streams.settings import Settings
from tests.events import Crm
from tests.real_parts.loopback import wait_until
from tests.real_parts.service import PARTITIONS, Worker, all_records, send
from tests.sla_rules.engine.test_state_merge import state
from tests.sla_rules.story import attempted, handed_off
from tests.streams.agreements import EXAMPLE

LEADS = ("L-1", "L-2", "L-3")


def explained(*arguments: str, **environment: str) -> Result:
    return CliRunner().invoke(app, ["explain", *arguments], env=environment)


def line_of(record: ConsumerRecord) -> str:
    """A record as a file of events has it, with when it arrived."""
    return json.dumps({**json.loads(record.value), "recordedtime": iso(record.timestamp * 1_000)})


def test_the_running_service_is_asked_what_a_file_of_the_same_events_says(broker: str, tmp_path: Path) -> None:
    crm = Crm(moment(wall_clock()) - timedelta(hours=30))
    told = (
        crm.created("L-1"),
        crm.handed_off("L-1", 1),
        crm.called("L-1", 600, actor="automation"),
        crm.handed_off("L-2", 60),
        crm.called("L-2", 7200),
        crm.event("lead.merged.v1", "L-2", 9000, into="L-1"),
        crm.handed_off("L-3", 100_000),
    )
    file, until = tmp_path / "events.jsonl", iso(wall_clock() + MINUTE)

    def differing() -> dict[str, tuple[str, str]]:
        by_file = {lead: explained(lead, str(EXAMPLE), "--events", str(file), *asked) for lead in LEADS}
        by_topics = {lead: explained(lead, str(EXAMPLE), "--broker", broker, *asked) for lead in LEADS}
        pairs = ((lead, by_file[lead].output, by_topics[lead].output) for lead in LEADS)
        return {lead: (said, kept) for lead, said, kept in pairs if said != kept}

    asked = ("--until", until, "--json")
    with Worker(broker, EXAMPLE, tmp_path):
        asyncio.run(send(broker, told))
        records = asyncio.run(all_records(broker, *EVENT_TOPICS))
        file.write_text("\n".join(map(line_of, records)), encoding="utf-8")
        wait_until(lambda: not differing())

        assert differing() == {}
        now = explained("L-3", LEADSLA_BROKER=broker, LEADSLA_AGREEMENTS=str(EXAMPLE))
        unknown = explained("L-4", str(EXAMPLE), "--broker", broker)

    assert now.exit_code == 0
    assert "used so far: " in now.stdout
    partition = partition_of(b"L-4", PARTITIONS)
    assert (unknown.exit_code, unknown.stdout) == (1, "")
    assert unknown.stderr == (
        f"leadsla explain: no lead 'L-4' in partition {partition} of leadsla-leads-changelog:"
        " nothing has been received, or it left after 400 quiet days\n"
    )


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "lead 'L-1' is in partition {} of leadsla-leads-changelog no more: it left after 400 quiet days"),
        (
            "es",
            "ya no queda nada sobre el lead 'L-1' en la partición {} de leadsla-leads-changelog: salió tras 400 días sin novedades",
        ),
    ],
)
def test_of_a_lead_that_left_the_last_record_counts(service_embedded: EmbeddedBroker, language: str, said: str) -> None:
    settings = Settings(broker=service_embedded.bootstrap)
    partition = partition_of(b"L-1", PARTITIONS)
    known = state([handed_off("2026-03-02 09:00"), attempted("2026-03-02 09:10")])

    async def write(*values: bytes | None) -> None:
        async with new_producer(settings) as producer:
            for value in values:
                for key in (b"L-1", b"another"):
                    await producer.send_and_wait(changelog_of(settings), value, key=key, partition=partition)

    arguments = ("L-1", str(EXAMPLE), "--broker", settings.broker, "--lang", language)
    asyncio.run(write(known))
    there = explained(*arguments, "--until", "2026-03-02T09:00:00Z")
    early = explained(*arguments, "--until", "2026-03-01T09:00:00Z")
    asyncio.run(write(known, None))
    gone = explained(*arguments)

    assert (there.exit_code, early.exit_code, gone.exit_code) == (0, 1, 1)
    assert gone.stderr.splitlines() == [f"leadsla explain: {said.format(partition)}"]


def test_without_a_file_and_without_a_broker_people_are_told_to_say_which() -> None:
    neither = explained("L-1", str(EXAMPLE))
    both = explained("L-1", str(EXAMPLE), "--broker", "127.0.0.1:1", "--events", "week.jsonl")

    assert (neither.exit_code, both.exit_code) == (2, 2)
    assert "--events" in neither.stderr
    assert "--broker" in neither.stderr
    assert "either a file of events" in both.stderr


def test_a_broker_that_is_away_is_said_to_be() -> None:
    away = explained("L-1", str(EXAMPLE), "--broker", "127.0.0.1:1", LEADSLA_REQUEST_TIMEOUT_SECONDS="1")

    assert away.exit_code == 2
    assert away.stderr.startswith("leadsla explain: 127.0.0.1:1: ")
