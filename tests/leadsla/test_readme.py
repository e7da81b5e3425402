"""What the README and the settings page say is there."""

import re
from pathlib import Path

import pytest
from typer.main import get_command

from leadsla.commands.settings import settings_page
from leadsla.main import app

PROJECT = Path(__file__).parents[2]
README = (PROJECT / "README.md").read_text()


@pytest.mark.parametrize("name", sorted(set(re.findall(r"^\$ leadsla (\w+)", README, re.MULTILINE))))
def test_every_command_of_the_readme_is_there(name: str) -> None:
    assert name in get_command(app).commands  # type: ignore[attr-defined]


@pytest.mark.parametrize("path", sorted(set(re.findall(r"\]\(((?!http)[^)#]+)\)", README))))
def test_every_link_of_the_readme_leads_somewhere(path: str) -> None:
    assert (PROJECT / path).exists()


def test_every_make_target_of_the_readme_is_there() -> None:
    makefile = (PROJECT / "Makefile").read_text()

    assert all(f"\n{target}:" in makefile for target in re.findall(r"`?make (\w+)", README))


def test_the_settings_page_is_what_the_settings_say() -> None:
    assert (PROJECT / "docs/settings.md").read_text() == settings_page()
