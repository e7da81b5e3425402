"""`leadsla ledger`: what came of each month's leads, by the service's topics as by a file of the same events."""

import json
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

import pytest
from jsonschema import Draft202012Validator
from msgspec.structs import replace
from rich.cells import cell_len
from typer.testing import CliRunner, Result

from crm_simulator import Plan, simulate
from leadsla.commands.simulate import line_of
from leadsla.console import Console
from leadsla.main import app
from leadsla.tables.monthly_ledger import show_monthly_ledger
from leadsla.tables.narrator import Narrator
from sla_rules.instants import iso
from sla_rules.reports.encode import document
from sla_rules.reports.freshness import freshness
from sla_rules.whole_agreement.known_ledger import ledger_of_known
from tests.agreements.examples import PROJECT
from tests.leadsla.golden_replays import AGREEMENTS
from tests.leadsla.standing import UNTIL, events_of, standing
from tests.leadsla.test_report_schema import check_closed_and_described
from tests.sla_rules.reports.progress import record, records
from wording.languages import LANGUAGES, Language
from wording.voice import Voice

WHOLE: Final = json.loads((PROJECT / "schemas" / "ledger.schema.json").read_text("utf-8"))
SCHEMA: Final = Draft202012Validator(WHOLE)
COMPANY_X: Final = AGREEMENTS / "company-x.yaml"
WITH_CREDITS: Final = """
credits:
  - {obligation: leads-delivered, interval: month, fee: 1000, tiers: [{below: "100%", credit: "10%"}], claim_within: 30d}
"""


def asked(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["ledger", *arguments], env={"COLUMNS": "80"})


def from_topics(name: str, days: int, language: Language) -> tuple[Any, str]:
    """As JSON, and as it is shown."""
    now, known = standing(name, days)
    found = ledger_of_known(known, now, freshness(records(record(at=now)), 1, now))
    console = Console(width=80, record=True, highlight=False)
    show_monthly_ledger(console, found, Narrator.of_record(known.data, Voice(language)))
    return document(found, Voice(language).say), console.export_text()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", sorted(UNTIL))
def test_topics_and_a_file_of_the_same_events_say_the_same(name: str, language: Language) -> None:
    now, _ = standing(name, 40)
    (agreement,) = AGREEMENTS.rglob(f"{name}.yaml")
    arguments = (str(agreement), "--events", str(events_of(name)), "--until", iso(now), "--lang", language)

    by_topics, shown = from_topics(name, 40, language)
    by_file = json.loads(asked(*arguments, "--json").stdout)

    assert list(SCHEMA.iter_errors(by_topics)) == list(SCHEMA.iter_errors(by_file)) == []
    assert {**by_topics, "service": None} == by_file
    assert shown == asked(*arguments).stdout
    assert max(map(cell_len, shown.splitlines())) <= 80


@pytest.fixture(scope="module")
def half_a_year(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The agreement of Company X with credits, and what was told of it."""
    folder = tmp_path_factory.mktemp("ledger")
    agreement, events = folder / "company-x.yaml", folder / "events.jsonl"
    agreement.write_text(COMPANY_X.read_text("utf-8") + WITH_CREDITS, encoding="utf-8")
    events.write_bytes(b"".join(line_of(item) for item in simulate(Plan(date(2026, 1, 5), 120, 2, 3))))
    return agreement, events


@pytest.mark.parametrize("language", LANGUAGES)
def test_months_with_their_results_credits_and_next_goals_fit_80_columns(
    half_a_year: tuple[Path, Path], language: Language
) -> None:
    agreement, events = half_a_year

    found = asked(str(agreement), "--events", str(events), "--lang", language)

    lines = found.stdout.splitlines()
    months = [line.split() for line in lines if line.startswith("2026-")]
    came, follows = months[: len(months) // 2], months[len(months) // 2 :]
    assert found.exit_code == 0
    assert max(map(cell_len, lines)) <= 80
    assert [row[0] for row in came] == [row[0] for row in follows] == ["2026-01", "2026-02", "2026-03", "2026-04"]
    assert {row[-1] for row in came if row[3] in {"missed", "incumplido"}} == {
        "100.00" if language == "en" else "100,00"
    }
    assert any("few:" in line or "pocos:" in line for line in lines)


def test_what_an_agreement_in_a_folder_is_called_is_enough(
    half_a_year: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    agreement, events = half_a_year
    monkeypatch.setenv("LEADSLA_AGREEMENTS", str(agreement.parent / "company-x.yaml"))

    by_name, by_file = (asked(one, "--events", str(events), "--json") for one in ("company-x", str(agreement)))

    assert by_name.stdout == by_file.stdout != ""


def test_what_was_published_otherwise_than_it_is_known_now_is_marked() -> None:
    now, known = standing("company-x", 40)
    published = [one.goal.published for one in known.periods]
    periods = tuple(
        replace(one, goal=replace(one.goal, known=replace(judged, attainment=Fraction(1))))
        for one, judged in zip(known.periods, published, strict=True)
        if judged is not None
    )
    console = Console(width=80, record=True, highlight=False)
    found = ledger_of_known(known._replace(periods=periods), now, freshness(records(record(at=now)), 1, now))

    show_monthly_ledger(console, found, Narrator.of_record(known.data, Voice("en")))

    text = console.export_text()
    assert "24.0%*" in text
    assert "* as published, which decides; other figures are known now" in text


def test_before_a_month_is_over_there_is_nothing_to_list(half_a_year: tuple[Path, Path]) -> None:
    agreement, events = half_a_year

    found = asked(str(agreement), "--events", str(events), "--until", "2026-01-20T10:00:00Z", "--lang", "en")

    assert found.stdout.splitlines()[1:] == ["no period with any leads is over yet"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("company-z",), "did you mean 'company-x'?"),
        (("no-such-file.yaml",), "no-such-file.yaml"),
        (("company-x", "--until", "yesterday"), "yesterday"),
    ],
)
def test_what_cannot_be_asked_is_said(half_a_year: tuple[Path, Path], arguments: tuple[str, ...], said: str) -> None:
    found = asked(*arguments, "--events", str(half_a_year[1]))

    assert (found.exit_code, found.stdout) == (2, "")
    assert said in " ".join(found.stderr.replace("│", " ").split())


def test_every_key_of_a_ledger_is_described() -> None:
    check_closed_and_described(WHOLE)
