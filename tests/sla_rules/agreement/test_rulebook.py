"""Which terms a lead falls under: conditions on its fields, segments in order, versions by the day they take effect."""

from datetime import date
from typing import Any

import pytest

from sla_rules.agreement.conditions import Range, folded, matches
from sla_rules.agreement.model import Agreement
from sla_rules.agreement.rulebook import RuleBook, Version, segments_of
from sla_rules.evaluation.contributions import UNFIGURED
from sla_rules.evaluation.verdicts import assess
from tests.sla_rules.clocks import at
from tests.sla_rules.rules import LATER, PICKY, WALL, agreement, company_x
from tests.sla_rules.story import handed_off

BY_PRIORITY = """
calendar:
  time_zone: UTC
  weekly_hours: {mon: [["09:00", "17:00"]]}
segments:
  - {id: first, when: {role: ceo}}
  - {id: others, when: {role: clerk}}
obligations:
  - {id: at-once, kind: speed, provider: sales, recipient: marketing, deadline: {within: 1h}, segments: [first]}
  - {id: within-a-day, kind: speed, provider: sales, recipient: marketing, deadline: {within: 8h}, segments: [others]}
  - {id: delivered, kind: volume, provider: marketing, recipient: sales, goal: 5}
"""


@pytest.mark.parametrize(
    ("matcher", "value", "expected"),
    [
        ("ceo", "ceo", True),
        ("ceo", "cto", False),
        ("p1", "P1", True),
        ("P1", "p1", True),
        ("straße", "STRASSE", True),
        ("1", 1, False),
        (("CEO", "cto"), "Ceo", True),
        (True, "TRUE", False),
        (("ceo", "cto"), "cto", True),
        (("ceo", "cto"), "cfo", False),
        (5, 5, True),
        (5, "5", False),
        (Range(at_least=5), 5, True),
        (Range(at_least=5), 4.999, False),
        (Range(below=5), 5, False),
        (Range(below=5), 4.999, True),
        (Range(at_least=1, below=5), 0, False),
        (Range(at_least=0), True, False),
        (Range(at_least=0), "1", False),
        (Range(), 7, True),
    ],
)
def test_a_matcher_takes_a_value_one_of_several_or_a_range(matcher: Any, value: Any, expected: bool) -> None:  # noqa: FBT001
    assert matches(folded({"score": matcher}), {"score": value}) is expected


def test_every_field_named_has_to_match_and_one_that_is_missing_does_not() -> None:
    condition: Any = {"role": "ceo", "region": "emea"}

    assert matches(condition, {"role": "ceo", "region": "emea", "product": "x"})
    assert not matches(condition, {"role": "ceo"})
    assert not matches(condition, {"role": "ceo", "region": "apac"})
    assert matches({}, {})


def test_the_first_segment_that_matches_is_the_leads_and_one_without_is_unmatched() -> None:
    wall = only_version(WALL)

    assert wall.segment_of({"role": "ceo", "attributes.vip": 9}) == "ceo"
    assert wall.segment_of({"role": "cto", "attributes.vip": 9}) == "vip"
    assert wall.segment_of({}) == "unmatched"
    assert segments_of(wall.agreement) == ("ceo", "vip", "unmatched")


def test_an_agreement_without_segments_has_all_in_one() -> None:
    picky = only_version(PICKY)

    assert picky.segment_of({"role": "ceo"}) == "all"
    assert segments_of(picky.agreement) == ("all",)


def test_values_are_the_same_in_capitals_and_without_and_ids_of_teams_are_not() -> None:
    rules = RuleBook([agreement(BY_PRIORITY.replace("role: ceo", "role: CEO"), since="2026-01-01")])

    found = [rules.applying({"role": role}, at("2026-03-02 09:00")) for role in ("ceo", "Ceo", "CLERK", "cto")]

    assert [segment for ((_, segment),) in found] == ["first", "first", "others", "unmatched"]
    hours = "calendars: {late: {time_zone: UTC, weekly_hours: {sun: [['09:00', '17:00']]}}}\nteams: {North: {calendar: late}}\n"
    (term, *_) = RuleBook([agreement(hours + BY_PRIORITY)]).terms
    assert term.calendar_of("first", "North") is not term.calendar
    assert term.calendar_of("first", "north") is term.calendar


def only_version(body: str) -> Version:
    ((version,),) = RuleBook([agreement(body)]).versions.values()
    return version


def versions(at_time: str, *agreements: Agreement) -> list[str]:
    return [version.agreement.version for version in RuleBook(agreements).in_force(at(at_time, "America/New_York"))]


def test_a_version_is_in_force_from_the_start_of_its_day_in_its_own_zone_until_the_next() -> None:
    both = agreement(LATER, version="2", since="2026-03-07"), agreement(WALL, version="1")

    assert versions("2025-12-31 23:59:59.999999", *both) == []
    assert versions("2026-01-01 00:00", *both) == ["1"]
    assert versions("2026-03-06 23:59:59.999999", *both) == ["1"]
    assert versions("2026-03-07 00:00", *both) == ["2"]


def test_terms_know_their_place_whatever_order_the_agreements_come_in() -> None:
    one, other = agreement(WALL), agreement(PICKY, name="picky")

    assert [term.index for term in RuleBook([other, one]).terms] == [0, 1, 2, 3]
    assert [term.name for term in RuleBook([other, one]).terms] == [term.name for term in RuleBook([one, other]).terms]


def test_an_agreement_applies_where_its_condition_matches() -> None:
    rules = RuleBook([agreement(PICKY, name="picky"), agreement(WALL)])

    def names(role: str) -> list[tuple[str, str]]:
        found = rules.applying({"role": role}, at("2026-03-02 12:00"))
        return [(version.agreement.agreement, segment) for version, segment in found]

    assert names("ceo") == [("leads", "ceo"), ("picky", "all")]
    assert names("manager") == [("leads", "unmatched")]


def test_windows_lie_in_the_zone_of_the_latest_version() -> None:
    assert company_x().zone_of("company-x").key == "Europe/Berlin"


def test_years_begin_where_the_latest_version_says() -> None:
    named = agreement("year_begins: april" + PICKY), agreement(PICKY, version="2", since="2026-07-01")
    moved = agreement(PICKY), agreement("year_begins: april" + PICKY, version="2", since="2026-07-01")

    def years(*versions: Agreement) -> list[date]:
        march = at("2026-03-02 12:00")
        return [term.period("year", march).first for term in RuleBook(versions).terms]

    assert years(*named) == [date(2026, 1, 1)] * 2
    assert years(*moved) == [date(2025, 4, 1)] * 2


def test_obligations_of_some_segments_judge_the_leads_of_those_alone() -> None:
    rules = RuleBook([agreement(BY_PRIORITY)])
    told = {role: handed_off("2026-03-02 10:00", role=role) for role in ("ceo", "clerk")}

    judged = {
        role: [
            rules.terms[found.contribution.term].obligation.id
            for found in assess(rules, role, [fact], fact.time)
            if not isinstance(found.contribution, UNFIGURED)
        ]
        for role, fact in told.items()
    }

    assert judged == {"ceo": ["at-once", "delivered"], "clerk": ["within-a-day", "delivered"]}
    assert [term.segments for term in rules.terms] == [("first",), ("others",), ("first", "others", "unmatched")]
