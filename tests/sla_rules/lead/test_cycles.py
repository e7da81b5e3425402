"""The life of a lead: every row of the transition table, and nothing else, moves it."""

from itertools import pairwise, product
from typing import get_args

import pytest
from hypothesis import given

from sla_rules.instants import SECOND
from sla_rules.lead import facts
from sla_rules.lead.cycle import JUST_BEFORE, Cycle
from sla_rules.lead.cycles import life
from sla_rules.lead.facts import Fact, merge
from sla_rules.lead.transitions import TRANSITIONS, State, Trigger
from sla_rules.time.intervals import FOREVER, Interval
from tests.script import History
from tests.strategies import histories

BEGIN = facts.HandedOff(10, 10, "/crm", "begin", None, "ann", "north")
PAUSE = facts.StatusChanged(15, 15, "/crm", "pause", None, "paused")
IN_A_CYCLE = {"open", "paused"}
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
    before: dict[State, list[Fact]] = {"idle": [], "held": [PAUSE], "open": [BEGIN], "paused": [BEGIN, PAUSE]}
    return life([*before[state], fact]).cycles


def test_the_table_names_states_and_triggers_that_there_are() -> None:
    assert set(TRANSITIONS) <= set(product(get_args(State), get_args(Trigger)))
    assert set(TRIGGERS) == set(get_args(Trigger))


@pytest.mark.parametrize(("state", "trigger"), list(product(get_args(State), get_args(Trigger))))
def test_a_trigger_makes_the_move_of_its_row_and_without_a_row_none(state: State, trigger: Trigger) -> None:
    move, _ = TRANSITIONS.get((state, trigger), (None, state))

    for fact in TRIGGERS[trigger]:
        found = history(state, fact)

        assert len(found) == (state in IN_A_CYCLE) + (move == "begin")
        assert [cycle.end for cycle in found] == [20 if move == "end" else None] * len(found)
        assert [cycle.ended_by for cycle in found] == [trigger if move == "end" else None] * len(found)
        assert [len(cycle.owners) for cycle in found] == [2 if move == "reassign" else 1] * len(found)
        paused = {"pause": [(20, FOREVER)], "resume": [(15, 20)], "end": [(15, 20)] if state == "paused" else []}
        stands = [(15, FOREVER)] if state in {"paused", "held"} else []
        assert [cycle.pauses for cycle in found] == [paused.get(move or "", stands)] * len(found)


@pytest.mark.parametrize("state", get_args(State))
@pytest.mark.parametrize("fact", IDLE, ids=repr)
def test_what_is_no_trigger_neither_begins_nor_ends_a_cycle(state: State, fact: Fact) -> None:
    found = history(state, fact)

    assert [(cycle.start, cycle.end, len(cycle.owners)) for cycle in found] == [(10, None, 1)] * (state in IN_A_CYCLE)


def test_a_cycle_that_has_ended_may_be_followed_by_another() -> None:
    again = facts.HandedOff(30, 35, "/crm", "again")

    first, second = life([BEGIN, *TRIGGERS["recycled"], again]).cycles

    assert (first.number, first.start, first.end, first.ended_by) == (1, 10, 20, "recycled")
    assert (second.number, second.start, second.arrival, second.end) == (2, 30, 35, None)


@pytest.mark.parametrize("begin", [*TRIGGERS["handed_off"], *TRIGGERS["reopened"]], ids=repr)
def test_a_pause_that_came_before_its_cycle_is_there_from_its_start_until_the_lead_is_resumed(begin: Fact) -> None:
    resumed = facts.StatusChanged(30, 30, "/crm", "resumed", None, "resumed")

    (cycle,) = life([PAUSE, begin, resumed]).cycles

    assert (cycle.start, cycle.pauses, cycle.marks) == (20, [(15, 30)], [begin, PAUSE, resumed])


@pytest.mark.parametrize(
    "over", [*TRIGGERS["resumed"], *TRIGGERS["closed"], *TRIGGERS["recycled"], *TRIGGERS["connected"]], ids=repr
)
def test_what_resumes_a_lead_or_ends_a_cycle_ends_a_pause_in_no_cycle(over: Fact) -> None:
    (cycle,) = life([PAUSE, over, facts.HandedOff(30, 30, "/crm", "begin")]).cycles

    assert (cycle.start, cycle.pauses) == (30, [])


