"""The page about importing: its commands answer what it says, and its mapping is one."""

import re
import shlex
from pathlib import Path
from typing import Final

import pytest
from typer.testing import CliRunner

from leadsla.importing.compiled import compiled
from leadsla.importing.mapping_file import parse_mapping
from leadsla.main import app

PROJECT: Final = Path(__file__).parents[2]
TEXT: Final = (PROJECT / "docs" / "importing.md").read_text(encoding="utf-8")
README: Final = (PROJECT / "README.md").read_text(encoding="utf-8")


def commands(text: str) -> list[tuple[str, str]]:
    """Each command, with what it is said to answer."""
    found = re.findall(r"^```console\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    parts = [one.partition("\n") for block in found for one in block.removeprefix("$ ").split("\n$ ")]
    return [(command, answer.rstrip("\n")) for command, _, answer in parts]


@pytest.fixture(autouse=True)
def beside_the_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What commands write stays out of the project."""
    for folder in ("docs", "agreements"):
        (tmp_path / folder).symlink_to(PROJECT / folder)
    (tmp_path / "leads.csv").symlink_to(PROJECT / "docs" / "examples" / "leads.csv")
    monkeypatch.chdir(tmp_path)


def test_the_commands_of_the_page_answer_what_it_says() -> None:
    assert len(commands(TEXT)) > 2
    for command, answer in commands(TEXT):
        program, *arguments = shlex.split(command)
        result = CliRunner().invoke(app, arguments, catch_exceptions=False)
        assert (program, result.exit_code) == ("leadsla", 0), result.stderr
        assert not answer or result.stdout.rstrip("\n") == answer


def test_the_readme_leads_from_a_table_to_figures() -> None:
    first = next(number for number, (command, _) in enumerate(commands(README)) if "leadsla import" in command)
    imported, replayed = (
        CliRunner().invoke(app, shlex.split(command, comments=True)[1:], catch_exceptions=False)
        for command, _ in commands(README)[first : first + 2]
    )
    assert (imported.exit_code, replayed.exit_code) == (0, 0), imported.stderr
    assert "first-touch" in replayed.stdout
    assert "@example.com" not in Path("events.jsonl").read_text(encoding="utf-8")


def test_the_mapping_of_the_page_is_one() -> None:
    (text,) = re.findall(r"^```yaml\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)
    mapping = parse_mapping(text)
    origins = [origin for one in mapping.events for origin in (one.time, *one.data.values())]
    columns = {"Record ID", "Lead Status", *(origin.column for origin in origins if origin.column is not None)}

    assert len(compiled(mapping, sorted(columns), {}).events) == 3


@pytest.mark.parametrize("path", sorted(set(re.findall(r"\]\((?!http)([^)#]+)\)", TEXT))))
def test_every_link_of_the_page_leads_somewhere(path: str) -> None:
    assert (PROJECT / "docs" / path).resolve().is_file()
