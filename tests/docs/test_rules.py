"""The page that says what an agreement means: its answers are those of the program."""

import doctest
import re
import shlex
from pathlib import Path
from typing import Final

import pytest
from typer.testing import CliRunner

from leadsla.main import app
from sla_rules.lead.transitions import TRANSITIONS
from tests.docs.diagram import diagram

PROJECT: Final = Path(__file__).parents[2]
RULES: Final = PROJECT / "docs" / "rules.md"
TEXT: Final = RULES.read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)


def commands() -> list[tuple[str, str]]:
    """Each command of the page, with what it is said to answer."""
    answers = [block.removeprefix("$ ").split("\n$ ") for block in blocks("console")]
    parts = [one.partition("\n") for some in answers for one in some]
    return [(command, answer.rstrip("\n")) for command, _, answer in parts]


@pytest.fixture(autouse=True)
def in_the_project(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(PROJECT)


@pytest.mark.parametrize(("command", "answer"), commands())
def test_the_calendar_answers_what_the_page_says(command: str, answer: str) -> None:
    program, *arguments = shlex.split(command)

    result = CliRunner().invoke(app, arguments)

    assert (program, result.exit_code) == ("leadsla", 0)
    assert result.stdout.rstrip("\n") == answer


def test_the_python_of_the_page_says_what_the_page_says() -> None:
    code = "\n".join(blocks("pycon"))
    test = doctest.DocTestParser().get_doctest(code, {}, RULES.name, str(RULES), 0)
    said: list[str] = []

    failed = doctest.DocTestRunner(verbose=False).run(test, out=said.append).failed

    assert failed == 0, "".join(said)
    assert len(test.examples) > 30


def test_the_state_diagram_is_drawn_from_the_table() -> None:
    assert blocks("mermaid") == [diagram(TRANSITIONS)]


def test_every_trigger_of_the_table_is_in_the_diagram() -> None:
    drawn = diagram(TRANSITIONS)

    assert drawn.count(" --> ") == 1 + len(
        {(before, after, move) for (before, _), (move, after) in TRANSITIONS.items()}
    )
    assert all(
        re.search(rf"{before} --> {after}: {move} \(.*\b{trigger}\b", drawn)
        for (before, trigger), (move, after) in TRANSITIONS.items()
    )


@pytest.mark.parametrize("path", sorted(set(re.findall(r"\]\((\.\./[^)#]+)\)", TEXT))))
def test_every_link_leads_somewhere(path: str) -> None:
    assert (RULES.parent / path).resolve().is_file()


def test_every_heading_of_the_list_is_there() -> None:
    named = list(dict.fromkeys(re.findall(r"\]\(#([^)]+)\)", TEXT)))
    headings = [
        re.sub(r"[^a-z -]", "", heading.lower()).replace(" ", "-")
        for heading in re.findall(r"^## (.*)$", TEXT, re.MULTILINE)
    ]

    assert named == headings
