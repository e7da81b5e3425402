"""A cycle as terms see it: what a tolerance between clocks lets in, and what a lost deal closes."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sla_rules.agreement.obligations import Depth, Speed, Volume
from sla_rules.agreement.rulebook import RuleBook
from sla_rules.evaluation.cycle_by_terms import by_terms
from sla_rules.evaluation.deadlines import OWES
from sla_rules.evaluation.deals import lost
from sla_rules.evaluation.verdicts import assess
from sla_rules.instants import DAY, SECOND
from sla_rules.lead import facts
from sla_rules.lead.cycle import JUST_BEFORE, Cycle
from sla_rules.lead.cycles import life
from sla_rules.lead.facts import Fact, merge
from tests.script import ORIGIN, History
from tests.sla_rules.clocks import at
from tests.sla_rules.rules import agreement, rule_books
from tests.sla_rules.story import LEAD, attempted, handed_off, judged, reassigned, recycled, turned
from tests.strategies import histories

TERMS = """
calendar: {{time_zone: Europe/Berlin, weekly_hours: {{mon: [["00:00", "24:00"]]}}}}
obligations:
  - {{id: touch, kind: speed, provider: sales, recipient: marketing, deadline: {{within: 1h, clock: wall}}, {more}}}
  - {{id: tries, kind: depth, provider: sales, recipient: marketing, attempts: 2, closed_leads: counted,
     deadline: {{within: 2d, clock: wall}}, {more}}}
  - {{id: leads, kind: volume, provider: marketing, recipient: sales, goal: 10}}
