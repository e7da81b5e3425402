"""`leadsla check` says whether the reps can serve what was agreed."""

import json
from datetime import date
from pathlib import Path
from typing import Final

import pytest
from hypothesis import given
from typer.testing import CliRunner

from leadsla.main import app
from leadsla.tables.agreement import lines_of
from leadsla.tables.edition import edition_lines
from sla_rules.agreement.file import AgreementErrors, parse_agreement
from sla_rules.agreement.rulebook import EDITION
from sla_rules.reports.checking import checked as look_at
from sla_rules.reports.encode import document
from tests.any_agreement import folders
from tests.laws import examples
from tests.sla_rules.rules import HEAD, agreement
from wording.languages import LANGUAGES, Language
from wording.voice import Voice

TODAY: Final = date(2026, 1, 1)
SHIPPED: Final = Path(__file__).parents[2] / "agreements" / "company-x.yaml"


def checked(tmp_path: Path, old: str, new: str, *args: str) -> list[str]:
    """The lines that are said of the agreement that ships, with some of its text changed."""
    text = SHIPPED.read_text(encoding="utf-8")
    assert old in text
    file = tmp_path / "agreement.yaml"
    file.write_text(text.replace(old, new), encoding="utf-8")
    found = CliRunner().invoke(app, ["check", str(file), *args])
    assert found.exit_code == 0, found.stderr
    return [line.strip() for line in found.stdout.splitlines()]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("reps: 2", "reps: 2", "feasible: 2 reps can serve 136 leads in the tightest month of the year (month 2026-05), beside 81 of their own; 100 are agreed, 36 to spare"),
        ("reps: 2", "reps: 1", "not feasible: 1 rep can serve 68 of 100 leads in the tightest month of the year (month 2026-05); it takes 2 reps"),
        ("reps: 2", "reps: 2\n  limits: {leads_a_month: 60}", "feasible: 2 reps can serve 120 leads in the tightest month of the year (month 2026-01), as many as each of them may have, beside 94 of their own; 100 are agreed, 20 to spare"),
        ("reps: 2", "reps: 2\n  limits: {leads_a_month: 40}", "not feasible: 2 reps can serve 80 of 100 leads in the tightest month of the year (month 2026-01), as many as each of them may have; it takes 3 reps"),
        ("\n  share_for_own: 30%", "", "feasible: 2 reps can serve 136 leads in the tightest month of the year (month 2026-05); 100 are agreed, 36 to spare"),
    ],
)  # fmt: skip
def test_the_tightest_month_is_told_and_what_it_takes(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert f"leads-delivered: {said}" in checked(tmp_path, old, new)


def test_an_agreement_without_a_capacity_says_nothing_of_it() -> None:
    found = CliRunner().invoke(app, ["check", str(SHIPPED.parent / "examples" / "uptime.yaml")])

    assert found.stdout.splitlines() == [
        "uptime 2026-01, in force from 2026-01-01, subject machine: reachable, restored",
        "  created: machine.watched.v1",
        "  down: machine.down.v1",
        "  up: machine.up.v1",
        "  closed: machine.removed.v1",
        "  excused: machine.maintenance_announced.v1",
        "  corrected: machine.corrected.v1",
        "  restored: handed off Thu 2026-01-01 23:50, due Fri 2026-01-02 03:50",
    ]


TWO_OFFICES: Final = """
calendar: {time_zone: Europe/Madrid, weekly_hours: {thu: [["09:00", "17:00"]], fri: [["09:00", "17:00"]], mon: [["09:00", "17:00"]]}}
calendars: {mx: {time_zone: America/Mexico_City, weekly_hours: {fri: [["09:00", "18:00"]], mon: [["09:00", "18:00"]]}}}
teams: {Mexico: {calendar: mx}, Monterrey: {calendar: mx}}
obligations:
  - {id: touch, kind: speed, provider: sales, recipient: marketing, deadline: {within: {working_days: 1}}}
  - {id: promise, kind: speed, provider: sales, recipient: marketing, deadline: {within: 1d}, starts: created}
  - {id: tries, kind: depth, provider: sales, recipient: marketing, attempts: 6, closed_leads: counted, deadline: {within: 14d, clock: wall}}
"""
IN_ENGLISH: Final = [
    "  touch: handed off Fri 2026-01-02 16:50, due Mon 2026-01-05 16:50",
    "  touch (team Mexico, team Monterrey, America/Mexico_City): handed off Fri 2026-01-02 17:50, due Mon 2026-01-05 17:50",
    "  promise: created Fri 2026-01-02 16:50, due Fri 2026-01-09 16:50",
    "    24 open hours are 3 days of 8h; if working days are meant, write within: {working_days: 1}",
    "  tries: handed off Fri 2026-01-02 16:50, due Fri 2026-01-16 16:50",
]
IN_SPANISH: Final = [
    "  touch: traspasado el vie 2/1/2026 16:50, vence el lun 5/1/2026 16:50",
    "  touch (equipo Mexico, equipo Monterrey, America/Mexico_City): traspasado el vie 2/1/2026 17:50, vence el lun 5/1/2026 17:50",
    "  promise: creado el vie 2/1/2026 16:50, vence el vie 9/1/2026 16:50",
    "    24 horas de horario laboral son 3 días de 8h; si se trata de días laborables, escriba within: {working_days: 1}",
    "  tries: traspasado el vie 2/1/2026 16:50, vence el vie 16/1/2026 16:50",
]


@pytest.mark.parametrize(("language", "said"), [("en", IN_ENGLISH), ("es", IN_SPANISH)])
def test_every_deadline_is_worked_out_late_on_the_last_open_day_by_all_hours_that_it_may_run_in(
    language: Language, said: list[str]
) -> None:
    _, *lines, note = lines_of(agreement(TWO_OFFICES), Voice(language), TODAY)

    assert lines == said
    assert "cancellation" in note


def test_a_program_reads_the_same_as_json(tmp_path: Path) -> None:
    file = tmp_path / "agreement.yaml"
    file.write_text(HEAD.format(name="leads", version="1", since="2026-01-01") + TWO_OFFICES, encoding="utf-8")

    (found,) = json.loads(CliRunner().invoke(app, ["check", str(file), "--json"]).stdout)["agreements"]

    assert found["deadlines"][1] == {
        "obligation": "touch",
        "starts": "handed_off",
        "clock": "working",
        "hours_of": [{"of": "team", "name": "Mexico"}, {"of": "team", "name": "Monterrey"}],
        "time_zone": "America/Mexico_City",
        "start": "2026-01-02T17:50:00-06:00",
        "deadline": "2026-01-05T17:50:00-06:00",
    }
    assert found["days_as_hours"] == [
        {
            "obligation": "promise",
            "within_seconds": 86400.0,
            "working_day_seconds": 28800.0,
            "days": 3,
            "working_days_meant": 1,
        }
    ]


@examples(10)
@given(folders())
def test_of_whatever_is_accepted_every_deadline_is_worked_out(texts: dict[str, str]) -> None:
    for text in texts.values():
        try:
            found = parse_agreement(text)
        except AgreementErrors:
            continue
        deadlines = document(look_at(found, TODAY))["deadlines"]
        timed = {one.id for one in found.obligations if one.timed_by is not None}

        assert isinstance(deadlines, list)
        assert {one["obligation"] for one in deadlines if isinstance(one, dict)} == timed
        assert all(line.strip() for language in LANGUAGES for line in lines_of(found, Voice(language), TODAY))


WITHOUT_AN_END: Final = "cancellation: {missed_in_a_row: 3, interval: month, obligations: [leads-delivered]}\n"


def test_notes_say_what_is_missing_in_both_languages_and_are_no_errors(tmp_path: Path) -> None:
    said = [checked(tmp_path, WITHOUT_AN_END, "", "--lang", lang)[-1] for lang in LANGUAGES]

    assert said == [
        "note: says nothing of when it may be ended (cancellation)",
        "nota: falta decir: cuándo se puede poner fin al acuerdo (cancellation)",
    ]


def test_json_says_what_was_checked_with_notes_by_their_codes(tmp_path: Path) -> None:
    found = json.loads(checked(tmp_path, WITHOUT_AN_END, "", "--json")[0])

    (agreement,) = found["agreements"]
    assert found["errors"] == []
    assert agreement["obligations"] == ["first-touch", "persistence", "leads-delivered", "status-report"]
    assert [(goal["reps"], goal["capacity"], goal["is_limited"]) for goal in agreement["capacity"]] == [(2, 136, False)]
    assert [(note["code"], [part["code"] for part in note["parts"]]) for note in agreement["notes"]] == [
        ("parts-missing", ["no-cancellation"])
    ]


def test_json_says_what_is_wrong_with_file_and_line(tmp_path: Path) -> None:
    file = tmp_path / "x.yaml"
    file.write_text("agreement: x\nversion: 1\n", encoding="utf-8")

    result = CliRunner().invoke(app, ["check", str(file), "--json"])

    found = json.loads(result.stdout)
    assert (result.exit_code, found["agreements"]) == (2, [])
    assert {"file": str(file), "line": 2, "message": "version: should be text, found 1; put it in quotes"} in found[
        "errors"
    ]


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
    assert f"leads-delivered: {said}" in checked(tmp_path, "reps: 2", f"reps: {reps}", "--lang", "es")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("edition", range(3, EDITION + 1))
def test_every_edition_of_the_rules_says_what_it_reads_otherwise(language: Language, edition: int) -> None:
    head, *lines = edition_lines([edition], Voice(language))

    assert str(edition) in head
    assert lines
    assert all(line.startswith("  ") for line in lines)
