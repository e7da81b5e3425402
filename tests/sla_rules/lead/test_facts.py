from itertools import permutations
from typing import Any

import msgspec
import pytest

from sla_rules.instants import MINUTE
from sla_rules.lead import facts
from sla_rules.lead.facts import merge

HANDED_OFF = facts.HandedOff(10, 20, "/crm", "a", None, "ann", "north")


def test_the_same_fact_again_is_a_duplicate_and_lowers_the_arrival_to_the_earliest() -> None:
    early = msgspec.structs.replace(HANDED_OFF, arrival=15)

    assert ((early,), ["duplicate"]) == merge([HANDED_OFF], [early])
    assert ((early,), ["duplicate"]) == merge([early], [HANDED_OFF])


def test_of_two_contents_under_one_id_the_earlier_wins_whichever_came_first() -> None:
    later = msgspec.structs.replace(HANDED_OFF, time=11, arrival=5)
    kept = msgspec.structs.replace(HANDED_OFF, arrival=5)

    assert ((kept,), ["conflict"]) == merge([HANDED_OFF], [later])
    assert ((kept,), ["conflict"]) == merge([later], [HANDED_OFF])


def test_of_contents_with_one_time_the_same_wins_in_any_order() -> None:
    contents = [msgspec.structs.replace(HANDED_OFF, rep=rep) for rep in ("ann", "bob", "zoe")]

    first, *others = (merge((), order)[0] for order in permutations(contents))

    assert all(kept == first for kept in others)


def test_of_two_contents_under_one_id_a_deletion_wins_over_an_earlier_content() -> None:
    deletion = facts.StatusChanged(11, 20, "/crm", "a", None, "deleted")

    assert ((deletion,), ["conflict"]) == merge([HANDED_OFF], [deletion])
    assert ((deletion,), ["conflict"]) == merge([deletion], [HANDED_OFF])


def test_a_correction_received_again_is_a_duplicate_and_what_it_puts_in_arrived_with_it_the_first_time() -> None:
    early, late = (
        facts.Corrected(10, arrival, "/crm", "c", None, "a", msgspec.structs.replace(HANDED_OFF, arrival=arrival))
        for arrival in (20, 30)
    )

    assert ((early,), ["duplicate"]) == merge([early], [late])
    assert ((early,), ["duplicate"]) == merge([late], [early])


@pytest.mark.parametrize(("one", "other"), [(1, True), (0, False), (1, 1.0), (0.0, -0.0)])
def test_values_that_are_equal_and_not_the_same_are_a_conflict_with_one_winner(one: Any, other: Any) -> None:
    contents = [msgspec.structs.replace(HANDED_OFF, fields={"attributes.vip": value}) for value in (one, other)]

    there, fates = merge((), contents)
    back, _ = merge((), contents[::-1])

    assert fates == ["accepted", "conflict"]
    assert msgspec.msgpack.encode(there) == msgspec.msgpack.encode(back)


def test_one_id_of_two_sources_is_two_facts() -> None:
    other = msgspec.structs.replace(HANDED_OFF, source="/other")

    assert ((HANDED_OFF, other), ["accepted", "accepted"]) == merge((), [other, HANDED_OFF])


def test_the_same_content_under_a_new_id_is_a_fact_of_its_own() -> None:
    again = msgspec.structs.replace(HANDED_OFF, id="b")

    assert ((HANDED_OFF, again), ["accepted"]) == merge([HANDED_OFF], [again])


def test_facts_stand_by_time_then_in_the_order_of_a_leads_life_then_by_id_and_source() -> None:
    in_order = (
        facts.StatusChanged(MINUTE - 1, 0, "/crm", "z", None, "connected"),
        facts.Created(MINUTE, 0, "/crm", "y"),
        facts.Recycled(MINUTE, 0, "/crm", "x"),
        facts.HandedOff(MINUTE, 0, "/crm", "b"),
        facts.HandedOff(MINUTE, 0, "/crm", "c"),
        facts.HandedOff(MINUTE, 0, "/other", "c"),
        facts.Reassigned(MINUTE, 0, "/crm", "w"),
        facts.Attempted(MINUTE, 0, "/crm", "v"),
        facts.StatusChanged(MINUTE, 0, "/crm", "u"),
        facts.Excused(MINUTE, 0, "/crm", "a", None, "holiday", "ana"),
    )

    assert in_order == merge((), in_order[::-1])[0]


def test_one_id_of_a_lead_and_of_a_ticket_is_two_facts_in_one_order() -> None:
    both = [facts.StatusChanged(9, 9, "/crm", "z", None, "deleted", subject=one) for one in (None, "ticket")]

    assert merge((), both) == merge((), reversed(both)) == (tuple(both), ["accepted", "accepted"])
