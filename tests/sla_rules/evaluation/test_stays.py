"""Fields that change while a clock runs: which promise is owed, and what no change can undo."""

from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from sla_rules.agreement.rulebook import RuleBook
from sla_rules.evaluation.assessment import Assessment
from sla_rules.evaluation.contributions import DepthContribution, SpeedContribution, VolumeContribution
from sla_rules.evaluation.verdicts import assess
from sla_rules.instants import HOUR, MINUTE, Instant
from sla_rules.lead import facts
from sla_rules.lead.facts import Fact, merge
from tests.script import ORIGIN
from tests.sla_rules.rules import agreement
from tests.strategies import fields

TERMS = """
calendar:
  time_zone: America/New_York
  weekly_hours: {{mon: [["00:00", "24:00"]], fri: [["00:00", "24:00"]]}}
calendars:
  mornings: {{time_zone: America/New_York, weekly_hours: {{fri: [["08:00", "10:00"]], mon: [["08:00", "10:00"]]}}}}
segments:
  - {{id: ceo, when: {{role: ceo}}, value: 100, calendar: mornings}}
  - {{id: vip, when: {{attributes.vip: {{at_least: 1}}}}}}
obligations:
  - {{id: touch, kind: speed, provider: sales, recipient: marketing, deadline: {{within: 1h}}, fields: {fields}, pauses: true,
     reassign_after: 20m}}
  - {{id: at-once, kind: speed, segments: [ceo], provider: sales, recipient: marketing, fields: {fields},
     deadline: {{within: 30m, clock: wall, warnings: [15m]}}}}
  - {{id: whole, kind: speed, starts: created, segments: [vip], provider: sales, recipient: marketing, fields: {fields},
     deadline: {{within: 2h, clock: wall}}}}
  - {{id: tries, kind: depth, segments: [vip], provider: sales, recipient: marketing, attempts: 2, fields: {fields},
     closed_leads: counted, deadline: {{within: 3h, clock: wall}}}}
  - {{id: many, kind: volume, provider: marketing, recipient: sales, goal: 5, interval: month}}
"""
FOLLOWING = RuleBook([agreement(TERMS.format(fields="follow"))])
FIXED = RuleBook([agreement(TERMS.format(fields="fixed"))])
STARTS = facts.Created(ORIGIN, ORIGIN, "/crm", "created", fields={"role": "ceo"})


