"""What arrived joins a lead as far as it can be merged and there is room; the rest is given back with why."""

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sla_rules.engine.codec import LeadState, pack_facts
from sla_rules.engine.joining import join
from sla_rules.instants import MINUTE
from sla_rules.lead import facts
from sla_rules.lead.facts import Fact, deletes, identity_of, merge
from sla_rules.limits import DEFAULT, LARGEST_FACTS, Limits
from tests.script import ORIGIN
from tests.strategies import some_facts

SMALL = Limits(facts=10, size=2_000)


def state(*known: Fact) -> LeadState:
    merged, _ = merge((), known)
    return LeadState("", 0, None, (), revised=False, last_time=0, last_arrival=0, packed=pack_facts(merged))


def attempt(number: int, **more: Any) -> Fact:
    return facts.Attempted(ORIGIN + number * MINUTE, ORIGIN, "/crm", f"a-{number:05}", **more)


def turned(number: int, to: str = "converted") -> Fact:
    return facts.StatusChanged(ORIGIN + number * MINUTE, ORIGIN, "/crm", f"t-{number:05}", status=to)


def attempts(count: int, begin: int = 0) -> list[Fact]:
    return [attempt(number) for number in range(begin, begin + count)]


@given(st.lists(some_facts(), max_size=8), st.lists(some_facts(), max_size=8))
def test_where_there_is_room_all_that_arrived_joins(known: list[Fact], arrived: list[Fact]) -> None:
    merged, fates = merge(state(*known).facts, arrived)

    found, refused = join(state(*known), arrived, DEFAULT)

    assert (found.facts, found.fates, refused) == (merged, fates, ())
    assert found.packed == pack_facts(merged)


def test_a_lead_takes_as_many_facts_as_it_may_and_the_rest_is_refused_in_order() -> None:
    found, refused = join(state(*attempts(8)), attempts(5, begin=8), SMALL)

    assert len(found.facts) == 10
    assert found.fates == ["accepted", "accepted"]
    assert [(one.place, one.fact) for one in refused] == list(enumerate(attempts(5, begin=8)))[2:]
    assert {one.reason for one in refused} == {"lead_full"}
    assert refused[0].detail.startswith("the lead has 10 facts of ")


def test_a_lead_takes_as_many_bytes_as_it_may() -> None:
    wide = [attempt(number, rep="r" * 400) for number in range(6)]

    found, refused = join(None, wide, SMALL)

    assert len(found.packed) <= SMALL.size
    assert len(found.facts) + len(refused) == 6
    assert len(refused) == 2


def test_one_fact_that_is_larger_than_a_lead_may_be_is_refused_and_the_lead_is_not_there() -> None:
    found, refused = join(
        None, [facts.Created(ORIGIN, ORIGIN, "/crm", "a", fields={"attributes.note": "x" * 9_999})], SMALL
    )

    assert found.facts == ()
    assert [one.reason for one in refused] == ["lead_full"]


def test_what_is_known_needs_no_room_however_often_it_is_received() -> None:
    full = [attempt(number, channel="phone") for number in range(15)]
    earlier = msgspec.structs.replace(full[3], arrival=ORIGIN - MINUTE)
    shorter = msgspec.structs.replace(full[4], channel="sms")
    longer = msgspec.structs.replace(full[5], channel="telephone")

    found, refused = join(state(*full), [full[0], earlier, shorter, longer], SMALL)

    assert found.fates == ["duplicate", "duplicate", "conflict"]
    assert found.facts[3].arrival == ORIGIN - MINUTE
    assert [(one.fact, one.reason) for one in refused] == [(longer, "lead_full")]


def test_what_was_erased_and_is_received_again_in_full_needs_no_room() -> None:
    told = facts.Created(ORIGIN, ORIGIN, "/crm", "a", fields={"attributes.note": "x" * 100})
    erased = msgspec.structs.replace(told, fields={}, erased=facts.fingerprint(told))

    found, refused = join(state(*attempts(20), erased), [told], SMALL)

    assert (refused, found.fates) == ([], ["duplicate"])
    assert erased in found.facts


