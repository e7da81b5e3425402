"""The page about events by hand: its commands are ones, up to where they would ask."""

import re
import shlex
from pathlib import Path
from typing import Final

import pytest
from typer.testing import CliRunner

from leadsla.main import app

PROJECT: Final = Path(__file__).parents[2]
TEXT: Final = (PROJECT / "docs" / "by-hand.md").read_text(encoding="utf-8")
COMMANDS: Final = re.findall(r"^\$ leadsla (.*)$", TEXT, re.MULTILINE)


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_of_the_page_shows_its_event_and_asks(command: str) -> None:
    examples = str(PROJECT / "agreements" / "examples")

    found = CliRunner().invoke(app, [*shlex.split(command), "--agreements", examples], catch_exceptions=False)

    assert found.exit_code == 2
    assert len(found.stdout.splitlines()) >= 1
    assert "asks before it publishes" in found.stderr


def test_the_page_shows_every_command() -> None:
    assert {command.split()[0] for command in COMMANDS} == {"confirm", "excuse", "attempt", "close-deal"}
