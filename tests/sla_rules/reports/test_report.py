"""The document of an agreement's figures: which periods and segments it has, and what stands in them."""

import json
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sla_rules.agreement.rulebook import RuleBook
from sla_rules.figures.numerals import money, number
from sla_rules.instants import iso
from sla_rules.lead.facts import Fact
from sla_rules.reports import encode
from sla_rules.reports.replay import replay
from sla_rules.reports.report import Scope, report
from tests.sla_rules.clocks import at
from tests.sla_rules.rules import agreement, company_x, rule_books, several, wall
from tests.sla_rules.story import attempted, excused, handed_off, turned
from tests.sla_rules.worker import by_lead
from tests.strategies import ends, histories

SPEED_KEYS = [
    "leads", "followed_up", "untouched", "open", "closed", "excused", "met", "breached", "wall_clock", "working",
]  # fmt: skip
DEPTH_KEYS = [
    "leads", "unconnected", "attempts", "average_attempts", "unconnected_open", "attempts_open",
    "average_attempts_open", "met", "breached", "open",
]  # fmt: skip
VOLUME_KEYS = ["delivered", "value", "goal", "goal_to_date", "by_day"]
KEYS = {"speed": SPEED_KEYS, "depth": DEPTH_KEYS, "volume": VOLUME_KEYS}

NORTH = """
calendar: {time_zone: Europe/Berlin, weekly_hours: {mon: [["09:00", "17:00"]], tue: [["09:00", "17:00"]]}}
segments: [{id: north, when: {region: north}, value: "0.125"}, {id: south, when: {region: south}, value: 10}]
obligations:
  - {id: leads, kind: volume, provider: marketing, recipient: sales, interval: month, intervals: [month],
     goal_line: working_days, goal_from: {north: {revenue: 100, average_deal: 10, close_rate: "30%"},
     south: {revenue: 100, average_deal: 10, close_rate: "100%"}}}
  - {id: worth, kind: volume, provider: marketing, recipient: sales, interval: week, intervals: [day, week],
     measure: value, goal: 70}
"""


def document(rules: RuleBook, facts: Mapping[str, list[Fact]], begin: str, until: str, name: str = "leads") -> Any:
    return encode.document(report(rules, name, replay(rules, facts, at(until)), Scope(at(begin), at(until))))


def obligation(found: Any, name: str) -> Any:
    return next(one for one in found["obligations"] if one["id"] == name)


def period(found: Any, name: str, interval: str, start: str, segment: str | None = None, part: str = "periods") -> Any:
    return next(
        one
        for one in obligation(found, name)[part]
        if (one["interval"], one["start"], one["segment"]) == (interval, iso(at(start)), segment)
    )


def test_every_interval_has_every_period_from_the_first_event_to_the_instant_empty_ones_too() -> None:
    found = document(company_x(), {}, "2026-02-27 12:00", "2026-03-09 00:00", "company-x")

    periods = obligation(found, "first-touch")["periods"]

    assert [one["start"] for one in periods if one["interval"] == "month"] == [
        "2026-01-31T23:00:00Z",
        "2026-02-28T23:00:00Z",
    ]
    assert [one["start"] for one in periods if one["interval"] == "week"] == [
        "2026-02-22T23:00:00Z",
        "2026-03-01T23:00:00Z",
        "2026-03-08T23:00:00Z",
    ]
    assert len([one for one in periods if one["interval"] == "day"]) == 11
    assert {one["segment"] for one in periods} == {None}
    assert {one["restated"]["leads"] for one in periods} == {0}
    assert obligation(found, "first-touch")["totals"] == []


