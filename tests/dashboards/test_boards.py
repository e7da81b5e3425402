import json
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from grafana_foundation_sdk.cog import plugins
from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.models.dashboard import Dashboard

from dashboards.generate import generate
from dashboards.settings import Settings
from dashboards.uids import board_uid
from sla_rules.agreement import Agreement
from sla_rules.names import UNMATCHED

ANGULAR = {"graph", "singlestat", "table-old", "grafana-piechart-panel", "grafana-worldmap-panel", "heatmap-old"}
USED = {"row", "text", "timeseries", "stat", "bargauge", "barchart"}
Json = dict[str, Any]


@pytest.fixture(scope="module")
def boards(files: dict[str, str]) -> dict[str, Json]:
    return {
        name.removeprefix("grafana/").removesuffix(".json"): json.loads(text)
        for name, text in files.items()
        if name.startswith("grafana/")
    }


def lost(before: object, after: object, place: str = "") -> Iterator[str]:
    """What Grafana's own types do not know, or know differently."""
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        for key, value in before.items():
            if key in after:
                yield from lost(value, after[key], f"{place}.{key}")
            else:
                yield f"{place}.{key}"
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        for number, (one, other) in enumerate(zip(before, after, strict=True)):
            yield from lost(one, other, f"{place}[{number}]")
    elif before != after:
        yield f"{place}: {before!r} became {after!r}"


def read_and_written(board: Json) -> Json:
    plugins.register_default_plugins()
    written: Json = json.loads(json.dumps(Dashboard.from_json(board), cls=JSONEncoder))
    return written


def test_grafanas_schema_knows_every_key_we_write(boards: dict[str, Json]) -> None:
    for board in boards.values():
        assert list(lost(board, read_and_written(board))) == []


@pytest.mark.parametrize(
    ("panel", "path", "key"),
    [
        ("stat", ("options",), "alignment"),
        ("timeseries", ("options", "legend"), "show"),
        ("bargauge", ("fieldConfig",), "fieldOptions"),
        ("barchart", ("options",), "xAxis"),
    ],
)
def test_the_schema_check_notices_a_key_that_grafana_does_not_know(
    boards: dict[str, Json], panel: str, path: tuple[str, ...], key: str
) -> None:
    board = json.loads(json.dumps(boards["company-x"]))
    node = next(one for one in board["panels"] if one["type"] == panel)
    for step in path:
        node = node[step]
    node[key] = "wrong"

    assert any(place.endswith(key) for place in lost(board, read_and_written(board)))


def test_boards_are_in_the_last_form_that_needs_no_migration(boards: dict[str, Json]) -> None:
    for board in boards.values():
        assert board["schemaVersion"] == 42
        assert {panel["type"] for panel in board["panels"]} <= USED
        assert not {panel["type"] for panel in board["panels"]} & ANGULAR


def test_panels_fill_the_columns_without_overlap_and_have_numbers_of_their_own(boards: dict[str, Json]) -> None:
    for board in boards.values():
        taken: set[tuple[int, int]] = set()
        for panel in board["panels"]:
            place = panel["gridPos"]
            cells = {
                (x, y)
                for x in range(place["x"], place["x"] + place["w"])
                for y in range(place["y"], place["y"] + place["h"])
            }
            assert not cells & taken
            assert place["x"] + place["w"] <= 24
            taken |= cells
        numbers = [panel["id"] for panel in board["panels"]]
        assert len(numbers) == len(set(numbers))


def test_every_panel_says_what_it_shows_and_asks_the_chosen_prometheus(boards: dict[str, Json]) -> None:
    for board in boards.values():
        for panel in board["panels"]:
            assert panel["title"]
            if panel["type"] not in {"row", "text"}:
                assert panel["description"].endswith(".")
                assert panel["datasource"] == {"type": "prometheus", "uid": "${datasource}"}
                assert panel["targets"]
                assert len({target["refId"] for target in panel["targets"]}) == len(panel["targets"])


def test_variables_that_panels_use_are_declared(boards: dict[str, Json]) -> None:
    for board in boards.values():
        declared = {variable["name"] for variable in board["templating"]["list"]}
        text = json.dumps(board["panels"])
        assert {
            name for name in ("datasource", "window", "segment") if f"${name}" in text or f"${{{name}}}" in text
        } <= (declared)


def test_the_agreed_target_is_printed_and_drawn(boards: dict[str, Json]) -> None:
    panels = {panel["title"]: panel for panel in boards["company-x"]["panels"]}

    average = panels["Average time to follow-up · agreed: 30 minutes"]
    assert average["fieldConfig"]["defaults"]["thresholds"]["steps"][0] == {"color": "green", "value": None}
    assert average["fieldConfig"]["defaults"]["thresholds"]["steps"][1]["value"] == pytest.approx(1800, abs=0.01)
    share = panels["Leads in time · agreed: 90 %"]
    assert share["fieldConfig"]["defaults"]["thresholds"]["steps"][1] == {"color": "green", "value": 0.9}
    over_time = panels["Average time to follow-up, this $window"]
    assert [target["legendFormat"] for target in over_time["targets"]] == ["average", "agreed: 30 minutes"]
    delivered = panels["Leads delivered since the month began"]
    assert [target["legendFormat"] for target in delivered["targets"]] == [
        "delivered",
        "goal line",
        "straight to the goal",
    ]


def test_the_board_follows_the_obligations_and_segments_of_its_agreement(boards: dict[str, Json]) -> None:
    board = boards["acme-by-priority"]
    headings = [panel["title"].split(" · ")[0] for panel in board["panels"] if panel["type"] == "row"]
    variables = {variable["name"]: variable for variable in board["templating"]["list"]}

    assert headings == ["Speed", "Speed", "Speed", "Depth", "Volume", "Can these figures be trusted?"]
    assert [option["value"] for option in variables["segment"]["options"]] == ["$__all", "ceo", "other", UNMATCHED]
    assert variables["segment"]["current"]["value"] == "$__all"
    assert [option["value"] for option in variables["window"]["options"]] == ["day", "week", "month", "quarter", "year"]
    assert board["timezone"] == "America/New_York"
    assert "segment" not in json.dumps(boards["company-x"]["templating"])
    titles = {panel["title"] for panel in board["panels"]}
    assert "Average time to follow-up · no average agreed" in titles
    assert not any("end of each day" in title for title in titles)


def test_uids_are_stable_short_and_different() -> None:
    long = ["a" * 62 + "b", "a" * 62 + "c"]

    assert board_uid("company-x") == "leadsla-company-x"
    assert all(len(board_uid(one)) <= 40 for one in long)
    assert board_uid(long[0]) != board_uid(long[1])


def test_the_same_agreements_give_the_same_files_in_any_order(
    company_x: Agreement, rich: Agreement, settings: Settings
) -> None:
    assert generate([company_x, rich], settings) == generate([rich, company_x], settings)
