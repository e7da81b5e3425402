"""`leadsla check` says whether the reps can serve what was agreed."""

from pathlib import Path
from typing import Final

import pytest
from typer.testing import CliRunner

from leadsla.main import app

SHIPPED: Final = Path(__file__).parents[2] / "agreements" / "company-x.yaml"


def checked(tmp_path: Path, old: str, new: str) -> str:
    text = SHIPPED.read_text(encoding="utf-8")
    assert old in text
    file = tmp_path / "agreement.yaml"
    file.write_text(text.replace(old, new), encoding="utf-8")
    found = CliRunner().invoke(app, ["check", str(file)])
    assert found.exit_code == 0, found.stderr
    return found.stdout.splitlines()[-1].strip()


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("reps: 2", "reps: 2", "feasible: 2 reps can serve 136 leads in the tightest month of the year (month 2026-05), beside 81 of their own; 100 are agreed, 36 to spare"),
        ("reps: 2", "reps: 1", "not feasible: 1 rep can serve 68 of 100 leads in the tightest month of the year (month 2026-05); it takes 2 reps"),
        ("\n  share_for_own: 30%", "", "feasible: 2 reps can serve 136 leads in the tightest month of the year (month 2026-05); 100 are agreed, 36 to spare"),
    ],
)  # fmt: skip
def test_the_tightest_month_is_told_and_what_it_takes(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert checked(tmp_path, old, new) == f"leads-delivered: {said}"


def test_an_agreement_without_a_capacity_says_nothing_of_it() -> None:
    found = CliRunner().invoke(app, ["check", str(SHIPPED.parent / "examples" / "uptime.yaml")])

    assert found.stdout.splitlines() == ["uptime 2026-01, in force from 2026-01-01: reachable"]
