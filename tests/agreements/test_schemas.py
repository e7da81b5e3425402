"""The JSON Schemas: as generated, true of every example, and as strict as an editor needs."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker
from ruamel.yaml import YAML
from typer.testing import CliRunner

from leadsla.main import app
from sla_rules.agreement.file import AgreementErrors, parse_agreement
from tests.agreements.examples import FILES, PROJECT
from tests.sla_rules.event_samples import DATA, sample

AGREEMENT = PROJECT / "schemas" / "agreement.schema.json"
EVENT = PROJECT / "schemas" / "event.schema.json"
REPORT = PROJECT / "schemas" / "report.schema.json"
EXPLANATION = PROJECT / "schemas" / "explanation.schema.json"
STATUS = PROJECT / "schemas" / "status.schema.json"
LEDGER = PROJECT / "schemas" / "ledger.schema.json"
OVERDUE = PROJECT / "schemas" / "overdue.schema.json"
WHOLE = PROJECT / "schemas" / "agreements.schema.json"
PLAN = PROJECT / "schemas" / "plan.schema.json"
PERIOD = PROJECT / "schemas" / "period.schema.json"
BREACH = PROJECT / "schemas" / "breach.schema.json"
CLOCKS = PROJECT / "schemas" / "clocks.schema.json"
PROGRESS = PROJECT / "schemas" / "progress.schema.json"


def validator(schema: Path) -> Draft202012Validator:
    return Draft202012Validator(json.loads(schema.read_text(encoding="utf-8")), format_checker=FormatChecker())


def as_json(found: Any) -> Any:
    """What YAML reads as JSON has it: days are text."""
    if isinstance(found, dict):
        return {str(key): as_json(value) for key, value in found.items()}
    if isinstance(found, list):
        return [as_json(value) for value in found]
    return found.isoformat() if isinstance(found, date) else found


def agreement(text: str) -> Any:
    return as_json(YAML(typ="safe").load(text))


@pytest.mark.parametrize(
    ("options", "file"),
    [
        ([], AGREEMENT),
        (["--events"], EVENT),
        (["--report"], REPORT),
        (["--explanation"], EXPLANATION),
        (["--status"], STATUS),
        (["--ledger"], LEDGER),
        (["--overdue"], OVERDUE),
        (["--plan"], PLAN),
        (["--periods"], PERIOD),
        (["--agreements"], WHOLE),
        (["--breaches"], BREACH),
        (["--clocks"], CLOCKS),
        (["--progress"], PROGRESS),
    ],
    ids=[
        "agreement",
        "events",
        "report",
        "explanation",
        "status",
        "ledger",
        "overdue",
        "plan",
        "periods",
        "whole",
        "breaches",
        "clocks",
        "progress",
    ],
)
def test_the_schema_on_file_is_the_one_generated_else_run_make_schemas(options: list[str], file: Path) -> None:
    result = CliRunner().invoke(app, ["schema", *options])

    assert result.exit_code == 0
    assert result.stdout == file.read_text(encoding="utf-8")
    Draft202012Validator.check_schema(json.loads(result.stdout))


@pytest.mark.parametrize("options", [["--events", "--report"], ["--periods", "--breaches"]])
def test_one_schema_is_printed_at_a_time(options: list[str]) -> None:
    result = CliRunner().invoke(app, ["schema", *options])

    assert (result.exit_code, result.stdout) == (2, "")


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_example_validates_and_names_the_schema_for_editors(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    first = text.splitlines()[0]

    assert list(validator(AGREEMENT).iter_errors(agreement(text))) == []
    assert first.startswith("# yaml-language-server: $schema=")
    assert (file.parent / first.partition("$schema=")[2]).resolve() == AGREEMENT


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("effective_from:", "efective_from:"),
        ("effective_from: 2026-01-01", "effective_from: January"),
        ("type: internal", "type: external"),
        ("clock: working", "clock: busy"),
        ("within: 1h", "within: 1 hour"),
        ("within: 1h", "within: 60"),
        ("kind: speed", "kind: sped"),
        ("kind: speed", "kind: depth"),
        ("id: persistence", "id: First Touch"),
        ("    closed_leads: left_out\n", ""),
        ("attempts: 6", "attempts: 0"),
        ("share: 90%", "share: 90"),
        ('["09:00", "12:30"]', '["9:00", "12:30"]'),
        ("    mon:", "    monday:"),
        ("close_rate: 50%", "close_rate: 0"),
    ],
)
def test_an_editor_marks_what_the_file_reader_would_refuse(old: str, new: str) -> None:
    text = (PROJECT / "agreements" / "company-x.yaml").read_text(encoding="utf-8")
    wrong = text.replace(old, new, 1)
    assert wrong != text

    with pytest.raises(AgreementErrors):
        parse_agreement(wrong)
    assert not validator(AGREEMENT).is_valid(agreement(wrong))


def test_what_a_field_means_is_said_where_an_editor_shows_it() -> None:
    definitions = json.loads(AGREEMENT.read_text(encoding="utf-8"))["$defs"]

    assert (
        definitions["Speed"]["properties"]["pauses"]["description"]
        == "Whether the clock stands while the lead is paused."
    )


@pytest.mark.parametrize("kind", DATA)
def test_an_event_of_every_type_validates(kind: str) -> None:
    assert list(validator(EVENT).iter_errors(sample(kind))) == []


@pytest.mark.parametrize(
    "changes",
    [
        {"specversion": "0.3"},
        {"id": ""},
        {"time": 1772442000},
        {"type": "lead.sold.v1"},
        {"data": {"channel": "phone", "direction": "sideways"}},
        {"data": {"channel": "phone", "duration_seconds": -1}},
        {"data": {}},
    ],
)
def test_an_event_that_the_reader_would_refuse_does_not_validate(changes: dict[str, Any]) -> None:
    event = sample("lead.contact_attempted.v1") | changes

    assert not validator(EVENT).is_valid(event)
