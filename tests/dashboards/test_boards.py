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
from dashboards.wording import deadline
from sla_rules.agreement.deadlines import Deadline
from sla_rules.agreement.model import Agreement
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

    kinds = ["Speed", "Speed", "Speed", "Speed", "Depth", "Volume", "Volume", "Delivery"]
    assert headings == [*kinds, "Flags", "Can these figures be trusted?"]
    assert [option["value"] for option in variables["segment"]["options"]] == ["$__all", "ceo", "other", UNMATCHED]
    assert variables["segment"]["current"]["value"] == "$__all"
    assert [option["value"] for option in variables["window"]["options"]] == ["day", "week", "month", "quarter", "year"]
    assert board["timezone"] == "America/New_York"
    assert "segment" not in json.dumps(boards["company-x"]["templating"])
    titles = {panel["title"] for panel in board["panels"]}
    assert "Average time to follow-up · no average agreed" in titles
    assert not any("end of each day" in title for title in panels_of(board, "worth"))


def test_the_words_at_the_top_say_what_is_particular_of_each_promise(boards: dict[str, Json]) -> None:
    said = boards["acme-by-priority"]["panels"][0]["options"]["content"]

    for words in (
        "a first follow-up within 15 minutes from the hand-off, 99.5 % of the leads in time, 1 minute 30 seconds on average.",
        "The clock stands while the lead is paused. Another owner starts the clock anew.",
        "An event warns 10 minutes and 5 minutes before the deadline. An event escalates it 1 hour after the deadline.",
        "An event asks for another owner where nobody has followed up 10 minutes after the lead was taken over.",
        "a first follow-up within 1 hour of working time from the lead's creation",
        "157 leads a month. The goal is the sum over segments of what their quotas take:",
        "ceo: 50000 of revenue x 60 % from marketing's leads / 1000 a deal / 20 % of leads that close = 150 leads;",
        "other: 1000 of revenue / 300 a deal / 50 % of leads that close = 7 leads.",
        "due on day 1, 15 and 31 of the month at 24:00 until 2030-12-31 (the next open day where that is closed), 2 each time, by Ada {{ A }}",
        "to Sue, Joanna and &#35;sales.",
        "A lead is ready with consent yes, region EMEA or APAC, score at least 60 and below 99.5; one below that counts for no",
        "Hours of their own: segment ceo (round-the-clock) and team night-desk (round-the-clock).",
        "The year begins with February, and every three months a quarter.",
    ):
        assert words in said


@pytest.mark.parametrize(
    ("within", "said"),
    [
        ({"working_days": 1}, "1 working day"),
        ({"working_days": 2, "end_of_day": True}, "2 working days (until closing)"),
        (
            {"working_days": 5, "end_of_day": True, "cut_off": 16 * 60},
            "5 working days (until closing; a start after 16:00 counts as the next day's)",
        ),
    ],
)
def test_a_deadline_in_working_days_is_said_in_days(within: Json, said: str) -> None:
    assert deadline(Deadline.model_validate({"within": within})) == said


def panels_of(board: Json, heading: str) -> dict[str, Json]:
    """The panels of one obligation by title."""
    panels = board["panels"]
    rows = [number for number, panel in enumerate(panels) if panel["type"] == "row"]
    start = next(number for number in rows if heading in panels[number]["title"])
    end = min(number for number in rows if number > start)
    return {panel["title"]: panel for panel in panels[start + 1 : end]}


def test_flags_have_a_row_that_says_what_is_flagged_where_attempts_count_for_anything(boards: dict[str, Json]) -> None:
    panels = {panel["title"]: panel for panel in boards["company-x"]["panels"]}

    by_flag = panels["Flagged attempts, this $window"]
    assert by_flag["description"].startswith(
        "Follow-ups and attempts that count: bulk, 3 or more by one rep on a lead within 10 seconds; backdated, stamped by "
        "the deadline and received more than 10 minutes after it; zero_seconds, of zero seconds; outside_hours, outside "
    )
    assert [target["legendFormat"] for target in by_flag["targets"]] == ["{{obligation}} · {{flag}}"]
    assert not [panel for panel in boards["reports"]["panels"] if "lagged" in panel["title"]]


def test_deliveries_have_their_own_panels_and_none_speaks_of_leads(boards: dict[str, Json]) -> None:
    panels = panels_of(boards["acme-by-priority"], "List {{ clean }}")

    assert list(panels) == [
        "Next due",
        "Overdue now",
        "Overdue since",
        "Confirmed in time",
        "Missed",
        "What became of the deliveries, this $window",
        "Deliveries since the $window began",
    ]
    for panel in panels.values():
        assert "lead" not in (panel["title"] + panel["description"]).lower()
        assert "$segment" not in json.dumps(panel)


def test_an_agreement_of_deliveries_alone_offers_no_choice_of_segments(boards: dict[str, Json]) -> None:
    names = [variable["name"] for variable in boards["reports"]["templating"]["list"]]

    assert names == ["datasource", "window"]


def test_the_promise_to_the_lead_is_told_from_its_creation(boards: dict[str, Json]) -> None:
    panels = panels_of(boards["acme-by-priority"], "to-the-lead")

    average = panels["Average time to follow-up · agreed: 10 minutes"]["description"]
    assert average.startswith("From the lead's creation to the first follow-up that counts")
    assert "follow-ups made in the current day, week or month" in average
    assert "leads created this $window" in panels["Share in time, this $window"]["description"]
    assert "below the agreed quality" not in json.dumps(panels)
    bands = panels["How soon leads are followed up, this $window"]
    assert "leadsla_window_follow_ups" in bands["targets"][0]["expr"]


def test_leads_below_the_agreed_quality_and_attempts_of_automation_are_shown(boards: dict[str, Json]) -> None:
    board = boards["acme-by-priority"]
    tries, worth = panels_of(board, "tries"), panels_of(board, "worth")

    fates = tries["What became of the leads, this $window"]["targets"]
    assert [target["legendFormat"] for target in fates][-1] == "below the agreed quality"
    assert "Handed off below the agreed quality" in worth
    assert {"Who made the attempts, this $window", "Attempts made by automation"} <= tries.keys()
    assert "agreed quality" not in json.dumps(boards["company-x"])


def test_a_board_offers_the_quarter_and_the_year_of_an_agreement_that_counts_by_them(boards: dict[str, Json]) -> None:
    spans = {
        name: [link["title"] for link in board["links"] if link.get("url", "").startswith(f"/d/{board['uid']}?")]
        for name, board in boards.items()
    }

    assert spans["acme-by-priority"] == ["Last 24 hours", "Last 7 days", "This month", "This quarter", "This year"]
    assert spans["company-x"] == ["Last 24 hours", "Last 7 days", "This month"]
    assert boards["acme-by-priority"]["fiscalYearStartMonth"] == 1
    assert "fiscalYearStartMonth" not in boards["company-x"]


def test_uids_are_stable_short_and_different() -> None:
    long = ["a" * 62 + "b", "a" * 62 + "c"]

    assert board_uid("company-x") == "leadsla-company-x"
    assert all(len(board_uid(one)) <= 40 for one in long)
    assert board_uid(long[0]) != board_uid(long[1])


def test_the_same_agreements_give_the_same_files_in_any_order(
    company_x: Agreement, rich: Agreement, reports: Agreement, settings: Settings
) -> None:
    assert generate([company_x, rich, reports], settings) == generate([reports, rich, company_x], settings)