"""
EVENTFUL = "2026-03-02 09:15:00.412"
MONDAY = handed_off("2026-03-02 09:00", "ann", "north")


def rules(more: str = "pauses: true") -> RuleBook:
    return RuleBook([agreement(TERMS.format(more=more))])


def statuses(*told: Fact, more: str = "pauses: true", now: str = "2026-03-20 09:00") -> list[tuple[str, int]]:
    """Speed and depth of each cycle: the status, and the attempts of depth."""
    found = judged(rules(more), *told, now=now)
    return [
        (f"{speed.status} {depth.status}", depth.attempts)
        for speed, depth in zip(found.speed(), found.depth(), strict=True)
    ]


def deal(when: str, outcome: Any = "lost", name: str = "d-1", leads: tuple[str, ...] = (LEAD,)) -> Fact:
    return facts.DealClosed(
        at(when),
        at(when),
        "/crm",
        f"{name} {when}",
        outcome=outcome,
        amount="1",
        currency="EUR",
        deal=name,
        leads=leads,
    )


def cycles_of(*told: Fact) -> list[Cycle]:
    return life(merge((), told)[0]).cycles


def test_a_cycle_of_which_terms_make_nothing_else_is_itself() -> None:
    (cycle,) = cycles_of(MONDAY, attempted("2026-03-02 09:30"))
    losses = lost([deal("2026-03-03 09:00")])  # type: ignore[list-item]

    for term in rules("lost_deal: goes_on").terms:
        assert by_terms(cycle, term.obligation, losses) is cycle
    for term in rules().terms:
        assert by_terms(cycle, term.obligation, ()) is cycle
        assert (by_terms(cycle, term.obligation, losses) is cycle) == isinstance(term.obligation, Volume)


@pytest.mark.parametrize(
    ("tolerance", "stamp", "status"),
    [
        ("1s", "2026-03-02 09:15:00", "met"),
        ("1s", "2026-03-02 09:14:59", "breached"),
        ("1s", "2026-03-02 09:15:00.000001", "breached"),
        ("0s", "2026-03-02 09:15:00", "breached"),
        ("1m", "2026-03-02 09:14:01", "met"),
        ("1m", "2026-03-02 09:14:00", "breached"),
    ],
)
def test_a_call_of_a_clock_without_fractions_belongs_to_a_cycle_that_begins_within_the_tolerance(
    tolerance: str, stamp: str, status: str
) -> None:
    told = handed_off(EVENTFUL), attempted(stamp)

    (touch,) = judged(rules(f"follow_up: {{tolerance: {tolerance}}}"), *told, now="2026-03-02 12:00").speed()

    assert (touch.status, touch.wall, touch.anomaly) == (status, 0 if status == "met" else None, False)


def test_a_call_just_before_two_cycles_belongs_to_the_first_alone() -> None:
    first, second = handed_off("2026-03-02 09:15:00.2"), handed_off("2026-03-02 09:15:00.6")

    found = statuses(attempted("2026-03-02 09:15:00"), first, recycled("2026-03-02 09:15:00.4"), second)

    assert found == [("met closed", 1), ("breached breached", 0)]


@pytest.mark.parametrize(
    "connection",
    [attempted("2026-03-02 09:15:00", outcome="connected"), turned("2026-03-02 09:15:00", "connected")],
    ids=["attempt", "status"],
)
def test_a_connection_just_before_the_hand_off_connects_its_cycle_and_no_more_is_owed(connection: Fact) -> None:
    told = [connection, handed_off(EVENTFUL), attempted("2026-03-02 09:30")]

    (found,) = statuses(*told)

    assert found[0] == "met connected"
    assert statuses(*told, more="follow_up: {tolerance: 0s}") == [("met breached", 1)]


def test_a_lost_deal_closes_its_leads_cycle_before_the_deadline_and_changes_nothing_after_it() -> None:
    assert statuses(MONDAY, deal("2026-03-02 09:30")) == [("closed closed", 0)]
    assert statuses(MONDAY, deal("2026-03-02 10:00")) == [("closed closed", 0)]
    assert statuses(MONDAY, deal("2026-03-02 10:30")) == [("breached closed", 0)]
    assert statuses(MONDAY, deal("2026-03-05 09:00")) == [("breached breached", 0)]
    assert statuses(MONDAY, deal("2026-03-02 09:30"), more="lost_deal: goes_on") == [("breached breached", 0)]


def test_attempts_up_to_the_loss_belong_to_the_cycle_and_later_ones_and_connections_do_not() -> None:
    loss = deal("2026-03-02 09:40")
    at_the_loss, later = attempted("2026-03-02 09:40"), attempted("2026-03-02 09:41", outcome="connected")

    assert statuses(MONDAY, at_the_loss, loss, later) == [("met closed", 1)]
    assert statuses(MONDAY, loss, later) == [("closed closed", 0)]


def test_a_deal_that_was_won_back_is_another_leads_or_has_none_closes_nothing() -> None:
    breached = [("breached breached", 0)]

    assert statuses(MONDAY, deal("2026-03-02 09:20"), deal("2026-03-02 09:30", "won")) == breached
    assert statuses(MONDAY, deal("2026-03-02 09:20", "won")) == breached
    assert statuses(MONDAY, deal("2026-03-02 09:20", leads=())) == breached
    assert statuses(MONDAY, deal("2026-03-02 08:00")) == breached
    assert statuses(MONDAY, deal("2026-03-02 09:00")) == breached


def test_a_lead_that_is_handed_off_or_reopened_after_the_loss_goes_on() -> None:
    loss = deal("2026-03-02 09:20")
    for again in handed_off("2026-03-02 09:30", "bob"), turned("2026-03-02 09:30", "reopened"):
        assert statuses(MONDAY, loss, again) == [("breached breached", 0)]
        assert statuses(MONDAY, loss, again, deal("2026-03-02 09:40", name="d-2")) == [("closed closed", 0)]
    assert statuses(MONDAY, loss, reassigned("2026-03-02 09:30", "bob")) == [("closed closed", 0)]
    assert statuses(MONDAY, loss, turned("2026-03-02 09:30", "rejected"), handed_off("2026-03-03 09:00")) == [
        ("closed closed", 0),
        ("breached breached", 0),
    ]


def test_who_held_a_lead_and_how_long_it_was_paused_is_as_of_the_loss() -> None:
    loss = deal("2026-03-02 09:40")
    told = MONDAY, turned("2026-03-02 09:30", "paused"), loss, reassigned("2026-03-02 09:50", "bob", "south")

    (touch,) = judged(rules(), *told, now="2026-03-20 09:00").speed()

    assert (touch.status, touch.team, touch.deadline) == ("closed", "north", at("2026-03-02 10:10"))


@given(st.sampled_from(rule_books()), histories())
def test_nothing_of_a_lead_is_owed_once_its_last_deal_was_lost(rules: RuleBook, history: History) -> None:
    now = ORIGIN + 90 * DAY
    for lead in {lead for lead, _ in history}:
        loss = facts.DealClosed(
            ORIGIN + 60 * DAY,
            now,
            "/crm",
            "loss",
            outcome="lost",
            amount="1",
            currency="EUR",
            deal="last",
            leads=(lead,),
        )
        known, _ = merge((), [loss, *(fact for name, fact in history if name == lead and type(fact) not in MOVING)])

        found = [one.contribution for one in assess(rules, lead, known, now)]

        assert [one for one in found if isinstance(one, OWES) and one.owed] == []


MOVING = frozenset((facts.Merged, facts.Corrected))
"""Facts by which a lead may be another one; the law is about those that are themselves."""


@given(histories())
def test_by_terms_without_tolerance_under_which_a_promise_goes_on_every_cycle_is_itself(history: History) -> None:
    terms = [term.obligation for term in rules("lost_deal: goes_on, follow_up: {tolerance: 0s}").terms]
    known, _ = merge((), [fact for _, fact in history])
    found = life(known)

    for cycle in found.cycles:
        assert all(by_terms(cycle, one, lost(found.deals)) is cycle for one in terms)


@given(histories())
def test_what_terms_see_of_a_cycle_lies_in_it_but_for_what_is_just_before(history: History) -> None:
    known, _ = merge((), [fact for _, fact in history])
    found = life(known)

    for cycle in found.cycles:
        for one in [term.obligation for term in rules("follow_up: {tolerance: 1m}").terms]:
            seen = by_terms(cycle, one, lost(found.deals))
            assert (seen.number, seen.start, seen.arrival) == (cycle.number, cycle.start, cycle.arrival)
            assert seen.end == cycle.end or (seen.end is not None and (cycle.end is None or seen.end < cycle.end))
            assert all(seen.start <= attempt.time for attempt in seen.attempts)
            assert all(seen.end is None or attempt.time <= seen.end for attempt in seen.attempts)
            ids = [attempt.id for attempt in cycle.attempts]
            early = [attempt.id for attempt in seen.attempts if attempt.id not in ids]
            assert set(early) <= {fact.id for fact in cycle.just_before}
            assert isinstance(one, Speed | Depth) or seen is cycle
            assert all(0 < cycle.start - fact.time <= JUST_BEFORE for fact in cycle.just_before)
            assert all(fact.time % SECOND == 0 for fact in cycle.just_before)
