"""What `leadsla status`, `ledger` and `plan` say by the service's topics is what is said by the file of the same events."""

import asyncio
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from typer.testing import CliRunner, Result

from leadsla.main import app
from sla_rules.instants import iso, moment
from sla_rules.names import EVENT_TOPICS
from streams.clock import wall_clock
from streams.kafka.connection import new_producer
from streams.kafka.embedded_broker import EmbeddedBroker
from streams.settings import Settings
from tests.agreements.examples import PROJECT
from tests.events import Crm
from tests.real_parts.loopback import wait_until
from tests.real_parts.service import PARTITIONS, Worker, all_records, send
from tests.streams.agreements import EXAMPLE
from tests.streams.workers.test_explained_live import line_of

SCHEMA = Draft202012Validator(json.loads((PROJECT / "schemas" / "status.schema.json").read_text(encoding="utf-8")))


def asked(command: str, *arguments: str) -> Result:
    return CliRunner().invoke(app, [command, str(EXAMPLE), *arguments])


def planned(*arguments: str) -> Any:
    """What the newest rates come from, for the agreement of the same name that has a quota."""
    file = PROJECT / "agreements" / "company-x.yaml"
    found = CliRunner().invoke(app, ["plan", "--from", str(file), *arguments, "--json"], catch_exceptions=False)
    return {**json.loads(found.stdout)["recalculation"], "as_of": None}


def ledger(*arguments: str) -> Any:
    """What came of the months that are over, but for when it was asked."""
    found = asked("ledger", *arguments, "--json")
    assert found.exit_code == 0, found.stderr
    return {**json.loads(found.stdout), "as_of": None, "service": None}


def owners(broker: str) -> set[str]:
    """Whether whoever owns agreements looks after them."""
    return {one["owner"] for one in json.loads(asked("status", "--broker", broker, "--json").stdout)["agreements"]}


def by_period(goals: list[Any], known: str | None = None) -> dict[Any, Any]:
    return {
        (one["obligation"], one["interval"], one["start"]): (one[known] if known else one)["targets"] for one in goals
    }


def test_the_running_service_says_what_a_replay_of_the_same_events_says(broker: str, tmp_path: Path) -> None:
    crm = Crm(moment(wall_clock()) - timedelta(minutes=30))
    told = [crm.handed_off(f"L-{number}", number) for number in range(6)]
    told += [crm.called(f"L-{number}", 60 + number) for number in range(4)]
    told += [crm.handed_off(f"M-{number}", -40 * 86_400) for number in range(3)]
    file = tmp_path / "events.jsonl"

    def both() -> tuple[dict[Any, Any], dict[Any, Any]]:
        (report,) = map(
            json.loads,
            asked("replay", "--events", str(file), "--until", iso(wall_clock()), "--json").stdout.splitlines(),
        )
        found = json.loads(asked("status", "--broker", broker, "--json").stdout)
        (agreement,) = found["agreements"]
        goals = by_period(report["consequences"]["periods"], "restated")
        stands = by_period(agreement["promises"])
        return stands, {period: targets for period, targets in goals.items() if period in stands}

    with Worker(broker, EXAMPLE, tmp_path):
        asyncio.run(send(broker, told))
        records = asyncio.run(all_records(broker, *EVENT_TOPICS))
        file.write_text("\n".join(map(line_of, records)), encoding="utf-8")
        wait_until(lambda: (pair := both())[0] == pair[1])

        stands, goals = both()
        by_file = ledger("--events", str(file), "--until", iso(wall_clock()))
        wait_until(lambda: ledger("--broker", broker) == by_file)
        by_topics = ledger("--broker", broker)
        wait_until(lambda: owners(broker) == {"up_to_date"})
        found = asked("status", "--broker", broker, "--json")
        shown = asked("status", "--broker", broker, "--lang", "es")
        plans = [planned("--broker", broker), planned("--events", str(file), "--until", iso(wall_clock()))]

    assert stands == goals
    whole = json.loads(found.stdout)
    assert [error.message for error in SCHEMA.iter_errors(whole)] == []
    assert whole["partitions"] == PARTITIONS
    is_broken = any(one["standing"] == "broken" for one in whole["agreements"][0]["promises"])
    assert found.exit_code == shown.exit_code == int(is_broken)
    assert "último cambio hace " in shown.stdout
    assert {one["owner"] for one in whole["agreements"]} == {"up_to_date"}
    assert by_topics == by_file
    assert by_topics["obligations"][0]["periods"][0]["leads"] == 3
    assert by_topics["obligations"][0]["periods"][0]["judged"]["published"]["result"] == "missed"
    assert plans[0] == plans[1]
    assert plans[0]["parts"], "the ledger says something"


def test_of_a_window_the_last_record_counts_and_of_a_tombstone_nothing(service_embedded: EmbeddedBroker) -> None:
    settings = Settings(broker=service_embedded.bootstrap)
    record = json.dumps(
        {"agreement": "x", "obligation": "y", "segment": "all", "interval": "month", "first": "2026-01-01"}
        | {"figures": {"met": 1}, "published": None}
    ).encode()

    def records() -> tuple[int, int]:
        found = json.loads(asked("status", "--broker", settings.broker, "--json").stdout)
        return found["records"], found["last_change"] is None

    async def write(*values: tuple[bytes, bytes | None]) -> None:
        async with new_producer(settings) as producer:
            for key, value in values:
                await producer.send_and_wait("sla-periods", value, key=key, partition=0)

    seen = [records()]
    asyncio.run(write((b"a", record), (b"a", record), (b"b", record)))
    seen.append(records())
    asyncio.run(write((b"a", None)))
    seen.append(records())
    asyncio.run(write((b"c", b"rubbish")))
    rubbish = asked("status", "--broker", settings.broker)
    asyncio.run(write_whole(settings))
    damaged = [asked(command, "--broker", settings.broker) for command in ("status", "ledger")]

    assert seen == [(0, True), (2, False), (1, False)]
    assert (rubbish.exit_code, rubbish.stdout) == (2, "")
    assert "sla-periods holds a record that is none of ours" in rubbish.stderr
    assert {(one.exit_code, one.stdout) for one in damaged} == {(2, "")}
    assert all("sla-agreements holds a record that is none of ours" in one.stderr for one in damaged)


async def write_whole(settings: Settings) -> None:
    async with new_producer(settings) as producer:
        await producer.send_and_wait("sla-agreements", b"rubbish", key=b"company-x", partition=0)


@pytest.mark.parametrize("arguments", [["--broker", "127.0.0.1:1"], ["--agreement", "nobody-s"]])
def test_what_cannot_be_asked_is_said(arguments: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEADSLA_REQUEST_TIMEOUT_SECONDS", "1")

    found = asked("status", *arguments)

    assert (found.exit_code, found.stdout) == (2, "")
    assert "127.0.0.1:1" in found.stderr or "nobody-s" in found.stderr