@given(histories())
def test_the_leads_own_clock_stands_in_every_pause_and_that_of_a_cycle_in_those_that_reach_into_it(
    history: History,
) -> None:
    """Pauses by events; time that was waived is a pause of a cycle no longer than the cycle."""
    known, _ = merge((), [fact for _, fact in history if not isinstance(fact, facts.ExcusedSpan)])
    first = facts.Created(0, 0, "/crm", "first")
    found = life([first, *known])
    assert found.creation is not None

    pauses = found.creation.pauses

    assert pauses == sorted(pauses)
    assert all(before.end <= after.start for before, after in pairwise(pauses))
    for cycle in found.cycles:
        end = FOREVER if cycle.end is None else cycle.end
        reach_into_it = [pause for pause in pauses if pause.end >= cycle.start and pause.start <= end]
        assert [pause for pause in cycle.pauses if pause not in reach_into_it] == []
        lasting = [pause for pause in reach_into_it if max(pause.start, cycle.start) < min(pause.end, end)]
        assert [pause for pause in cycle.pauses if max(pause.start, cycle.start) < min(pause.end, end)] == lasting


def test_time_that_was_waived_is_a_pause_of_the_cycles_that_it_meets_and_no_longer_than_they_are() -> None:
    stamps = (5, 5, "/crm")
    told: list[Fact] = [
        facts.HandedOff(10, 10, "/crm", "a"),
        facts.StatusChanged(20, 20, "/crm", "b", status="paused"),
        facts.StatusChanged(30, 30, "/crm", "c", status="resumed"),
        facts.StatusChanged(50, 50, "/crm", "d", status="connected"),
        facts.HandedOff(60, 60, "/crm", "e"),
        *(
            facts.ExcusedSpan(*stamps, name, since=since, until=until)
            for name, since, until in (("f", 0, 12), ("g", 25, 35), ("h", 45, 70))
        ),
    ]

    first, second = life(merge((), told)[0]).cycles

    assert first.pauses == [Interval(10, 12), Interval(20, 35), Interval(45, 50)]
    assert second.pauses == [Interval(60, 70)]


def test_whoever_held_the_lead_at_an_instant_held_it_from_the_hand_off_or_reassignment_before() -> None:
    (cycle,) = life([BEGIN, *TRIGGERS["reassigned"]]).cycles

    assert [cycle.owner_at(at).rep for at in (5, 10, 19, 20, 99)] == ["ann", "ann", "ann", "bob", "bob"]
    assert (cycle.owner.rep, cycle.owner.team) == ("bob", "north")


@pytest.mark.parametrize("end", [*TRIGGERS["closed"], *TRIGGERS["recycled"], *TRIGGERS["connected"]], ids=repr)
def test_an_attempt_in_the_instant_in_which_its_cycle_ends_belongs_to_it_and_a_later_one_does_not(end: Fact) -> None:
    reply, later = (facts.Attempted(at, at, "/crm", f"at {at}", None, "mail") for at in (20, 21))

    (cycle,) = life(merge((), [BEGIN, end, reply, later])[0]).cycles

    assert cycle.end == 20
    assert [attempt for attempt in cycle.attempts if attempt != end] == [reply]


def test_an_attempt_in_the_instant_in_which_one_cycle_ends_and_another_begins_belongs_to_the_other() -> None:
    again = facts.HandedOff(20, 20, "/crm", "again")
    call = facts.Attempted(20, 20, "/crm", "call", None, "phone")

    first, second = life(merge((), [BEGIN, *TRIGGERS["recycled"], again, call])[0]).cycles

    assert (first.attempts, second.attempts) == ([], [call])


def test_an_attempt_in_a_cycle_that_ends_as_it_begins_belongs_to_it() -> None:
    call = facts.Attempted(10, 10, "/crm", "call", None, "phone", outcome="connected")

    (cycle,) = life(merge((), [BEGIN, call])[0]).cycles

    assert (cycle.start, cycle.end, cycle.attempts) == (10, 10, [call])


