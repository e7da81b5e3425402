"""Calls of `leadsla plan`."""

import json
from pathlib import Path
from typing import Any, Final

from typer.testing import CliRunner, Result

from leadsla.main import app

AGREEMENTS: Final = Path(__file__).parents[3] / "agreements"
COMPANY_X: Final = AGREEMENTS / "company-x.yaml"
NUMBERS: Final = ("--quota", "5000", "--share", "100%", "--deal", "100", "--close-rate", "50%")
APRIL: Final = ("--effective-from", "2026-04-01")


def planned(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["plan", *arguments], catch_exceptions=False, env={"COLUMNS": "300", "LANG": "C"})


def plan_of(*arguments: str) -> Any:
    found = planned(*arguments, "--json")
    assert found.exit_code == 0, found.stderr
    return json.loads(found.stdout)


def refused(*arguments: str) -> str:
    """What is said of what cannot be planned, on one line."""
    found = planned(*arguments)
    assert (found.exit_code, found.stdout) == (2, "")
    return " ".join(found.stderr.replace("│", " ").split())
