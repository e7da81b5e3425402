"""The life of a lead: every row of the transition table, and nothing else, moves it."""

from itertools import product
from typing import get_args

import pytest
from hypothesis import given

from sla_rules.lead import facts
from sla_rules.lead.cycles import TRANSITIONS, Cycle, State, Trigger, life
from sla_rules.lead.facts import Fact, merge
from sla_rules.time.intervals import FOREVER
from tests.script import History
from tests.strategies import histories

BEGIN = facts.HandedOff(10, 10, "/crm", "begin", None, "ann", "north")
PAUSE = facts.StatusChanged(15, 15, "/crm", "pause", None, "paused")
TRIGGERS: dict[Trigger, list[Fact]] = {
    "handed_off": [facts.HandedOff(20, 20, "/crm", "x", None, "bob")],
    "reassigned": [facts.Reassigned(20, 20, "/crm", "x", None, "bob")],
    "reopened": [facts.StatusChanged(20, 20, "/crm", "x", None, "reopened")],
    "recycled": [facts.Recycled(20, 20, "/crm", "x")],
    "connected": [
        facts.StatusChanged(20, 20, "/crm", "x", None, "connected"),
        facts.Attempted(20, 20, "/crm", "x", None, "phone", outcome="connected"),
        facts.Attempted(20, 20, "/crm", "x", None, "mail", inbound=True, automated=True, outcome="connected"),
    ],
    "paused": [facts.StatusChanged(20, 20, "/crm", "x", None, "paused")],
    "resumed": [facts.StatusChanged(20, 20, "/crm", "x", None, "resumed")],
    "closed": [
        facts.StatusChanged(20, 20, "/crm", "x", None, to)
        for to in ("converted", "disqualified", "rejected", "deleted")
    ],
}
IDLE: list[Fact] = [
    facts.Created(20, 20, "/crm", "x"),
    facts.Attempted(20, 20, "/crm", "x", None, "phone", outcome="no_answer"),
    facts.Attempted(20, 20, "/crm", "x", None, "phone"),
    facts.StatusChanged(20, 20, "/crm", "x", None, "accepted"),
    facts.Excused(20, 20, "/crm", "x", None, "strike", "ana"),
    facts.Merged(20, 20, "/crm", "x", None, "lead-2"),
    facts.Corrected(20, 20, "/crm", "x", None, "y"),
    facts.DealClosed(20, 20, "/crm", "x"),
    facts.Confirmed(20, 20, "/crm", "x"),
]


def history(state: State, fact: Fact) -> list[Cycle]:
    before: dict[State, list[Fact]] = {"idle": [], "open": [BEGIN], "paused": [BEGIN, PAUSE]}
    return life([*before[state], fact]).cycles


def test_the_table_names_states_and_triggers_that_there_are() -> None:
    assert set(TRANSITIONS) <= set(product(get_args(State), get_args(Trigger)))
    assert set(TRIGGERS) == set(get_args(Trigger))


@pytest.mark.parametrize(("state", "trigger"), list(product(get_args(State), get_args(Trigger))))
def test_a_trigger_makes_the_move_of_its_row_and_without_a_row_none(state: State, trigger: Trigger) -> None:
    move, _ = TRANSITIONS.get((state, trigger), (None, state))

    for fact in TRIGGERS[trigger]:
        found = history(state, fact)

        assert len(found) == (state != "idle") + (move == "begin")
        assert [cycle.end for cycle in found] == [20 if move == "end" else None] * len(found)
        assert [cycle.ended_by for cycle in found] == [trigger if move == "end" else None] * len(found)
        assert [len(cycle.owners) for cycle in found] == [2 if move == "reassign" else 1] * len(found)
        paused = {"pause": [(20, FOREVER)], "resume": [(15, 20)], "end": [(15, 20)] if state == "paused" else []}
        stands = [(15, FOREVER)] if state == "paused" else []
        assert [cycle.pauses for cycle in found] == [paused.get(move or "", stands)] * len(found)


@pytest.mark.parametrize("state", get_args(State))
@pytest.mark.parametrize("fact", IDLE, ids=repr)
def test_what_is_no_trigger_neither_begins_nor_ends_a_cycle(state: State, fact: Fact) -> None:
    found = history(state, fact)

    assert [(cycle.start, cycle.end, len(cycle.owners)) for cycle in found] == [(10, None, 1)] * (state != "idle")


def test_a_cycle_that_has_ended_may_be_followed_by_another() -> None:
    again = facts.HandedOff(30, 35, "/crm", "again")

    first, second = life([BEGIN, *TRIGGERS["recycled"], again]).cycles

    assert (first.number, first.start, first.end, first.ended_by) == (1, 10, 20, "recycled")
    assert (second.number, second.start, second.arrival, second.end) == (2, 30, 35, None)


def test_whoever_held_the_lead_at_an_instant_held_it_from_the_hand_off_or_reassignment_before() -> None:
    (cycle,) = life([BEGIN, *TRIGGERS["reassigned"]]).cycles

    assert [cycle.owner_at(at).rep for at in (5, 10, 19, 20, 99)] == ["ann", "ann", "ann", "bob", "bob"]
    assert (cycle.owner.rep, cycle.owner.team) == ("bob", "north")


@given(histories())
def test_cycles_are_numbered_follow_each_other_and_hold_each_attempt_once_in_its_time(history: History) -> None:
    known, _ = merge((), [fact for _, fact in history])
    found = life(known).cycles

    assert [cycle.number for cycle in found] == list(range(1, len(found) + 1))
    for cycle, after in zip(found, [*found[1:], None], strict=False):
        ends = float("inf") if cycle.end is None else cycle.end
        assert cycle.start <= ends
        assert after is None or ends <= after.start
        attempts = [fact for fact in known if isinstance(fact, facts.Attempted) and cycle.start <= fact.time < ends]
        assert cycle.attempts == attempts
