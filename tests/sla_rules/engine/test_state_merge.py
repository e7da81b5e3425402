"""Two states of one lead: what both know is kept, whichever was written last."""

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from sla_rules.engine.codec import LeadState, decode, encode, pack_facts
from sla_rules.engine.partition import BEFORE_ALL, PartitionState
from sla_rules.engine.state_merge import merge_states, supersedes
from sla_rules.lead.facts import Fact, merge
from tests.sla_rules.rules import company_x
from tests.sla_rules.story import attempted, handed_off, types_of
from tests.strategies import some_facts


def state(facts: Sequence[Fact], as_of: int = 0) -> bytes:
    known, _ = merge((), facts)
    return encode(
        LeadState("digest", as_of, None, (), revised=False, last_time=0, last_arrival=0, packed=pack_facts(known))
    )


@given(st.lists(some_facts(), max_size=4), st.lists(some_facts(), max_size=4), st.integers(0, 9), st.integers(0, 9))
def test_all_facts_of_both_are_known_in_whichever_order_they_come(
    one: list[Fact], other: list[Fact], earlier: int, later: int
) -> None:
    there, back = (
        merge_states(state(one, earlier), state(other, later)),
        merge_states(state(other, later), state(one, earlier)),
    )

    assert decode(there).packed == decode(back).packed == decode(state([*one, *other])).packed
    assert decode(there).as_of == max(earlier, later)


@given(st.lists(some_facts(), max_size=4), st.lists(some_facts(), max_size=4))
def test_a_state_follows_what_it_knows_all_of(one: list[Fact], other: list[Fact]) -> None:
    both = state([*one, *other])

    assert supersedes(both, state(one))
    assert supersedes(state(one), state(one))
    assert supersedes(state(one), both) is (decode(state(one)).packed == decode(both).packed)


LEAD = b"lead-1"
TOLD = (handed_off("2026-03-02 09:00"), attempted("2026-03-02 09:10"))


def owner(leads: dict[bytes, bytes]) -> PartitionState:
    partition = PartitionState(company_x(), leads)
    partition.load()
    return partition


def test_a_contested_lead_is_judged_anew_and_written_again_even_where_both_states_say_the_same() -> None:
    leads = owner({}).fold({LEAD: TOLD}).states

    successor = owner({LEAD: merge_states(leads[LEAD], leads[LEAD])})

    assert successor.advance_to(0).states == leads


def test_an_event_that_was_read_before_does_not_keep_a_contested_lead_from_being_written_again() -> None:
    leads = owner({}).fold({LEAD: TOLD}).states

    successor = owner({LEAD: merge_states(leads[LEAD], state(TOLD[:1], BEFORE_ALL))})

    assert successor.fold({LEAD: TOLD}).states == leads
    assert successor.advance_to(0).states == {}


def test_a_late_state_that_knows_less_changes_nothing_and_is_written_over() -> None:
    partition = owner({})
    leads = partition.fold({LEAD: TOLD}).states

    changes = partition.absorb_foreign_writes([(LEAD, state(TOLD[:1]))], [], [])

    assert (changes.states, types_of(changes)) == ({}, [])
    assert partition.advance_to(0).states == leads


def test_a_late_state_that_knows_more_is_taken_in() -> None:
    partition = owner({})
    partition.fold({LEAD: TOLD[:1]})

    changes = partition.absorb_foreign_writes([(LEAD, state(TOLD))], [], [])

    assert decode(changes.states[LEAD]).facts == TOLD
