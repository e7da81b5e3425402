"""What stories publish is as the schemas of the topics say, and those schemas are no looser than what is published."""

import json
from pathlib import Path
from typing import Any, Final

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from sla_rules.engine.clock_records import read_clocks
from sla_rules.figures.figure_names import FIGURE_NAMES
from sla_rules.figures.period_records import read_record, record
from sla_rules.figures.windows import WindowKey
from sla_rules.reports.topic_records import EXAMPLE
from tests.scenarios.runner import played
from tests.scenarios.stories import FILES
from tests.sla_rules.rules import company_x

SCHEMAS: Final = Path(__file__).parents[2] / "schemas"


def validator(name: str) -> Draft202012Validator:
    schema = json.loads((SCHEMAS / f"{name}.schema.json").read_text(encoding="utf-8"))
    return Draft202012Validator(schema, format_checker=FormatChecker())


PERIOD: Final = validator("period")
BREACH: Final = validator("breach")
CLOCKS: Final = validator("clocks")


def wrong_with(value: Any, schema: Draft202012Validator) -> list[str]:
    return [
        f"{error.json_path}: {error.message[:300]}"
        for found in schema.iter_errors(value)
        for error in (*(found.context or ()), found)
    ]


@pytest.mark.parametrize("file", FILES, ids=[file.stem for file in FILES])
def test_every_record_that_a_story_publishes_is_as_its_schema_says(file: Path) -> None:
    play = played(file)

    for value in play.notices:
        assert wrong_with(json.loads(value), BREACH) == []
    for value in play.clocks:
        assert wrong_with(json.loads(value), CLOCKS) == []
        assert read_clocks(value).data.clocks
    for key, figures in play.figures().items():
        assert wrong_with(json.loads(record(key, figures, 0, play.rules)), PERIOD) == []


def test_no_figure_is_named_in_the_schema_that_is_never_published() -> None:
    """Former releases wrote three, and in no story marketing loses a deal."""
    names = set[str]()
    for file in FILES:
        play = played(file)
        names.update(name for figures in play.figures().values() for name in figures.current)

    known = {name.name for some in FIGURE_NAMES.values() for name in some}
    published = {f"{name.partition(':')[0]}:" if ":" in name else name for name in names}

    assert known - published == {"wall_bucket:", "working_bucket:", "elsewhere", "lost"}


def test_the_example_is_what_is_written_of_it_and_read_of_it() -> None:
    key, figures = read_record(json.dumps(EXAMPLE).encode())

    assert key == WindowKey("company-x", "first-touch", "all", "week", key.first)
    assert figures.current["wall_within:1d"] == 1
    assert json.loads(record(key, figures, 7, company_x())) == EXAMPLE
    assert wrong_with(EXAMPLE, PERIOD) == []


def test_a_band_is_spelled_as_the_agreement_does_and_read_however_it_is_spelled() -> None:
    rules = company_x()
    key, figures = read_record(json.dumps(EXAMPLE).encode())
    former = record(key, figures, 7, rules).replace(b"_within:24h", b"_within:1d")

    assert b'"wall_within:24h":1' in record(key, figures, 7, rules)
    assert read_record(former) == (key, figures)


def test_what_is_zero_is_left_out_whoever_wrote_it() -> None:
    _, figures = read_record(
        json.dumps({**EXAMPLE, "figures": {"leads": 0, "met": 1}, "published": {"met": 0}}).encode()
    )

    assert (figures.current, figures.published) == ({"met": 1}, {})


@pytest.mark.parametrize(
    "changes",
    [
        {"figures": {"leads": 0}},
        {"figures": {"leads": 1.5}},
        {"figures": {"wall_within:a day": 1}},
        {"figures": {"delivered": 1, "wall_sum": 1}},
        {"published": {"quite": 1}},
        {"first": "2026-10"},
        {"start": "2026-10-19T00:00:00+02:00"},
        {"status": "closed"},
        {"more": 1},
    ],
)
def test_a_record_that_is_none_is_not_as_the_schema_says(changes: dict[str, Any]) -> None:
    assert wrong_with({**EXAMPLE, **changes}, PERIOD) != []


def test_figures_of_a_former_release_are_as_the_schema_says() -> None:
    assert wrong_with({**EXAMPLE, "published": {"leads": 1, "wall_bucket:1102": 1}}, PERIOD) == []
    assert wrong_with({**EXAMPLE, "published": {"leads": 1, "elsewhere": 1}}, PERIOD) == []