@pytest.mark.parametrize("end", [*TRIGGERS["closed"], *TRIGGERS["recycled"]], ids=repr)
@pytest.mark.parametrize("name", ["a", "z"])
def test_a_connection_in_the_instant_in_which_its_cycle_ends_connects_it_however_it_ended(end: Fact, name: str) -> None:
    connected = facts.StatusChanged(20, 20, "/crm", name, None, "connected")

    (cycle,) = life(merge((), [BEGIN, end, connected])[0]).cycles

    assert (cycle.end, cycle.connected_at) == (20, 20)
    assert connected in cycle.marks


@pytest.mark.parametrize(
    ("before", "is_noted"),
    [(SECOND, True), (JUST_BEFORE, True), (JUST_BEFORE + SECOND, False), (SECOND // 2, False)],
)
def test_what_a_clock_of_whole_seconds_stamps_just_before_a_cycle_and_in_none_is_noted_there(
    before: int, *, is_noted: bool
) -> None:
    start = 1_000 * SECOND
    at = start - before
    begin = facts.HandedOff(start, start, "/crm", "begin")
    told: list[Fact] = [
        facts.Attempted(at, at, "/crm", "call", None, "phone"),
        facts.StatusChanged(at, at, "/crm", "reached", None, "connected"),
    ]

    (cycle,) = life(merge((), [*told, begin])[0]).cycles

    assert sorted(fact.id for fact in cycle.just_before) == (["call", "reached"] if is_noted else [])
    assert cycle.attempts == []


def test_what_lies_in_a_cycle_is_not_just_before_the_next() -> None:
    end, start = 1_000 * SECOND, 1_000 * SECOND + 1
    call = facts.Attempted(end, end, "/crm", "call", None, "phone")
    told: list[Fact] = [
        BEGIN,
        facts.Recycled(end, end, "/crm", "end"),
        call,
        facts.HandedOff(start, start, "/crm", "again"),
    ]

    first, second = life(merge((), told)[0]).cycles

    assert (first.attempts, list(second.just_before)) == ([call], [])


def test_the_leads_own_clock_takes_what_comes_up_to_its_end_and_nothing_later() -> None:
    created = facts.Created(5, 5, "/crm", "created")
    early, reply, later = (facts.Attempted(at, at, "/crm", f"at {at}", None, "mail") for at in (4, 20, 21))
    closed, again = (facts.StatusChanged(at, at, "/crm", f"closed {at}", None, "rejected") for at in (20, 30))
    reached = facts.StatusChanged(25, 25, "/crm", "reached", None, "connected")

    creation = life(merge((), [created, early, BEGIN, closed, reply, later, reached, again])[0]).creation

    assert creation is not None
    assert (creation.end, creation.ended_by, creation.attempts, creation.connected_at) == (20, "closed", [reply], None)


@given(histories())
def test_cycles_are_numbered_and_follow_each_other(history: History) -> None:
    known, _ = merge((), [fact for _, fact in history])
    found = life(known).cycles

    assert [cycle.number for cycle in found] == list(range(1, len(found) + 1))
    for cycle, after in zip(found, [*found[1:], None], strict=False):
        ends = float("inf") if cycle.end is None else cycle.end
        assert cycle.start <= ends
        assert after is None or ends <= after.start
        assert cycle.connected_at is None or cycle.connected_at == cycle.end


@given(histories())
def test_each_attempt_is_held_by_the_cycle_that_its_time_lies_in_and_at_an_end_by_the_one_that_begins_then(
    history: History,
) -> None:
    known, _ = merge((), [fact for _, fact in history])
    found = life(known).cycles

    for attempt in known:
        if isinstance(attempt, facts.Attempted):
            holds = [cycle.number for cycle in found if attempt in cycle.attempts]
            assert holds == held_by(attempt.time, found)[-1:]


def held_by(at: int, found: list[Cycle]) -> list[int]:
    """The cycles that hold an instant, those first that only end in it."""
    ends_then = [cycle.number for cycle in found if cycle.end == at]
    begun = [cycle.number for cycle in found if cycle.start <= at and (cycle.end is None or at < cycle.end)]
    begins_then = [cycle.number for cycle in found if cycle.start == at]
    return [*ends_then, *begun, *begins_then]
