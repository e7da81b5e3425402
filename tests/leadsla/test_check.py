"""`leadsla check` says whether the reps can serve what was agreed."""

from pathlib import Path
from typing import Final

import pytest
from typer.testing import CliRunner

from leadsla.main import app
from leadsla.tables.edition import edition_lines
from sla_rules.agreement.rulebook import EDITION
from wording.languages import LANGUAGES, Language
from wording.voice import Voice

SHIPPED: Final = Path(__file__).parents[2] / "agreements" / "company-x.yaml"


def checked(tmp_path: Path, old: str, new: str, *args: str) -> str:
    text = SHIPPED.read_text(encoding="utf-8")
    assert old in text
    file = tmp_path / "agreement.yaml"
    file.write_text(text.replace(old, new), encoding="utf-8")
    found = CliRunner().invoke(app, ["check", str(file), *args])
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


def test_an_agreement_says_what_it_is_about_and_when_its_years_begin(tmp_path: Path) -> None:
    text = (SHIPPED.parent / "examples" / "support.yaml").read_text(encoding="utf-8")
    file = tmp_path / "support.yaml"
    file.write_text(f"year_begins: february\n{text}", encoding="utf-8")

    english, spanish = (
        CliRunner().invoke(app, ["check", str(file), "--lang", lang]).stdout.splitlines()[0].partition(": ")[0]
        for lang in ("en", "es")
    )

    assert english == "support 2026-01, in force from 2026-01-01, years from February, subject ticket"
    assert spanish == "support 2026-01, en vigor desde el 1/1/2026, con años que empiezan en febrero, objeto ticket"


@pytest.mark.parametrize(
    ("reps", "said"),
    [
        ("2", "viable: 2 comerciales pueden atender 136 leads en el mes más ajustado del año (may 2026), además de 81 propios; se acordaron 100, sobran 36"),
        ("1", "inviable: 1 comercial puede atender 68 de 100 leads en el mes más ajustado del año (may 2026); hacen falta 2 comerciales"),
    ],
)  # fmt: skip
def test_in_spanish_too(tmp_path: Path, reps: str, said: str) -> None:
    assert checked(tmp_path, "reps: 2", f"reps: {reps}", "--lang", "es") == f"leads-delivered: {said}"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("edition", range(3, EDITION + 1))
def test_every_edition_of_the_rules_says_what_it_reads_otherwise(language: Language, edition: int) -> None:
    head, *lines = edition_lines([edition], Voice(language))

    assert str(edition) in head
    assert lines
    assert all(line.startswith("  ") for line in lines)
