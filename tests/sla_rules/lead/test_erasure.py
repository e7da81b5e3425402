"""Erasure: what a deletion leaves, wherever it was told, wherever its lead's facts went, whatever came first."""

from itertools import permutations
from typing import Any, Final

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sla_rules.agreement.rulebook import RuleBook
from sla_rules.engine.codec import decode, encode
from sla_rules.engine.fold import step
from sla_rules.instants import DAY, HOUR, MINUTE, Instant
from sla_rules.lead import facts
from sla_rules.lead.erasure import Gone, deleted, erased
from sla_rules.lead.facts import Fact, deletes, fingerprint, merge
from tests.script import ORIGIN, History, Script
from tests.sla_rules.rules import rule_books, several, wall
from tests.sla_rules.scratch import outcome
from tests.sla_rules.worker import Worker
from tests.strategies import LEADS, deliveries, ends, histories, some_facts

PERSONAL: Final = b"anna"

CREATED = facts.Created(
    ORIGIN, ORIGIN, "/crm", "a", None, {"attributes.note": "anna at home", "campaign": "dear anna", "role": "ceo"}
)
HANDED_OFF = facts.HandedOff(ORIGIN + 1, ORIGIN + 1, "/crm", "b", None, "rita", "north", {"attributes.note": "anna"})
RECYCLED = facts.Recycled(ORIGIN + HOUR, ORIGIN + HOUR, "/crm", "c", None, "anna hung up")
EXCUSED = facts.Excused(ORIGIN + HOUR, ORIGIN + HOUR, "/crm", "d", None, "anna is ill", "anna's aunt")
CORRECTED = facts.Corrected(ORIGIN + HOUR, ORIGIN + HOUR, "/crm", "e", None, "a", CREATED)
DEAL = facts.DealClosed(ORIGIN + HOUR, ORIGIN + HOUR, "/crm", "f", None, "won", "100", "EUR", "deal-1")
UPDATED = facts.Updated(ORIGIN + 2, ORIGIN + 2, "/crm", "g", fields={"attributes.note": "anna moved", "role": "ceo"})
TOLD: Final[tuple[Fact, ...]] = (CREATED, HANDED_OFF, RECYCLED, EXCUSED, CORRECTED, UPDATED, DEAL)
DELETED = facts.StatusChanged(ORIGIN + DAY, ORIGIN + DAY, "/crm", "z", None, "deleted", "anna asked")


def merged(into: str, name: str = "m", origin: str | None = None) -> Fact:
    return facts.Merged(ORIGIN + 2 * HOUR, ORIGIN + 2 * HOUR, "/crm", name, origin, into)


def after(rules: RuleBook, history: History) -> dict[bytes, bytes]:
    """What is kept of each lead once all that mergers send on has arrived."""
    return Worker(rules).run([[one] for one in history] + [ORIGIN + 2 * DAY]).durable.states


@pytest.mark.parametrize("told", TOLD, ids=lambda fact: type(fact).__name__)
def test_of_a_deleted_leads_fact_no_personal_data_is_left_whichever_came_first(told: Fact) -> None:
    for order in permutations([told, DELETED]):
        kept = after(wall(), [("lead-1", fact) for fact in order])[b"lead-1"]

        assert PERSONAL not in kept
        assert len(decode(kept).facts) == 2


@pytest.mark.parametrize("told", TOLD[:6], ids=lambda fact: type(fact).__name__)
def test_what_a_deleted_leads_event_says_of_a_ticket_goes_too_whichever_came_first(told: Fact) -> None:
    of_ticket = msgspec.structs.replace(told, subject="ticket")
    for order in permutations([told, of_ticket, DELETED]):
        kept = after(wall(), [("lead-1", fact) for fact in order])[b"lead-1"]

        assert PERSONAL not in kept
        assert len(decode(kept).facts) == 3


def test_what_another_event_says_of_a_ticket_of_the_same_id_stays() -> None:
    of_ticket = msgspec.structs.replace(RECYCLED, id="other", subject="ticket")

    kept = after(wall(), [("lead-1", fact) for fact in (RECYCLED, of_ticket, DELETED)])[b"lead-1"]

    assert kept.count(PERSONAL) == 1


