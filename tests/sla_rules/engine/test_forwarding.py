"""What merged leads send on: to all whom it concerns, once, and only what is new."""

from collections.abc import Iterable, Sequence
from typing import Any, Final

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sla_rules.agreement.rulebook import RuleBook
from sla_rules.engine import fold, forwarding
from sla_rules.engine.changes import Changes
from sla_rules.engine.codec import decode, encode, pack_facts, unpack_facts
from sla_rules.engine.fold import step
from sla_rules.engine.forwarding import DEEP, NOTHING, Owed
from sla_rules.engine.partition import PartitionState
from sla_rules.engine.state_merge import merge_states
from sla_rules.instants import DAY, HOUR, Instant
from sla_rules.lead import facts
from sla_rules.lead.erasure import deleted
from sla_rules.lead.facts import Corrected, Fact, Merged, deletes, merge
from sla_rules.lead.history import history
from sla_rules.reports.facts_by_key import propagate_merges
from tests.script import History, Script
from tests.sla_rules.groups import SHAPES, Settling, lives_of, mergers_of, names
from tests.sla_rules.rules import company_x, rule_books, wall
from tests.sla_rules.scratch import closure, everything, facts_of, outcome
from tests.sla_rules.worker import CRASH_POINTS, Crash, Worker
from tests.strategies import deliveries, ends, groups

BOOKS: Final = st.sampled_from(rule_books())
PERSONAL: Final = b"anna"
MERGED: Final = facts.Merged(30, 30, "/crm", "m", into="lead-2")
CALLED: Final = facts.Attempted(20, 20, "/crm", "c", channel="phone")