def test_quarters_and_years_are_those_that_the_agreement_begins() -> None:
    found = document(wall(), {}, "2026-02-27 12:00", "2026-06-01 12:00")

    def starts(interval: str) -> list[str]:
        periods = obligation(found, "touch")["periods"]
        return [one["start"] for one in periods if (one["interval"], one["segment"]) == (interval, "ceo")]

    assert starts("quarter") == ["2025-12-01T05:00:00Z", "2026-03-01T05:00:00Z", "2026-06-01T04:00:00Z"]
    assert starts("year") == ["2025-03-01T05:00:00Z", "2026-03-01T05:00:00Z"]


def test_a_period_is_open_until_its_grace_is_over() -> None:
    statuses = {}
    for until in ("2026-03-03 00:00", "2026-03-03 23:59:59", "2026-03-04 00:00"):
        found = document(company_x(), {}, "2026-03-02 09:00", until, "company-x")
        statuses[until] = period(found, "first-touch", "day", "2026-03-02")

    assert [one["status"] for one in statuses.values()] == ["open", "open", "published"]
    assert [one["published"] is None for one in statuses.values()] == [True, True, False]


def test_the_figures_of_speed_by_both_clocks() -> None:
    facts = {
        "quick": [handed_off("2026-03-02 09:00"), attempted("2026-03-02 09:04")],
        "slow": [handed_off("2026-03-02 12:00"), attempted("2026-03-02 14:00")],
        "late": [handed_off("2026-03-02 10:00"), attempted("2026-03-02 12:00")],
        "closed": [handed_off("2026-03-02 10:00"), turned("2026-03-02 10:30", "rejected")],
        "waived": [handed_off("2026-03-02 10:00"), excused("2026-03-02 11:00")],
        "waiting": [handed_off("2026-03-02 15:00")],
    }

    found = document(company_x(), facts, "2026-03-02 09:00", "2026-03-02 15:30", "company-x")
    figures = period(found, "first-touch", "day", "2026-03-02")["restated"]

    assert {name: figures[name] for name in SPEED_KEYS[:8]} == {
        "leads": 5, "followed_up": 3, "untouched": 2, "open": 1, "closed": 1, "excused": 1, "met": 2, "breached": 1,
    }  # fmt: skip
    assert figures["wall_clock"]["sum_seconds"] == 240 + 7200 + 7200
    assert figures["wall_clock"]["average_seconds"] == (240 + 7200 + 7200) / 3
    assert figures["working"]["sum_seconds"] == 240 + 3600 + 7200
    assert figures["working"]["p50_seconds"] == pytest.approx(3600, rel=0.01)
    assert figures["working"]["within"] == {"5m": 1, "1h": 2, "24h": 3}
    assert figures["wall_clock"]["within"] == {"5m": 1, "1h": 1, "24h": 3}


def test_what_is_undefined_is_null_and_what_is_nothing_is_zero() -> None:
    found = document(company_x(), {}, "2026-03-02 09:00", "2026-03-02 10:00", "company-x")

    speed = period(found, "first-touch", "day", "2026-03-02")["restated"]
    depth = period(found, "persistence", "day", "2026-03-02")["restated"]

    assert speed["working"] == {
        "sum_seconds": 0,
        "average_seconds": None,
        "p50_seconds": None,
        "p90_seconds": None,
        "within": {"5m": 0, "1h": 0, "24h": 0},
    }
    assert depth["average_attempts"] is None
    assert depth["average_attempts_open"] is None


def test_attempts_on_unconnected_leads_are_averaged_with_closed_ones_in_and_out() -> None:
    facts = {
        "open": [handed_off("2026-03-02 09:00"), *(attempted(f"2026-03-02 09:0{n}") for n in range(1, 4))],
        "closed": [
            handed_off("2026-03-02 09:00"),
            attempted("2026-03-02 09:01"),
            turned("2026-03-02 10:00", "rejected"),
        ],
        "reached": [handed_off("2026-03-02 09:00"), attempted("2026-03-02 09:01", outcome="connected")],
    }

    found = document(company_x(), facts, "2026-03-02 09:00", "2026-03-02 12:00", "company-x")
    figures = period(found, "persistence", "week", "2026-03-02")["restated"]

    assert (figures["leads"], figures["unconnected"], figures["unconnected_open"]) == (3, 2, 1)
    assert (figures["attempts"], figures["attempts_open"]) == (4, 3)
    assert (figures["average_attempts"], figures["average_attempts_open"]) == (2.0, 3.0)
    assert (figures["connected"], figures["closed"], figures["open"]) == (1, 1, 1)


