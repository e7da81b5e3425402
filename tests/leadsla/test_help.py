"""Every command says what it does, with which options, and what its exit status means."""

from collections.abc import Iterator
from typing import Any

import pytest
from typer.main import get_command
from typer.testing import CliRunner

from leadsla.main import app


def leaves(group: Any, *path: str) -> Iterator[tuple[tuple[str, ...], Any]]:
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from leaves(command, *path, name)
        else:
            yield (*path, name), command


LEAVES = list(leaves(get_command(app)))


def test_there_are_commands_to_look_at() -> None:
    assert len(LEAVES) > 15
    assert (("deadletter", "show") in dict(LEAVES), ("worker",) in dict(LEAVES)) == (True, True)


@pytest.mark.parametrize(("path", "command"), LEAVES, ids=[" ".join(path) for path, _ in LEAVES])
def test_a_command_says_what_it_does_and_what_its_exit_status_means(path: tuple[str, ...], command: Any) -> None:
    help_text = CliRunner().invoke(app, [*path, "--help"], env={"COLUMNS": "160"}).stdout

    assert "Exit status: 0" in " ".join(help_text.split())
    for parameter in command.params:
        assert getattr(parameter, "hidden", False) or parameter.help, parameter.name
        assert getattr(parameter, "hidden", False) or parameter.help.endswith("."), parameter.name