@pytest.fixture
def asking_early(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leads ask those two mergers above them, so that small groups show what becomes of it."""
    monkeypatch.setattr(forwarding, "DEEP", 2)


@st.composite
def delivered(draw: st.DrawFn) -> tuple[History, Script, Instant]:
    history, end = draw(groups()), draw(ends())
    return history, draw(deliveries(history, end)), end


class Counting(Worker):
    """Counts what it sends on."""

    sent = 0

    def take(self, *step: Any, **how: Any) -> Changes:
        changes = super().take(*step, **how)
        self.sent += sum(map(len, changes.forwards.values()))
        return changes


@given(BOOKS, delivered())
def test_whatever_the_order_merged_leads_come_to_what_each_would_say_who_knew_everything(
    rules: RuleBook, given: tuple[History, Script, Instant]
) -> None:
    history, script, end = given

    assert outcome(rules, history, end) == Worker(rules).run(script).outcome()


@pytest.mark.usefixtures("asking_early")
@given(BOOKS, delivered())
def test_asking_those_far_up_changes_nothing_of_what_is_known_in_the_end(
    rules: RuleBook, given: tuple[History, Script, Instant]
) -> None:
    history, script, end = given

    assert outcome(rules, history, end) == Worker(rules).run(script).outcome()


@given(BOOKS, delivered(), st.data())
def test_wherever_a_worker_dies_what_has_to_be_sent_on_is_sent(
    rules: RuleBook, given: tuple[History, Script, Instant], data: st.DataObject
) -> None:
    history, script, end = given
    crash = st.builds(Crash, st.sampled_from(CRASH_POINTS), st.integers(0, 3))
    crashes = data.draw(st.dictionaries(st.integers(0, len(script) - 1), crash, min_size=1, max_size=4))

    assert outcome(rules, history, end) == Worker(rules).run(script, crashes).outcome()


@given(delivered())
def test_a_fact_crosses_a_merger_once(given: tuple[History, Script, Instant]) -> None:
    _, script, _ = given
    told = [(lead, fact) for taken in script if not isinstance(taken, int) for lead, fact in taken]
    leads = {lead for lead, _ in told} | {fact.into for _, fact in told if isinstance(fact, Merged)}
    mergers = {(lead, fact.into) for lead, fact in told if isinstance(fact, Merged)}
    deletions = [fact for _, fact in told if deletes(fact)]
    # Where something is deleted, a fact is sent once more when it has been erased, and so are marks, by subject.
    most = len(told) * len(mergers)
    if deletions:
        most = 2 * (len(told) + 2 * len(leads)) * len(mergers) + len(deletions) * len(leads)

    assert Counting(wall()).run(script).sent <= most


@pytest.mark.parametrize(
    ("shape", "count"),
    [("ring", 10), ("ring", 60), ("way", 10), ("way", 60), ("fan", 10), ("fan", 200), ("clique", 3), ("clique", 9)],
)
def test_at_once_or_one_by_one_there_are_no_more_records_than_facts_times_mergers(shape: str, count: int) -> None:
    pairs = SHAPES[shape](count)
    told = [*lives_of(pairs), *mergers_of(pairs)]
    deep = count >= DEEP and shape in {"ring", "way"}

    for batch in (1, len(told)):
        settling = Settling(PartitionState(company_x(), {}))
        for first in range(0, len(told), batch):
            settling.take(told[first : first + batch])

        assert settling.sent <= len(told) * len(pairs) * (2 if deep else 1)
        if shape == "fan":
            assert settling.sent == 3 * len(pairs)
        assert [lead for lead in names(count) if decode(settling.partition.leads[lead.encode()]).contributions] == [
            names(count)[-1 if shape in {"fan", "way"} else 0]
        ]


@pytest.mark.parametrize("shape", ["ring", "way"])
def test_on_a_long_way_a_lead_is_not_written_once_for_each_merger(shape: str) -> None:
    pairs = SHAPES[shape](130)
    told = [*lives_of(pairs), *mergers_of(pairs)]
    settling = Settling(PartitionState(company_x(), {}))

    settling.take(told)

    assert max(settling.written.values()) <= DEEP + 16
    assert settling.sent <= 3 * len(told) * len(pairs)


def test_what_is_received_for_a_merged_lead_later_is_one_record_for_each_lead_on_its_way() -> None:
    settling = Settling(PartitionState(company_x(), {}))
    settling.take([*lives_of(SHAPES["way"](4)), *mergers_of(SHAPES["way"](4))])
    before = settling.sent

    settling.take([(names(4)[0], CALLED)])

    assert settling.sent - before == 3


@given(delivered(), ends(), st.integers(0, 10))
def test_as_of_any_time_each_lead_says_what_it_would_say_if_it_knew_everything(
    given: tuple[History, Script, Instant], end: Instant, grace: int
) -> None:
    """So what is published of a period that is over is right wherever its leads have gone since."""
    told, _, _ = given
    own = {lead: facts_of([fact for name, fact in told if name == lead]) for lead, _ in told}

    def counted(lead: str, known: Iterable[Fact]) -> bytes:
        by_then = [fact for fact in known if fact.time <= end and fact.arrival <= end + grace * DAY]
        return msgspec.msgpack.encode(history(lead, by_then))

    held = propagate_merges(own)

    for lead in own.keys() | {fact.into for _, fact in told if isinstance(fact, Merged)}:
        assert counted(lead, held.get(lead, ())) == counted(lead, everything(own, lead))


@given(BOOKS, delivered())
def test_of_a_lead_that_is_deleted_and_of_those_ever_merged_into_it_nothing_personal_is_left_anywhere(
    rules: RuleBook, given: tuple[History, Script, Instant]
) -> None:
    told, script, _ = given
    mergers = [(lead, fact) for lead, fact in told if isinstance(fact, Merged)]
    gone = {(fact.subject, lead) for lead, fact in told if deletes(fact)}
    for subject in {subject for subject, _ in gone}:
        ways = closure({(lead, fact.into) for lead, fact in mergers if fact.subject == subject})
        gone |= {(subject, loser) for loser, into in ways if (subject, into) in gone}

    states = Worker(rules).run(script).durable.states

    for name, data in states.items():
        for fact in decode(data).facts:
            if (fact.subject, fact.origin or name.decode()) in gone:
                assert PERSONAL not in msgspec.msgpack.encode(fact)


@given(BOOKS, delivered(), st.data())
def test_whatever_else_is_received_under_the_id_of_a_merger_verdicts_do_not_depend_on_the_order(
    rules: RuleBook, given: tuple[History, Script, Instant], data: st.DataObject
) -> None:
    told, _, end = given
    merger = st.sampled_from([(lead, fact) for lead, fact in told if isinstance(fact, Merged)])
    for lead, fact in data.draw(st.lists(merger, min_size=1, max_size=2)):
        when = data.draw(st.integers(-2, 2)) * HOUR
        told.append((lead, facts.Recycled(fact.time + when, fact.arrival, fact.source, fact.id, subject=fact.subject)))

    found = Worker(rules).run(data.draw(deliveries(told, end))).outcome()
    wanted = outcome(rules, told, end)

    assert (wanted.standing, wanted.figures) == (found.standing, found.figures)
    assert {lead: kept for lead, kept in wanted.contributions.items() if kept} == {
        lead: kept for lead, kept in found.contributions.items() if kept
    }


def formerly_owed(lead: str, before: msgspec.Raw, known: Sequence[Any], packed: msgspec.Raw, _: object = ()) -> Owed:
    """What the release before forwarded: all facts whenever one was new, to every lead that any merger named."""
    if before == packed:
        return {}
    sent = [fact if fact.origin else msgspec.structs.replace(fact, origin=lead) for fact in known]
    gone = deleted(lead, known)
    why = [fact for fact in sent if isinstance(fact, Merged | Corrected) or deletes(fact)] if gone else []
    targets = {fact.into for fact in known if isinstance(fact, Merged)}
    told = dict.fromkeys((one.id for one in gone), why) | dict.fromkeys(targets, sent)
    return {
        target: news
        for target, all_of_it in told.items()
        if target != lead and (news := tuple(fact for fact in all_of_it if fact.origin != target))
    }


@given(BOOKS, delivered(), st.data())
def test_what_the_release_before_kept_and_left_under_way_comes_to_the_same(
    rules: RuleBook, given: tuple[History, Script, Instant], data: st.DataObject
) -> None:
    told, script, end = given
    upgrade = data.draw(st.integers(0, len(script) - 1))
    worker = Worker(rules)
    with pytest.MonkeyPatch.context() as former:
        former.setattr(fold, "owed", formerly_owed)
        for taken in script[:upgrade]:
            worker.take(taken)
            if data.draw(st.booleans()):
                batch, worker.durable.forwarded = worker.durable.forwarded, []
                worker.take(batch)

    worker.take_over()
    found, wanted = worker.run(script[upgrade:]).outcome(), outcome(rules, told, end)

    assert (wanted.standing, wanted.figures) == (found.standing, found.figures)
    assert {lead: kept for lead, kept in wanted.contributions.items() if kept} == {
        lead: kept for lead, kept in found.contributions.items() if kept
    }
    for lead, known in wanted.facts.items():
        told_here = [fact for fact in unpack_facts(msgspec.Raw(known)) if not fact.origin]
        assert told_here == [fact for fact in unpack_facts(msgspec.Raw(found.facts[lead])) if not fact.origin]


def state(known: Sequence[Fact]) -> bytes:
    return encode(step(wall(), "lead-1", None, known, 40).state)


def test_what_two_owners_knew_apart_is_sent_where_neither_could_know_that_it_belonged() -> None:
    partition = PartitionState(wall(), {b"lead-1": merge_states(state([CALLED]), state([MERGED]))})
    partition.load()

    forwarded = partition.advance_to(50).forwards

    assert [fact.id for fact in forwarded[b"lead-2"]] == ["c", "m"]
    assert partition.advance_to(60).forwards == {}


@pytest.mark.parametrize(("ours", "theirs"), [(CALLED, MERGED), (MERGED, CALLED)])
def test_what_a_late_owner_knew_is_sent_on_with_what_we_know(ours: Fact, theirs: Fact) -> None:
    partition = PartitionState(wall(), {})
    sent = list(partition.fold({b"lead-1": [ours]}).forwards.get(b"lead-2", ()))

    sent += partition.absorb_foreign_writes([(b"lead-1", state([theirs]))], [], []).forwards[b"lead-2"]

    assert sorted(fact.id for fact in sent) == ["c", "m"]


def test_who_is_asked_sends_all_that_it_knows_and_keeps_no_question() -> None:
    partition = PartitionState(wall(), {})
    partition.fold({b"lead-1": [CALLED]})
    before = dict(partition.leads)

    changes = partition.fold({b"lead-1": [facts.Asked(0, 0, "/leadsla", "asked", "lead-9")]})

    assert [(fact.id, fact.origin) for fact in changes.forwards[b"lead-9"]] == [("c", "lead-1")]
    assert (changes.states, partition.leads) == ({}, before)


def test_what_another_lead_sends_itself_is_left_to_it_until_its_merger_turns_out_to_be_none() -> None:
    of_another = [msgspec.structs.replace(fact, origin="lead-3") for fact in (CALLED, MERGED)]
    first = step(wall(), "lead-1", None, [MERGED, *of_another], 40)
    none = facts.Recycled(10, 10, "/crm", "m", "lead-3")

    second = step(wall(), "lead-1", first.state, [none], 40)

    assert [(fact.id, fact.origin) for fact in first.forwards["lead-2"]] == [("m", "lead-1")]
    assert {(fact.id, fact.origin) for fact in second.forwards["lead-2"]} >= {("c", "lead-3"), ("m", "lead-3")}


def test_nothing_is_owed_where_nothing_was_merged() -> None:
    known = merge((), [CALLED, facts.Corrected(40, 40, "/crm", "x", replaces="c")])[0]

    assert forwarding.owed("lead-1", NOTHING, known, pack_facts(known)) == {}