def test_the_goal_runs_by_day_and_deliveries_run_beside_it_as_far_as_days_have_begun() -> None:
    facts = {f"L-{day}": [handed_off(f"2026-02-0{day} 10:00")] for day in (1, 2, 3, 3)}

    found = document(company_x(), facts, "2026-02-01 09:00", "2026-02-03 12:00", "company-x")
    month = period(found, "leads-delivered", "month", "2026-02-01")["restated"]
    week = period(found, "leads-delivered", "week", "2026-02-02")["restated"]

    assert (month["delivered"], month["value"], month["goal"]) == (3, "0.00", 100)
    assert month["goal_to_date"] == 200 / 28
    assert [(one["day"], one["delivered"]) for one in month["by_day"][:4]] == [
        ("2026-02-01", 1),
        ("2026-02-02", 2),
        ("2026-02-03", 3),
        ("2026-02-04", None),
    ]
    assert [one["goal"] for one in month["by_day"]] == [number(Fraction(100 * day, 28)) for day in range(1, 29)]
    assert (week["goal"], week["goal_to_date"], week["by_day"]) == (None, None, None)


def test_what_was_published_by_day_is_what_was_known_then() -> None:
    facts = {
        "L-1": [handed_off("2026-02-10 10:00")],
        "L-2": [handed_off("2026-02-11 10:00", arrived="2026-03-05 10:00")],
    }

    found = document(company_x(), facts, "2026-02-10 09:00", "2026-03-06 12:00", "company-x")
    month = period(found, "leads-delivered", "month", "2026-02-01")

    assert month["status"] == "restated"
    assert [one["delivered"] for one in month["published"]["by_day"][9:12]] == [1, 1, 1]
    assert [one["delivered"] for one in month["restated"]["by_day"][9:12]] == [1, 2, 2]
    assert month["published"]["goal_to_date"] == 100


def test_each_segment_has_its_own_figures_and_goal_and_the_total_is_beside_them() -> None:
    facts = {
        "a": [handed_off("2026-03-02 10:00", region="north")],
        "b": [handed_off("2026-03-03 10:00", region="south")],
        "c": [handed_off("2026-03-04 10:00", region="east")],
    }
    rules = RuleBook([agreement(NORTH)])

    found = document(rules, facts, "2026-03-02 09:00", "2026-03-05 12:00")
    months = [one for one in obligation(found, "leads")["periods"] if one["interval"] == "month"]
    total = period(found, "leads", "month", "2026-03-01", part="totals")["restated"]

    assert [(one["segment"], one["restated"]["delivered"], one["restated"]["goal"]) for one in months] == [
        ("north", 1, 34),
        ("south", 1, 10),
        ("unmatched", 1, None),
    ]
    assert (total["delivered"], total["goal"], total["value"]) == (3, 44, "10.125")
    assert total["goal_to_date"] == number(Fraction(44 * 2, 10))
    worth = period(found, "worth", "week", "2026-03-02", part="totals")["restated"]
    assert (worth["value"], worth["goal"], worth["goal_to_date"]) == ("10.125", 70, 30)


def test_leads_of_no_segment_are_listed_only_where_there_are_any() -> None:
    found = document(wall(), {}, "2026-03-02 09:00", "2026-03-02 12:00")

    assert [one["segment"] for one in obligation(found, "tries")["periods"] if one["interval"] == "day"] == [
        "ceo",
        "vip",
    ]


