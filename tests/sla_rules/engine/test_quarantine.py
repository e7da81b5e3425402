"""A fault that nobody foresaw takes out the facts or the leads that it meets, and nothing else, for as long as it lasts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sla_rules.agreement.rulebook import RuleBook
from sla_rules.engine.changes import Changes
from sla_rules.engine.codec import QUARANTINED, UNJUDGED, decode, encode
from sla_rules.engine.judging import failure_of
from sla_rules.engine.partition import PartitionState
from sla_rules.engine.quarantine import QuarantineLimitError
from sla_rules.evaluation.tallies import Tally, add
from sla_rules.figures.windows import WindowKey
from sla_rules.formats import UnknownFormatError
from sla_rules.instants import DAY, HOUR, Instant
from sla_rules.lead import facts
from sla_rules.lead.facts import Fact, Forwarded
from sla_rules.limits import LARGEST_STATE, Limits
from sla_rules.reports.facts_by_key import known_by
from sla_rules.reports.replay import replay
from tests.script import ORIGIN, History, Script
from tests.sla_rules.faults import Faults, faults, name_of
from tests.sla_rules.rules import WALL, agreement, rule_books, wall
from tests.sla_rules.scratch import Outcome, figures_of, outcome
from tests.sla_rules.worker import CRASH_POINTS, Back, Crash, CrashPoint, Worker, by_lead
from tests.strategies import deliveries, ends, histories

BOOKS = st.sampled_from(rule_books())


@dataclass
class Watching(Worker):
    """A worker whose refused facts are kept, as dead letters would be."""

    letters: History = field(default_factory=list)

    def take(
        self,
        step: Sequence[tuple[str, Forwarded]] | Instant | Back,
        crash: CrashPoint | None = None,
        scan_budget: int | None = None,
    ) -> Changes:
        changes = super().take(step, crash, scan_budget)
        self.letters += [(lead.decode(), one.fact) for lead, given in changes.refused.items() for one in given]
        return changes


@st.composite
def told(draw: st.DrawFn) -> tuple[Faults, History, Script, Instant]:
    broken = draw(faults())
    history, end = draw(histories()), draw(ends())
    return broken, history, draw(deliveries(history, end)), end


def fallen(rules: RuleBook, whole: Outcome, end: Instant) -> set[str]:
    """The leads that cannot be judged, faults put in."""
    found = {lead: msgspec.msgpack.decode(known, type=tuple[Fact, ...]) for lead, known in whole.facts.items()}
    return {lead for lead, known in found.items() if failure_of(rules, lead, known, end) is not None}


def standing_of_others(found: Outcome, leads: set[str]) -> dict[str, bytes]:
    return {
        key: value for key, value in found.standing.items() if msgspec.json.decode(value)["data"]["lead"] not in leads
    }


@given(BOOKS, told(), st.data())
def test_other_leads_come_to_what_they_would_and_those_in_quarantine_to_nothing_whatever_the_order(
    rules: RuleBook, given: tuple[Faults, History, Script, Instant], data: st.DataObject
) -> None:
    broken, history, script, end = given
    crash = st.builds(Crash, st.sampled_from(CRASH_POINTS), st.integers(0, 3))
    crashes = data.draw(st.dictionaries(st.integers(0, len(script) - 1), crash, max_size=3))
    whole = outcome(rules, broken.without(history), end)

    with broken.put_in():
        worker = Watching(rules).run(script, crashes)
        out = fallen(rules, whole, end)
    found = worker.outcome()

    contributions = {lead: () if lead in out else contributions for lead, contributions in whole.contributions.items()}
    assert found.facts == whole.facts
    assert found.contributions == contributions
    assert found.figures == figures_of(
        rules, (contribution for kept in contributions.values() for contribution in kept)
    )
    assert standing_of_others(found, out) == standing_of_others(whole, out)
    assert {
        lead.decode() for lead, state in worker.durable.states.items() if decode(state).digest == QUARANTINED
    } == out
    assert worker.partition.quarantined == len(out)
    assert {name_of(fact) for _, fact in worker.letters} <= set(broken.unfoldable)


@given(BOOKS, told())
def test_when_the_fault_is_gone_all_is_as_if_it_had_never_been(
    rules: RuleBook, given: tuple[Faults, History, Script, Instant]
) -> None:
    broken, history, script, end = given
    with broken.put_in():
        worker = Watching(rules).run(script)

    worker.take_over()
    worker.take(end)
    worker.settle()
    assert outcome(rules, broken.without(history), end) == worker.outcome()
    assert worker.partition.quarantined == 0

    worker.take(worker.letters)
    worker.settle()
    assert outcome(rules, history, end) == worker.outcome()


@given(BOOKS, told())
def test_what_was_published_of_a_lead_in_quarantine_stays_and_nothing_is_added(
    rules: RuleBook, given: tuple[Faults, History, Script, Instant]
) -> None:
    broken, _, script, end = given
    worker = Watching(rules).run(script)
    before = worker.outcome().standing

    with broken.put_in():
        worker.rules = RuleBook(
            agreements_of(rules), historic_after=2 * DAY
        )  # judged anew, though by the same agreements
        worker.partition = PartitionState(
            worker.rules, {lead: _unjudged(data) for lead, data in worker.durable.states.items()}
        )
        worker.partition.load(worker.durable.breaches.values(), worker.durable.figures)
        worker.take(end)
        out = {lead.decode() for lead, data in worker.partition.leads.items() if decode(data).digest == QUARANTINED}
    after = worker.outcome().standing

    assert {key: value for key, value in before.items() if _lead(value) in out} == {
        key: value for key, value in after.items() if _lead(value) in out
    }


@given(BOOKS, told())
def test_a_replay_says_with_a_fault_what_a_partition_says_with_it(
    rules: RuleBook, given: tuple[Faults, History, Script, Instant]
) -> None:
    broken, history, script, end = given
    with broken.put_in():
        worker = Watching(rules).run(script)
        replayed = replay(rules, {lead.decode(): found for lead, found in by_lead(history).items()}, end)
        # Nothing but telling breaks where notices are made, and a replay tells nobody.
        if broken.place == "notice":
            return
    figures = {key: tally for key, tally in replayed.current.items() if tally}

    assert worker.outcome().figures == figures
    assert {
        lead.decode() for lead, data in worker.partition.leads.items() if decode(data).digest == QUARANTINED
    } == set(replayed.quarantined)
    assert {(one.source, one.id) for one in replayed.unfoldable} == {name_of(fact) for _, fact in worker.letters}


@given(BOOKS, told())
def test_what_is_published_with_a_fault_is_what_a_replay_publishes_with_it(
    rules: RuleBook, given: tuple[Faults, History, Script, Instant]
) -> None:
    broken, history, _, end = given
    # What was published does not know of what clashing contents, mergers and corrections undo.
    once = [
        (lead, fact)
        for lead, fact in {(lead, *name_of(fact)): (lead, fact) for lead, fact in history}.values()
        if not isinstance(fact, facts.Merged | facts.Corrected)
    ]
    known = known_by({lead.decode(): found for lead, found in by_lead(once).items()}, end)
    worker = Watching(rules)

    with broken.put_in():
        for arrival in sorted({fact.arrival for found in known.values() for fact in found}):
            worker.take(arrival - 1)
            worker.take([(lead, fact) for lead, found in known.items() for fact in found if fact.arrival == arrival])
        worker.take(end)
        replayed = replay(rules, known, end)

    assert {key: tally for key, tally in worker.partition.windows.published.items() if tally} == {
        key: tally for key, tally in replayed.published.items() if tally
    }


def agreements_of(rules: RuleBook) -> list[Any]:
    return [version.agreement for versions in rules.versions.values() for version in versions]


def _unjudged(data: bytes) -> bytes:
    return encode(msgspec.structs.replace(decode(data), digest=UNJUDGED))


def _lead(value: bytes) -> str:
    lead: str = msgspec.json.decode(value)["data"]["lead"]
    return lead


TOUCHED = facts.HandedOff(ORIGIN, ORIGIN, "/crm", "touched")
POISON = facts.HandedOff(ORIGIN + HOUR, ORIGIN + HOUR, "/crm", "poison")
CURE = facts.Corrected(ORIGIN + 2 * HOUR, ORIGIN + 2 * HOUR, "/crm", "cure", replaces="poison")
BROKEN = Faults(unjudgeable=[name_of(POISON)])


def lead(number: int) -> bytes:
    return f"lead-{number:05}".encode()


def poisoned(first: int, last: int) -> dict[bytes, list[Fact]]:
    return {lead(number): [POISON] for number in range(first, last)}


def test_a_lead_that_cannot_be_judged_is_said_once_with_why_and_said_to_be_well_again() -> None:
    partition = PartitionState(wall(), {})
    partition.fold({lead(1): [TOUCHED]})

    with BROKEN.put_in():
        first = partition.fold({lead(1): [POISON], lead(2): [TOUCHED]})
        again = partition.fold({lead(1): [attempted_at(3)]})
        cured = partition.fold({lead(1): [CURE]})

    assert list(first.quarantined) == [lead(1)]
    assert first.quarantined[lead(1)].startswith("tests.sla_rules.faults.FaultError: lives broke (faults.py:")
    assert (again.quarantined, again.released) == ({}, [])
    assert decode(again.states[lead(1)]).facts == (TOUCHED, POISON, attempted_at(3))
    assert (cured.quarantined, cured.released) == ({}, [lead(1)])
    assert partition.quarantined == 0


def attempted_at(hour: int) -> Fact:
    return facts.Attempted(ORIGIN + hour * HOUR, ORIGIN + hour * HOUR, "/crm", f"attempt {hour}", channel="phone")


def test_a_lead_in_quarantine_is_in_no_figure_owes_nothing_and_waits_for_nothing() -> None:
    partition = PartitionState(wall(), {})
    partition.advance_to(ORIGIN)
    partition.fold({lead(1): [TOUCHED]})
    waiting = partition.next_due

    with BROKEN.put_in():
        partition.fold({lead(1): [POISON]})
        told_later = partition.advance_to(ORIGIN + 30 * DAY).notices

    assert waiting is not None
    assert not any(partition.windows.tallies.values())
    assert (partition.open_work.waiting, partition.open_work.overdue) == ({}, {})
    assert told_later == {}


def test_who_takes_over_while_the_fault_lasts_counts_leads_in_quarantine_and_says_why_once_more() -> None:
    partition = PartitionState(wall(), {})
    with BROKEN.put_in():
        states = partition.fold(poisoned(0, 3)).states
        successor = PartitionState(wall(), dict(states))
        successor.load()
        assert successor.quarantined == 3
        changes = successor.advance_to(ORIGIN)

    assert sorted(changes.quarantined) == sorted(states)
    assert changes.states == states
    assert successor.quarantined == 3


def test_a_successor_without_the_fault_sends_on_what_could_not_be_followed_before() -> None:
    merged = facts.Merged(ORIGIN, ORIGIN, "/crm", "m", into="lead-2")
    partition = PartitionState(wall(), {})
    with Faults(unjudgeable=[name_of(TOUCHED)], place="owed").put_in():
        changes = partition.fold({b"lead-1": [TOUCHED]})
        changes = partition.fold({b"lead-1": [merged]})
    assert (changes.forwards, list(changes.quarantined)) == ({}, [b"lead-1"])

    successor = PartitionState(wall(), dict(changes.states))
    successor.load()
    healed = successor.advance_to(ORIGIN)

    assert healed.released == [b"lead-1"]
    assert {fact.id for fact in healed.forwards[b"lead-2"]} == {"touched", "m"}
    assert successor.fold({b"lead-1": [TOUCHED]}).forwards == {}


def test_more_leads_than_may_be_set_aside_stop_the_fold() -> None:
    partition = PartitionState(wall(), {}, limits=Limits(quarantined=10, of=1_000))
    with BROKEN.put_in():
        partition.fold(poisoned(0, 10))
        with pytest.raises(
            QuarantineLimitError,
            match=r"^11 of the last 11 leads judged cannot be judged, the last of them because of .*FaultError: lives broke",
        ):
            partition.fold(poisoned(10, 11))


def test_leads_set_aside_long_ago_and_the_same_lead_again_and_again_count_no_more() -> None:
    partition = PartitionState(wall(), {}, limits=Limits(quarantined=2, of=10))
    well = [{lead(number): [TOUCHED]} for number in range(100, 200)]
    with BROKEN.put_in():
        for number in range(20):
            partition.fold(poisoned(number, number + 1))
            for one in well[5 * number : 5 * number + 5]:
                partition.fold(one)
        assert partition.quarantined == 20
        for _ in range(5):
            partition.fold({lead(500): [POISON]})
            partition.fold({lead(500): [CURE]})
            partition.leads.pop(lead(500))


def test_leads_in_quarantine_that_are_loaded_are_not_held_against_a_start_and_those_judged_anew_are() -> None:
    limits = Limits(quarantined=10, of=1_000)
    partition = PartitionState(wall(), {}, limits=limits)
    with BROKEN.put_in():
        old = (
            partition.fold(poisoned(0, 10)).states
            | PartitionState(wall(), {}, limits=limits).fold(poisoned(10, 20)).states
        )
        successor = PartitionState(wall(), dict(old), limits=limits)
        successor.load()
        assert len(successor.advance_to(ORIGIN).quarantined) == 20
    under_others = PartitionState(rule_books()[0], {}).fold(poisoned(0, 11)).states

    with BROKEN.put_in(), pytest.raises(QuarantineLimitError, match="11 of the last 11 leads judged"):
        PartitionState(wall(), dict(under_others), limits=limits).load()


@pytest.mark.parametrize("error", [MemoryError, UnknownFormatError, KeyboardInterrupt])
def test_what_says_nothing_of_the_rules_is_not_caught(
    error: type[BaseException], monkeypatch: pytest.MonkeyPatch
) -> None:
    def judge(*_: object) -> None:
        raise error

    monkeypatch.setattr("sla_rules.engine.fold.assess", judge)

    with pytest.raises(error):
        PartitionState(wall(), {}).fold({lead(1): [TOUCHED]})


def test_a_state_whose_shares_follow_from_no_facts_is_damaged_and_one_whose_shares_cannot_be_counted_is_set_aside() -> (
    None
):
    states = PartitionState(wall(), {}).fold({lead(1): [TOUCHED]}).states
    state = decode(states[lead(1)])
    [contribution, *more] = state.contributions
    damaged = msgspec.structs.replace(state, contributions=(msgspec.structs.replace(contribution, term=99), *more))
    with pytest.raises(UnknownFormatError, match="lead state is damaged"):
        PartitionState(wall(), {lead(1): encode(damaged)}).load()

    successor = PartitionState(wall(), dict(states))
    with Faults(leads=["any"], place="count").put_in():
        successor.load()
        changes = successor.advance_to(ORIGIN)
    assert list(changes.quarantined) == [lead(1)]


def test_a_lead_in_quarantine_leaves_when_it_has_long_been_quiet() -> None:
    rules = RuleBook(agreements_of(wall()), keep=400 * DAY)
    partition = PartitionState(rules, {})
    with BROKEN.put_in():
        partition.fold(poisoned(0, 1))
        for days in (300, 402, 402):
            assert partition.advance_to(ORIGIN + days * DAY).left == []
            partition.windows.take_changed()
        left = partition.advance_to(ORIGIN + 402 * DAY).left

    assert left == [lead(0)]
    assert partition.quarantined == 0


def test_a_lead_that_cannot_be_judged_as_of_the_end_of_a_period_is_left_out_of_it_alone_whenever_it_is_published() -> (
    None
):
    end = ORIGIN + 4 * DAY
    cure = msgspec.structs.replace(CURE, arrival=ORIGIN + 3 * DAY)
    before, after = PartitionState(wall(), {}), PartitionState(wall(), {})
    for partition in (before, after):
        partition.advance_to(ORIGIN)
    with BROKEN.put_in():
        before.fold({lead(1): [TOUCHED, POISON], lead(2): [TOUCHED]})
        told_before = before.advance_to(end)
        before.fold({lead(1): [cure]})
        after.fold({lead(1): [TOUCHED, POISON, cure], lead(2): [TOUCHED]})
        told_after = after.advance_to(end)
        replayed = replay(wall(), {"lead-00001": [TOUCHED, POISON, cure], "lead-00002": [TOUCHED]}, end)

    assert (told_before.unpublished, list(told_after.unpublished)) == ({}, [lead(1)])
    assert (set(replayed.unpublished), replayed.quarantined) == ({"lead-00001"}, {})
    assert (before.quarantined, after.quarantined) == (0, 0)
    for figures in (before.windows.tallies, after.windows.tallies, replayed.current):
        assert days(figures) == {"leads": 2, "breached": 2, "untouched": 2}
    for figures in (before.windows.published, after.windows.published, replayed.published):
        assert days(figures) == {"leads": 1, "breached": 1, "untouched": 1}


def days(figures: Mapping[WindowKey, Tally]) -> Tally:
    """All that was counted by day of the obligation to touch leads."""
    found: Tally = {}
    for key, tally in figures.items():
        if key.obligation == "touch" and key.interval == "day":
            add(found, tally)
    return {name: count for name, count in found.items() if count}


def test_leads_that_cannot_be_judged_as_of_the_end_of_a_period_stop_the_worker_where_they_are_too_many() -> None:
    partition = PartitionState(wall(), {}, limits=Limits(quarantined=10, of=1_000))
    partition.advance_to(ORIGIN)
    cure = msgspec.structs.replace(CURE, arrival=ORIGIN + 3 * DAY)
    with BROKEN.put_in():
        partition.fold({lead(number): [TOUCHED, POISON, cure] for number in range(11)})
        with pytest.raises(QuarantineLimitError, match=r"^11 of the last \d+ leads judged cannot be judged"):
            partition.advance_to(ORIGIN + 4 * DAY)


def test_a_state_that_is_too_large_with_what_follows_from_it_is_kept_without_and_judged_anew_when_it_is_loaded() -> (
    None
):
    often = [
        fact
        for number in range(4_000)
        for fact in (
            facts.HandedOff(ORIGIN + 2 * number * HOUR, ORIGIN, "/crm", f"h{number}"),
            facts.Recycled(ORIGIN + (2 * number + 1) * HOUR, ORIGIN, "/crm", f"r{number}"),
        )
    ]
    rules = RuleBook([agreement(WALL, name) for name in ("a", "b", "c")])
    partition = PartitionState(rules, {})
    changes = partition.fold({lead(1): often})
    kept, held = changes.states[lead(1)], partition.leads[lead(1)]
    assert len(kept) <= LARGEST_STATE < len(held)

    successor = PartitionState(rules, dict(changes.states))
    successor.load()

    assert successor.leads == partition.leads
    assert successor.windows.tallies == partition.windows.tallies
    assert successor.advance_to(ORIGIN).states == changes.states
    successor.write_again(states=True)
    assert successor.advance_to(ORIGIN).states == changes.states
