"""Every promise names tests that are there."""

import ast
import re
from pathlib import Path
from typing import Final

import pytest

PROJECT: Final = Path(__file__).parents[2]
TEXT: Final = (PROJECT / "docs" / "reliability.md").read_text(encoding="utf-8")
NAMED: Final = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", TEXT)


@pytest.mark.parametrize(("file", "test"), NAMED)
def test_a_test_that_a_promise_names_is_there(file: str, test: str) -> None:
    tree = ast.parse((PROJECT / file).read_text(encoding="utf-8"))

    assert test in {node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}


def test_every_promise_names_a_test() -> None:
    promises = TEXT.partition("## Promises")[2].partition("## Not promised")[0]

    sections = re.split(r"^\*\*", promises, flags=re.MULTILINE)[1:]

    assert [section for section in sections if "- `tests/" not in section] == []
    assert len(NAMED) >= len(sections)


@pytest.mark.parametrize("path", sorted(set(re.findall(r"\]\(([^)#:]+)\)", TEXT))))
def test_every_link_leads_somewhere(path: str) -> None:
    assert (PROJECT / "docs" / path).is_file()