def test_what_rules_ask_for_and_what_is_counted_stays() -> None:
    kept = decode(after(wall(), [("lead-1", fact) for fact in (*TOLD, DELETED)])[b"lead-1"]).facts

    assert {type(fact).__name__: getattr(fact, "fields", None) for fact in kept[:2]} == {
        "Created": {"role": "ceo"},
        "HandedOff": {},
    }
    assert [(fact.rep, fact.team) for fact in kept if isinstance(fact, facts.HandedOff)] == [("rita", "north")]
    assert DEAL in kept


def test_what_was_received_for_a_lead_that_was_not_deleted_is_kept_as_it_was() -> None:
    kept = decode(after(wall(), [("lead-1", fact) for fact in TOLD])[b"lead-1"]).facts

    assert kept == merge((), TOLD)[0]


def test_received_again_in_full_it_is_a_duplicate_and_stays_erased() -> None:
    worker = Worker(wall()).run([[("lead-1", fact) for fact in (*TOLD, DELETED)], ORIGIN + 2 * DAY])
    before = dict(worker.durable.states)

    changes = worker.take([("lead-1", fact) for fact in (*TOLD, DELETED)])

    assert dict(changes.fates) == {"duplicate": len(TOLD) + 1}
    assert before == worker.durable.states


@pytest.mark.parametrize("erasing", [{0}, {1}, {0, 1}])
def test_a_conflict_ends_the_same_whichever_side_is_erased_already(erasing: set[int]) -> None:
    told = [CREATED, msgspec.structs.replace(CREATED, fields={"campaign": "anna's birthday"})]
    left = [
        erased("lead-1", [one], {Gone(None, "lead-1")}, ())[0] if n in erasing else one for n, one in enumerate(told)
    ]
    (winner,), _ = merge((), told)

    for order in permutations(left):
        (found,), fates = merge((), order)
        assert fingerprint(winner) == fingerprint(found)
        assert fates == ["accepted", "conflict"]


def test_of_two_copies_erased_under_different_agreements_only_what_both_left_is_left() -> None:
    copies = [
        erased("lead-1", [CORRECTED], {Gone(None, "lead-1")}, asked)[0]
        for asked in (("role",), ("role", "campaign"), ())
    ]

    for order in permutations(copies):
        assert merge((), order) == ((copies[-1],), ["accepted", "duplicate", "duplicate"])


@pytest.mark.parametrize("who", ["lead-2", "lead-1"])
def test_a_deletion_reaches_what_a_merge_took_elsewhere_be_it_of_the_loser_or_of_the_survivor(who: str) -> None:
    history: History = [("lead-2", CREATED), ("lead-2", CORRECTED), ("lead-2", merged("lead-1"))]

    for order in ([*history, (who, DELETED)], [(who, DELETED), *history]):
        kept = after(wall(), order)

        assert PERSONAL not in kept[b"lead-1"]
        assert PERSONAL not in kept[b"lead-2"]


def test_a_survivors_deletion_reaches_leads_that_were_merged_into_a_lead_that_was_merged_into_it() -> None:
    told: History = [("lead-3", CREATED), ("lead-3", merged("lead-2", "n")), ("lead-2", merged("lead-1"))]

    told.append(("lead-1", DELETED))

    for order in permutations(told):
        assert all(PERSONAL not in state for state in after(wall(), list(order)).values())


def test_a_losers_deletion_leaves_what_was_received_for_the_survivor() -> None:
    history: History = [("lead-1", CREATED), ("lead-2", RECYCLED), ("lead-2", merged("lead-1")), ("lead-2", DELETED)]

    kept = after(wall(), history)[b"lead-1"]

    assert b"anna at home" in kept
    assert b"anna hung up" not in kept


def test_a_deletion_that_is_corrected_away_erases_all_the_same_and_closes_nothing() -> None:
    taken_back = facts.Corrected(ORIGIN + 2 * DAY, ORIGIN + 2 * DAY, "/crm", "y", None, "z")
    told: list[Fact] = [CREATED, HANDED_OFF, DELETED, taken_back]

    for order in permutations(told):
        kept = after(wall(), [("lead-1", fact) for fact in order])[b"lead-1"]

        assert PERSONAL not in kept
        assert "closed" not in {getattr(contribution, "status", None) for contribution in decode(kept).contributions}


