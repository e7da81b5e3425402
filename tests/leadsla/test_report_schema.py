"""The schema of reports: closed, with a description of every key, and true of what `leadsla replay --json` prints."""

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, Final

import pytest
from jsonschema import Draft202012Validator, FormatChecker
from typer.testing import CliRunner

from crm_simulator import Plan, simulate
from leadsla.commands.simulate import line_of
from leadsla.main import app
from sla_rules.instants import iso
from tests.leadsla.golden_replays import AGREEMENTS, KEPT, Kept
from tests.scenarios.notation import read_scenario
from tests.scenarios.staging import Arrived, Stage
from tests.scenarios.stories import FILES

SCHEMA: Final = json.loads((Path(__file__).parents[2] / "schemas" / "report.schema.json").read_text(encoding="utf-8"))
VALIDATOR: Final = Draft202012Validator(SCHEMA, format_checker=FormatChecker())


def wrong_with(printed: str) -> list[str]:
    """What the schema says of each report, by where it is."""
    return [
        f"{error.json_path}: {error.message[:200]}"
        for line in printed.splitlines()
        for found in VALIDATOR.iter_errors(json.loads(line))
        for error in (*(found.context or ()), found)
    ]


def line_with_arrival(record: Arrived) -> bytes:
    try:
        event = json.loads(record.sent.value or b"null")
    except ValueError:
        return b"{broken"
    return json.dumps({**event, "recordedtime": iso(record.arrival)} if isinstance(event, dict) else event).encode()


def objects_of(schema: Any, at: str = "") -> Iterator[tuple[str, Any]]:
    """Every object that the schema describes, and where."""
    if isinstance(schema, dict):
        if schema.get("type") == "object":
            yield at, schema
        for key, part in schema.items():
            yield from objects_of(part, f"{at}/{key}")
    elif isinstance(schema, list):
        for number, part in enumerate(schema):
            yield from objects_of(part, f"{at}/{number}")


def check_closed_and_described(whole: Any, terms: tuple[str, ...] = ()) -> None:
    """Every object is closed or a map, and every key is there and described; what ends like one of `terms` is an agreement's."""
    found = {at: schema for at, schema in objects_of(whole) if not at.endswith(terms)}

    assert len(found) >= len(whole["$defs"]) > 10
    for at, schema in found.items():
        if "properties" not in schema:
            assert schema["additionalProperties"] is not True, at
            continue
        assert schema["additionalProperties"] is False, at
        assert schema["required"] == list(schema["properties"]), at
        assert schema["description"], at
        for key, one in schema["properties"].items():
            assert one["description"].endswith("."), f"{at}/{key}"
            assert "None" not in one["description"], f"{at}/{key}"


@pytest.mark.parametrize("kept", [kept for kept in KEPT if kept.file.suffix == ".json"], ids=lambda kept: kept.output)
def test_what_is_kept_of_the_shipped_agreements_is_as_the_schema_says(kept: Kept) -> None:
    assert wrong_with(kept.file.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("file", FILES, ids=[file.stem for file in FILES])
def test_a_replay_of_every_story_is_as_the_schema_says(file: Path, tmp_path: Path) -> None:
    stage = Stage(read_scenario(file))
    paths = []
    for number, text in enumerate(stage.texts):
        paths.append(tmp_path / f"{number}.yaml")
        paths[-1].write_text(text, encoding="utf-8")
    events = tmp_path / "events.jsonl"
    events.write_bytes(b"".join(line_with_arrival(record) + b"\n" for record in stage.records()))
    until = iso(stage.instant(stage.scenario.until))

    arguments = ["replay", *map(str, paths), "--events", str(events), "--until", until, "--json"]
    result = CliRunner().invoke(app, arguments)

    assert result.exit_code == 0, result.output
    assert result.stdout
    assert wrong_with(result.stdout) == []


def test_a_replay_of_a_simulated_quarter_is_as_the_schema_says(tmp_path: Path) -> None:
    events = tmp_path / "events.jsonl"
    plan = Plan(date(2026, 2, 2), 75, 8, 3)
    events.write_bytes(b"".join(line_of(item) for item in simulate(plan)))

    result = CliRunner().invoke(app, ["replay", str(AGREEMENTS / "company-x.yaml"), "--events", str(events), "--json"])

    (line,) = result.stdout.splitlines()
    assert wrong_with(line) == []
    by_id = {one["id"]: one for one in json.loads(line)["obligations"]}
    assert any(row["next_goal"] for row in by_id["leads-delivered"]["ledger"]), "there are rates to go by"


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("until", 1772442000),
        ("until", "2026-03-02T09:00:00+01:00"),
        ("agreement", None),
        ("breaches", [{}]),
        ("uncovered", {"leads": -1}),
        ("consequences", None),
        ("more", 1),
    ],
)
def test_a_report_that_is_none_is_not_as_the_schema_says(key: str, value: Any) -> None:
    (kept,) = (kept for kept in KEPT if kept.output == "uptime/report.json")
    found = json.loads(kept.file.read_text(encoding="utf-8"))

    assert wrong_with(json.dumps({**found, key: value})) != []


def test_every_object_is_closed_or_a_map_and_every_key_is_there_and_described() -> None:
    check_closed_and_described(SCHEMA)