@pytest.mark.parametrize(
    "fact",
    [
        turned(99),
        facts.HandedOff(ORIGIN, ORIGIN, "/crm", "r"),
        facts.Recycled(ORIGIN, ORIGIN, "/crm", "r"),
        facts.Excused(ORIGIN, ORIGIN, "/crm", "r"),
        facts.Merged(ORIGIN, ORIGIN, "/crm", "r", into="lead-2"),
        facts.Corrected(ORIGIN, ORIGIN, "/crm", "r", replaces="a-00001"),
        attempt(99, outcome="connected"),
    ],
)
def test_what_clocks_of_a_full_lead_hang_on_has_some_room_more(fact: Fact) -> None:
    found, refused = join(state(*attempts(10)), [attempt(50), fact], SMALL)

    assert fact in found.facts
    assert [one.fact for one in refused] == [attempt(50)]


def test_that_room_ends_too_and_a_deletion_gets_in_all_the_same() -> None:
    limits = Limits(facts=16, size=5_000)
    closing = [turned(number, "reopened") for number in range(30)]
    deletion = turned(99, "deleted")

    found, refused = join(state(*attempts(16)), [*closing, deletion], limits)

    assert len(found.facts) == 16 + 2 + 1
    assert deletion in found.facts
    assert [one.place for one in refused] == list(range(2, 30))


@given(st.lists(some_facts(), max_size=30, unique_by=identity_of), st.randoms())
def test_whatever_arrives_is_known_or_given_back_and_no_lead_outgrows_its_record(told: list[Fact], random: Any) -> None:
    limits = Limits(facts=random.randint(1, 8), size=random.randint(100, 1_500))
    known: LeadState | None = None
    given_back: list[Fact] = []
    for begin in range(0, len(told), 4):
        found, refused = join(known, told[begin : begin + 4], limits)
        given_back += [one.fact for one in refused]
        known = state(*found.facts)

    kept = () if known is None else known.facts
    assert sorted(_id(fact) for fact in (*kept, *given_back)) == sorted(map(_id, told))
    deletions = sum(map(deletes, kept))
    assert len(kept) - deletions <= limits.most_facts
    assert all(not deletes(fact) for fact in given_back)


def test_a_fact_that_cannot_be_packed_is_refused_and_the_others_are_taken() -> None:
    odd = facts.Created(ORIGIN, ORIGIN, "/crm", "odd", fields={"attributes.note": "\ud800"})

    found, refused = join(state(attempt(1)), [attempt(2), odd, attempt(3)], DEFAULT)

    assert found.facts == (attempt(1), attempt(2), attempt(3))
    assert [(one.place, one.reason) for one in refused] == [(1, "unfoldable")]
    assert refused[0].detail.startswith("UnicodeEncodeError: 'utf-8' codec can't encode character")


def test_a_fact_that_cannot_be_merged_is_refused_and_the_others_are_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = facts.in_order

    def order(fact: Any) -> Any:
        if fact.id == "a-00002":
            message = "no such order"
            raise ArithmeticError(message)
        return whole(fact)

    monkeypatch.setattr(facts, "in_order", order)

    found, refused = join(state(attempt(1)), attempts(3, begin=2), DEFAULT)

    assert found.facts == (attempt(1), attempt(3), attempt(4))
    assert [(one.place, one.reason, one.detail.partition(" (")[0]) for one in refused] == [
        (0, "unfoldable", "ArithmeticError: no such order")
    ]


@pytest.mark.parametrize("error", [MemoryError, KeyboardInterrupt])
def test_what_says_nothing_of_a_fact_is_not_caught(error: type[BaseException], monkeypatch: pytest.MonkeyPatch) -> None:
    def order(_: Any) -> Any:
        raise error

    monkeypatch.setattr(facts, "in_order", order)

    with pytest.raises(error):
        join(None, [attempt(1)], DEFAULT)


def test_what_two_owners_knew_is_cut_to_what_fits_a_record_and_the_rest_is_given_back() -> None:
    wide = [attempt(number, rep="r" * 500) for number in range(2_000)]
    closing = [turned(number) for number in range(2_000, 2_010)]
    before = state(*wide, *closing)
    assert len(before.packed) > LARGEST_FACTS

    found, surplus = join(before, (), DEFAULT)

    assert len(found.packed) <= DEFAULT.most_size
    assert set(map(_id, closing)) <= set(map(_id, found.facts))
    assert {(one.place, one.reason) for one in surplus} == {(None, "lead_full")}
    assert sorted(map(_id, (*found.facts, *(one.fact for one in surplus)))) == sorted(map(_id, (*wide, *closing)))
    assert join(state(*found.facts), (), DEFAULT)[1] == ()


def _id(fact: Fact) -> str:
    return fact.id + fact.source
