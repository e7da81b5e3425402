"""Text from outside is data: whatever stands in an event or an agreement's name, a terminal shows it and obeys none of it."""

import json
import re
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path

import pytest
from rich.table import Table
from typer.testing import CliRunner, Result

from leadsla.console import Console
from leadsla.dead_letters.listing import show_blocks
from leadsla.main import app
from sla_rules.names import EVENT_TOPICS, REJECTED_TOPIC
from streams.dead_letters.letters import DeadLetter
from streams.kafka.embedded_broker import EmbeddedBroker
from tests.events import Crm

AGREEMENT = Path(__file__).parents[1] / "company-x.yaml"
HOSTILE = "\x1b]0;owned\x07\x1b[2J[red]x[/red]\u202eeno\u202c\nline 9: all is well\r\x9b1A"
OBEYED = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069]")


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments), catch_exceptions=False)


@pytest.fixture
def events(tmp_path: Path) -> str:
    crm = Crm(datetime(2026, 3, 2, 11, tzinfo=UTC))
    bad = json.dumps({**json.loads(crm.created("L-2").value or b""), "type": HOSTILE}).encode()
    sent = [
        crm.handed_off(HOSTILE, -7_200, team=HOSTILE[:100]),
        crm.event("lead.recycled.v1", HOSTILE, -9, reason=HOSTILE[:100]),
        crm.handed_off(HOSTILE, -8, id=HOSTILE, team=None),
        crm.event("lead.contact_attempted.v1", HOSTILE, -10, channel=HOSTILE[:100]),
    ]
    file = tmp_path / "events.jsonl"
    file.write_bytes(b"\n".join([*(one.value or b"" for one in sent), bad]))
    return str(file)


@pytest.mark.parametrize("language", ["en", "es"])
def test_no_table_sentence_or_error_brings_a_terminal_to_do_anything(events: str, language: str) -> None:
    for command in (["replay", str(AGREEMENT)], ["explain", HOSTILE, str(AGREEMENT)]):
        found = run(*command, "--events", events, "--until", "2026-03-03T12:00:00Z", "--lang", language)

        assert found.exit_code == 0
        assert not OBEYED.search(found.stdout + found.stderr)
        assert not [line for line in (found.stdout + found.stderr).splitlines() if line.startswith("line 9")]
        assert "\\x1b]0;owned\\x07" in found.stdout


def test_json_holds_the_text_as_it_was_and_shows_none_of_it_to_a_terminal(events: str) -> None:
    found = run("explain", HOSTILE, str(AGREEMENT), "--events", events, "--json")

    assert not OBEYED.search(found.stdout)
    assert json.loads(found.stdout)["lead"] == HOSTILE


def test_a_lead_that_nothing_was_received_for_is_named_and_not_obeyed(events: str) -> None:
    found = run("explain", "\x1b[2J", str(AGREEMENT), "--events", events)

    assert found.exit_code == 1
    assert not OBEYED.search(found.stderr)


def test_refused_lines_are_named_and_not_obeyed(embedded_broker: EmbeddedBroker, events: str) -> None:
    embedded_broker.create(*EVENT_TOPICS, REJECTED_TOPIC)
    found = run("publish", events, "--broker", embedded_broker.bootstrap, "--wait", "0")

    assert not OBEYED.search(found.stdout + found.stderr)
    assert [line for line in found.stderr.splitlines() if line.startswith("line 5: unknown_type: ")]


def test_a_console_obeys_its_own_styles_alone() -> None:
    out = StringIO()
    console = Console(file=out, force_terminal=True, width=80, color_system="truecolor")
    table = Table("name")
    table.add_row("[bold]own[/bold] \x1b[31mtheirs")

    console.print(table)

    assert "\x1b[1mown\x1b[0m" in out.getvalue()
    assert "\\x1b[31mtheirs" in out.getvalue()


def letter(offset: int, key: bytes) -> DeadLetter:
    return DeadLetter(
        0, 1, 1_772_442_000_000_000, "too_large_unpacked", "a long detail " * 20, "leadsla-forwarded", 123, offset,
        None, key, b"", [], {},
    )  # fmt: skip


def test_dead_letters_fit_a_terminal_of_80_columns_with_their_places_whole() -> None:
    out = StringIO()
    console = Console(file=out, width=80, highlight=False)

    show_blocks(console, [letter(123_456_789_012, b"L-\x1b7"), letter(7, b"x" * 300)])

    lines = out.getvalue().splitlines()
    assert [len(line) <= 80 for line in lines] == [True] * 4
    assert lines[0] == "leadsla-forwarded 123 123456789012  too_large_unpacked"
    assert lines[1].startswith("  2026-03-02 09:00:00Z  L-\\x1b7  a long detail a long")
    assert lines[2] == "leadsla-forwarded 123 7  too_large_unpacked"