def test_of_two_deletions_with_one_id_one_of_a_lead_and_one_of_a_ticket_neither_is_lost() -> None:
    of_a_ticket = [msgspec.structs.replace(fact, subject="ticket") for fact in (CREATED, DELETED)]

    for order in permutations([CREATED, DELETED, *of_a_ticket]):
        kept = after(wall(), [("lead-1", fact) for fact in order])[b"lead-1"]

        assert PERSONAL not in kept
        assert len(decode(kept).facts) == 4


def test_a_field_that_only_another_agreement_asks_for_goes_when_the_rules_change() -> None:
    role = facts.Created(ORIGIN, ORIGIN, "/crm", "a", None, {"attributes.vip": 1, "role": "ceo"})
    state = step(several(), "lead-1", None, [role, DELETED], ORIGIN + DAY).state

    assert b"vip" in encode(state)
    assert b"vip" not in encode(step(rule_books()[0], "lead-1", state, (), ORIGIN + DAY).state)


@st.composite
def with_deletions(draw: st.DrawFn) -> tuple[History, Script, Instant]:
    """Histories in which leads are merged and deleted, by events and by corrections, in any order."""
    history, end = draw(histories()), draw(ends())
    who = draw(st.lists(st.sampled_from(LEADS), min_size=1, max_size=3, unique=True))
    history += [(lead, msgspec.structs.replace(DELETED, time=ORIGIN + n * MINUTE)) for n, lead in enumerate(who)]
    if draw(st.booleans()):
        history.append((draw(st.sampled_from(LEADS)), merged(draw(st.sampled_from(LEADS)), "mm")))
    return history, draw(deliveries(history, end)), end


@given(st.sampled_from(rule_books()), with_deletions())
def test_whatever_the_order_no_personal_data_of_a_deleted_lead_is_left_anywhere_and_the_outcome_is_the_same(
    rules: RuleBook, given: tuple[History, Script, Instant]
) -> None:
    history, script, end = given

    worker = Worker(rules).run(script)

    assert outcome(rules, history, end) == worker.outcome()
    for lead, data in worker.durable.states.items():
        known = decode(data).facts
        gone = deleted(lead.decode(), known)
        left = [fact for fact in known if Gone(fact.subject, fact.origin or lead.decode()) in gone]
        assert PERSONAL not in msgspec.msgpack.encode(left)
        told = {Gone(fact.subject, name) for name, fact in history if name == lead.decode() and deletes(fact)}
        assert told <= gone


@given(st.sampled_from(rule_books()), histories(), ends())
def test_erasing_changes_no_verdict(rules: RuleBook, history: History, end: Instant) -> None:
    known, _ = merge((), [fact for _, fact in history])
    left = erased("lead-1", known, {Gone(None, fact.origin or "lead-1") for fact in known}, rules.asked)

    there, here = (step(rules, "lead-1", None, list(told), end) for told in (known, left))

    assert there.state.contributions == here.state.contributions
    assert there.standing == here.standing
    assert there.undecided == here.undecided


@given(st.lists(some_facts(), max_size=12), st.data())
def test_erased_or_not_facts_merge_idempotently_commutatively_and_associatively(
    told: list[Any], data: st.DataObject
) -> None:
    asked = st.sampled_from(((), ("role",), ("campaign", "role")))
    mixed = [
        erased("l", [fact], {Gone(None, "l")}, data.draw(asked))[0] if data.draw(st.booleans()) else fact
        for fact in told
    ]
    cut = data.draw(st.integers(0, len(mixed)))
    left, right = merge((), mixed[:cut])[0], merge((), mixed[cut:])[0]

    whole = msgspec.msgpack.encode(merge((), mixed)[0])

    assert whole == msgspec.msgpack.encode(merge(left, right)[0])
    assert whole == msgspec.msgpack.encode(merge(right, left)[0])
    assert whole == msgspec.msgpack.encode(merge(merge((), mixed)[0], mixed)[0])
    assert whole == msgspec.msgpack.encode(merge((), data.draw(st.permutations(mixed)))[0])
    assert [fact.id for fact in merge((), told)[0]] == [fact.id for fact in merge((), mixed)[0]]