def minutes(most: int) -> st.SearchStrategy[Instant]:
    return st.integers(0, most // 5).map(lambda count: ORIGIN + 5 * count * MINUTE)


@st.composite
def cycles(draw: st.DrawFn) -> list[Fact]:
    """A hand-off, what is done about it, and maybe its end; several in one instant, too."""
    handed_off = facts.HandedOff(ORIGIN + MINUTE, ORIGIN, "/crm", "handed-off", rep="ann", fields=draw(fields()))
    done = [
        facts.Attempted(
            at, at, "/crm", f"call-{number}", channel="phone", outcome=draw(st.sampled_from(("no_answer", "connected")))
        )
        for number, at in enumerate(draw(st.lists(minutes(240), max_size=3)))
    ]
    turns = [
        facts.StatusChanged(
            at, at, "/crm", f"turn-{number}", status=draw(st.sampled_from(("paused", "resumed", "rejected")))
        )
        for number, at in enumerate(draw(st.lists(minutes(240), max_size=2)))
    ]
    return [STARTS, handed_off, *done, *turns]


@st.composite
def updates(draw: st.DrawFn) -> list[Fact]:
    """Changes of fields, some of them back and forth."""
    return [
        facts.Updated(at + draw(st.sampled_from((0, 0, 1))), at, "/crm", f"update-{number}", fields=draw(fields()))
        for number, at in enumerate(draw(st.lists(minutes(300), max_size=4)))
    ]


def judged(rules: RuleBook, told: list[Fact], now: Instant) -> list[Assessment]:
    return assess(rules, "lead-1", merge((), told)[0], now)


def by_promise(found: list[Assessment]) -> dict[tuple[int, Instant], Any]:
    """Contributions of promises by term and start of the cycle."""
    return {
        (one.contribution.term, one.contribution.start): one.contribution
        for one in found
        if isinstance(one.contribution, SpeedContribution | DepthContribution)
    }


@given(cycles(), updates(), minutes(360))
def test_an_obligation_has_one_say_in_a_cycle_whatever_its_lead_becomes(
    told: list[Fact], changes: list[Fact], now: Instant
) -> None:
    found = judged(FOLLOWING, [*told, *changes], now)

    promises = [one for one in found if isinstance(one.contribution, SpeedContribution | DepthContribution)]
    assert len(by_promise(found)) == len(promises)
    assert len({notice.key for one in found for notice in one.notices}) == sum(len(one.passed) for one in found)


@given(cycles(), updates(), minutes(360))
def test_terms_that_are_fixed_judge_one_hand_off_as_if_nothing_had_changed(
    told: list[Fact], changes: list[Fact], now: Instant
) -> None:
    later = [change for change in changes if change.time > ORIGIN + MINUTE]

    assert judged(FIXED, [*told, *later], now) != [] or not told
    assert [one.contribution for one in judged(FIXED, [*told, *later], now)] == [
        one.contribution for one in judged(FIXED, told, now)
    ]


@given(cycles(), updates(), minutes(360))
def test_an_update_that_changes_nothing_changes_nothing(told: list[Fact], changes: list[Fact], now: Instant) -> None:
    start = {**STARTS.fields, **told[1].fields}  # type: ignore[union-attr]
    same = [
        facts.Updated(one.time, one.arrival, "/crm", one.id, fields=start)
        for one in changes
        if one.time > ORIGIN + MINUTE
    ]
    of_hand_offs = [term.index for term in FOLLOWING.terms if term.obligation.judges == "hand_offs"]

    def of(found: list[Assessment]) -> list[Any]:
        return [one.contribution for one in found if getattr(one.contribution, "term", None) in of_hand_offs]

    by_number = sorted(of(judged(FOLLOWING, [*told, *same], now)), key=lambda one: one.term)
    assert by_number == sorted(of(judged(FOLLOWING, told, now)), key=lambda one: one.term)


@given(cycles(), updates(), updates(), minutes(240))
def test_a_promise_that_was_broken_stays_broken_whatever_the_lead_becomes(
    told: list[Fact], before: list[Fact], after: list[Fact], now: Instant
) -> None:
    """The same obligation, segment and deadline; what is told beside changes lies before `now`."""
    told = [fact for fact in told if fact.time < now]
    before = [fact for fact in before if fact.time < now]
    later = [
        facts.Updated(fact.time + now - ORIGIN + 1, fact.arrival, "/crm", f"later-{fact.id}", fields=fact.fields)
        for fact in after
        if isinstance(fact, facts.Updated)
    ]
    assume(len(told) > 1)

    then = by_promise(judged(FOLLOWING, [*told, *before], now))
    in_the_end = by_promise(judged(FOLLOWING, [*told, *before, *later], now + 10 * HOUR))

    for promise, contribution in then.items():
        if contribution.status == "breached":
            assert in_the_end[promise] == contribution


@given(cycles(), updates(), minutes(360))
def test_volume_counts_what_was_handed_off(told: list[Fact], changes: list[Fact], now: Instant) -> None:
    later = [change for change in changes if change.time > ORIGIN + MINUTE]

    def delivered(facts: list[Fact]) -> list[Any]:
        found = (one.contribution for one in judged(FOLLOWING, facts, now))
        return [one for one in found if isinstance(one, VolumeContribution)]

    assert delivered([*told, *later]) == delivered(told)


def test_a_lead_that_comes_under_an_obligation_owes_it_by_the_hours_of_its_new_segment() -> None:
    """Friday 13:00 in UTC is eight in New York: two hours of mornings are over at ten, one hour of any at nine."""
    handed_off = facts.HandedOff(ORIGIN, ORIGIN, "/crm", "h", fields={"role": "manager"})
    becomes = facts.Updated(ORIGIN + 10 * MINUTE, ORIGIN, "/crm", "u", fields={"role": "ceo"})
    at_nine, at_ten = ORIGIN + HOUR, ORIGIN + 2 * HOUR

    for within, due in (("1h", at_nine), ("2h", at_ten), ("3h", None)):
        rules = RuleBook([agreement(TERMS.format(fields="follow").replace("within: 1h", f"within: {within}"))])
        found = by_promise(judged(rules, [handed_off, becomes], ORIGIN))[0, ORIGIN]
        assert found.segment == "ceo"
        assert (found.deadline == due) == (due is not None)


@pytest.mark.parametrize(("score", "uncovered"), [(20, 0), (5, 1)])
def test_a_cycle_that_any_agreement_applied_to_while_it_ran_is_covered(score: float, uncovered: int) -> None:
    rules = RuleBook([agreement(f"applies_to: {{score: {{at_least: 10}}}}{TERMS.format(fields='follow')}")])
    handed_off = facts.HandedOff(ORIGIN, ORIGIN, "/crm", "h", fields={"score": 1})
    becomes = facts.Updated(ORIGIN + 10 * MINUTE, ORIGIN, "/crm", "u", fields={"score": score})

    found = judged(rules, [handed_off, becomes], ORIGIN + HOUR)

    assert sum(type(one.contribution).__name__ == "UncoveredContribution" for one in found) == uncovered
    assert (len(by_promise(found)) > 0) == (not uncovered)


def test_what_a_hand_off_was_like_says_whether_it_was_ready() -> None:
    rules = RuleBook([agreement(f"minimum_quality: {{score: {{at_least: 10}}}}{TERMS.format(fields='follow')}")])
    for before, after, ready in ((1, 20, False), (20, 1, True)):
        handed_off = facts.HandedOff(ORIGIN, ORIGIN, "/crm", "h", fields={"score": before})
        becomes = facts.Updated(ORIGIN + 10 * MINUTE, ORIGIN, "/crm", "u", fields={"score": after})

        found = judged(rules, [handed_off, becomes], ORIGIN + HOUR)

        assert (len(by_promise(found)) > 0) == ready