def test_versions_follow_each_other_and_the_report_names_the_one_in_force() -> None:
    before = document(several(), {}, "2026-03-05 12:00", "2026-03-06 12:00")
    after = document(several(), {}, "2026-03-05 12:00", "2026-03-10 12:00")

    assert (before["version"], after["version"]) == ("1", "2")
    assert [one["id"] for one in before["obligations"]] == ["touch", "tries", "worth"]
    assert [one["id"] for one in after["obligations"]] == ["touch", "worth", "tries"]
    tries = [one["start"] for one in obligation(after, "tries")["periods"] if one["interval"] == "day"]
    assert tries[0] == iso(at("2026-03-05 06:00"))
    assert tries[-1] == iso(at("2026-03-06 06:00")), "it is no part of the second version"


def test_before_an_agreement_is_in_force_there_is_nothing_to_report() -> None:
    found = document(company_x(), {}, "2025-12-01 12:00", "2025-12-06 12:00", "company-x")

    assert (found["version"], found["obligations"], found["breaches"]) == (None, [], [])


def test_breaches_stand_in_the_order_of_their_deadlines() -> None:
    facts = {
        "owed": [handed_off("2026-03-02 11:00", rep="ann", team="north")],
        "resolved": [handed_off("2026-03-02 09:00"), attempted("2026-03-02 11:30")],
    }

    found = document(company_x(), facts, "2026-03-02 09:00", "2026-03-02 14:00", "company-x")

    assert [(one["lead"], one["kind"], one["late_by_seconds"]) for one in found["breaches"]] == [
        ("resolved", "resolved", 5400.0),
        ("owed", "breached", None),
    ]
    assert found["breaches"][1] | {"key": ""} == {
        "key": "",
        "kind": "breached",
        "obligation": "first-touch",
        "lead": "owed",
        "cycle": 1,
        "message": None,
        "deadline": "2026-03-02T11:00:00Z",
        "late_by_seconds": None,
        "ended_at": None,
        "ended_by": None,
        "historic": False,
        "tier": "deadline",
        "version": "2026-01",
        "segment": None,
        "rep": "ann",
        "team": "north",
    }


@given(st.sampled_from(rule_books()), histories(), ends())
def test_whatever_was_received_all_keys_are_there_and_the_counts_add_up(
    rules: RuleBook, history: Any, end: int
) -> None:
    facts = {lead.decode(): found for lead, found in by_lead(history).items()}
    outcome = replay(rules, facts, end)
    begin = min(fact.time for _, fact in history)

    for name in rules.versions:
        found: Any = encode.document(report(rules, name, outcome, Scope(begin, end)))

        assert found == json.loads(json.dumps(found))
        for one in found["obligations"]:
            for entry in one["periods"]:
                assert (entry["published"] is None) == (entry["status"] == "open")
                assert (entry["published"] == entry["restated"]) == (entry["status"] == "published")
                for figures in filter(None, (entry["published"], entry["restated"])):
                    assert list(figures)[: len(KEYS[one["kind"]])] == KEYS[one["kind"]]
                    if one["kind"] == "speed":
                        assert figures["leads"] == sum(figures[key] for key in ("met", "breached", "open", "closed"))
            for entry in one["totals"]:
                count = "delivered" if one["kind"] == "volume" else "leads"
                parts = [
                    part["restated"][count]
                    for part in one["periods"]
                    if (part["interval"], part["start"]) == (entry["interval"], entry["start"])
                ]
                assert entry["restated"][count] == sum(parts)


@pytest.mark.parametrize(
    ("millionths", "text"),
    [
        (0, "0.00"),
        (4_880_000_000, "4880.00"),
        (500_000, "0.50"),
        (125_000, "0.125"),
        (1, "0.000001"),
        (10**13, "10000000.00"),
    ],
)
def test_money_has_two_decimals_or_as_many_as_it_needs(millionths: int, text: str) -> None:
    assert text == money(millionths)
