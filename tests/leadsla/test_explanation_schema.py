"""The schema of explanations: closed, with a description of every key, and true of what is explained in every story."""

import json
from pathlib import Path
from typing import Any, Final

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from sla_rules.instants import HOUR
from sla_rules.lead.facts import merge
from sla_rules.reports.encode import document
from sla_rules.reports.explained import ComparedExplanation
from sla_rules.reports.explanation import explain
from sla_rules.reports.facts_by_key import propagate_merges
from tests.leadsla.test_report_schema import check_closed_and_described
from tests.scenarios.notation import read_scenario
from tests.scenarios.runner import Play
from tests.scenarios.staging import Stage
from tests.scenarios.stories import FILES
from wording.voice import Voice

SCHEMA: Final = json.loads(
    (Path(__file__).parents[2] / "schemas" / "explanation.schema.json").read_text(encoding="utf-8")
)
VALIDATOR: Final = Draft202012Validator(SCHEMA, format_checker=FormatChecker())


def wrong_with(found: Any) -> list[str]:
    errors = (part for error in VALIDATOR.iter_errors(found) for part in (*(error.context or ()), error))
    return [f"{error.json_path}: {error.message[:200]}" for error in errors]


@pytest.mark.parametrize("file", FILES, ids=[file.stem for file in FILES])
def test_what_is_explained_in_every_story_is_as_the_schema_says(file: Path) -> None:
    stage, voice = Stage(read_scenario(file)), Voice("en")
    play, until = Play(stage).in_order(), stage.instant(stage.scenario.until)
    facts = {lead.decode(): merge((), known)[0] for lead, known in play.facts.items()}

    for lead, known in propagate_merges(facts).items():
        found = explain(play.rules, lead, known, until)
        early = explain(play.rules, lead, known, known[0].time + HOUR)
        assert wrong_with(json.loads(json.dumps(document(found, voice.say)))) == []
        assert wrong_with(document(ComparedExplanation(explanation=early, also=found), voice.say)) == []


def test_every_object_is_closed_or_a_map_and_every_key_is_there_and_described() -> None:
    check_closed_and_described(SCHEMA, terms=("/properties/hours", "/properties/within_working_days/anyOf/0"))
