"""The laws of the fold, over whole histories of several leads under real agreements."""

from typing import Any

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from sla_rules.agreement.rulebook import RuleBook
from sla_rules.engine.codec import decode
from sla_rules.engine.fold import step
from sla_rules.engine.partition import PartitionState
from sla_rules.evaluation.contributions import DepthContribution, SpeedContribution, UncoveredContribution
from sla_rules.instants import Instant
from sla_rules.lead.facts import deletes, merge
from tests.script import History, Script
from tests.sla_rules.rules import rule_books
from tests.sla_rules.scratch import figures_of, observed, outcome
from tests.sla_rules.worker import CRASH_POINTS, Crash, Worker, by_lead
from tests.strategies import deliveries, ends, histories, some_facts

BOOKS = st.sampled_from(rule_books())


@st.composite
def delivered(draw: st.DrawFn) -> tuple[History, Script, Instant]:
    history, end = draw(histories()), draw(ends())
    return history, draw(deliveries(history, end)), end


@given(BOOKS, delivered())
def test_order_duplicates_and_batches_do_not_change_what_a_history_comes_to(
    rules: RuleBook, given: tuple[History, Script, Instant]
) -> None:
    history, script, end = given

    assert outcome(rules, history, end) == Worker(rules).run(script).outcome()


@given(st.lists(some_facts(), max_size=12), st.data())
def test_facts_merge_idempotently_commutatively_and_associatively(told: list[Any], data: st.DataObject) -> None:
    cut = data.draw(st.integers(0, len(told)))
    left, right = merge((), told[:cut])[0], merge((), told[cut:])[0]

    whole = _bytes(merge((), told)[0])

    assert whole == _bytes(merge(left, right)[0])
    assert whole == _bytes(merge(right, left)[0])
    assert whole == _bytes(merge(merge((), told)[0], told)[0])
    assert whole == _bytes(merge((), data.draw(st.permutations(told)))[0])


@given(BOOKS, histories(), ends(), ends())
def test_a_lead_folded_fact_by_fact_says_what_it_says_folded_at_once(
    rules: RuleBook, history: History, early: Instant, late: Instant
) -> None:
    facts = [fact for _, fact in history]
    end = max(early, late)

    state = None
    for fact in facts:
        state = step(rules, "lead-1", state, [fact], min(early, late)).state
    gradually = step(rules, "lead-1", state, [], end)
    at_once = step(rules, "lead-1", None, facts, end)

    assert at_once.state.contributions == gradually.state.contributions
    assert at_once.standing == gradually.standing
    assert at_once.undecided == gradually.undecided
    assert at_once.state.next_due == gradually.state.next_due


@given(BOOKS, histories(), ends())
def test_whatever_has_happened_before_its_wake_time_alone_changes_nothing(
    rules: RuleBook, history: History, end: Instant
) -> None:
    facts = [fact for _, fact in history]
    first = step(rules, "lead-1", None, facts, end)
    next_due = first.state.next_due
    sure = end + 10**14 if next_due is None else next_due - 1

    later = step(rules, "lead-1", None, facts, max(sure, end))

    assert first.standing == later.standing
    assert first.state.contributions == later.state.contributions
    if next_due is not None:
        assert next_due > end
        then = step(rules, "lead-1", None, facts, next_due)
        assert (first.state.contributions, first.standing) != (then.state.contributions, then.standing)


@given(BOOKS, delivered())
def test_time_passes_by_ticks_alone_and_never_runs_back(
    rules: RuleBook, given: tuple[History, Script, Instant]
) -> None:
    _, script, _ = given
    partition = PartitionState(rules, {})

    for taken in script:
        before = partition.now
        if isinstance(taken, int):
            partition.advance_to(taken)
            assert max(before, taken) == partition.now
        else:
            partition.fold(by_lead(taken))
            assert before == partition.now


@given(BOOKS, histories(), ends(), ends())
def test_a_lead_is_never_judged_as_of_a_time_before_its_last_verdict(
    rules: RuleBook, history: History, early: Instant, late: Instant
) -> None:
    facts = [fact for _, fact in history]
    ahead = step(rules, "lead-1", None, facts, max(early, late)).state

    behind = step(rules, "lead-1", ahead, facts, min(early, late))

    assert ahead == behind.state
    assert {"duplicate"} >= set(behind.fates) or "conflict" in behind.fates


@given(BOOKS, delivered())
def test_after_every_step_the_figures_are_the_sum_of_what_the_leads_contribute(
    rules: RuleBook, given: tuple[History, Script, Instant]
) -> None:
    _, script, _ = given
    worker = Worker(rules)

    for taken in script:
        worker.take(taken)
        contributions = [
            contribution for data in worker.partition.leads.values() for contribution in decode(data).contributions
        ]
        figures = {key: tally for key, tally in worker.partition.windows.tallies.items() if tally}

        assert figures_of(rules, contributions) == figures
        assert all(count > 0 for tally in figures.values() for count in tally.values())


@given(BOOKS, delivered())
def test_the_live_counts_are_those_of_the_leads_counted_one_by_one(
    rules: RuleBook, given: tuple[History, Script, Instant]
) -> None:
    _, script, _ = given
    worker = Worker(rules)

    for taken in script:
        worker.take(taken)
        owed = [
            contribution
            for data in worker.partition.leads.values()
            for contribution in decode(data).contributions
            if isinstance(contribution, SpeedContribution | DepthContribution)
            and contribution.owed
            and not contribution.historic
        ]
        open_work = worker.partition.open_work
        uncovered = [
            contribution
            for data in worker.partition.leads.values()
            for contribution in decode(data).contributions
            if isinstance(contribution, UncoveredContribution)
        ]

        assert len(uncovered) == open_work.uncovered
        assert (
            sum(contribution.status == "open" and not contribution.attempted for contribution in owed)
            == open_work.waiting.total()
        )
        assert (
            sum(contribution.status == "open" and contribution.attempted for contribution in owed)
            == open_work.attempted.total()
        )
        assert sum(contribution.status == "breached" for contribution in owed) == open_work.overdue.total()
        deadlines: dict[tuple[str, str], int] = {}
        for contribution in owed:
            name = rules.terms[contribution.term].name
            if contribution.deadline is not None:
                deadlines[name] = min(deadlines.get(name, contribution.deadline), contribution.deadline)
        assert {
            name: -(-due // 60_000_000) * 60_000_000 for name, due in deadlines.items()
        } == open_work.oldest_deadlines()


@given(BOOKS, delivered())
def test_a_partition_loaded_from_what_is_durable_is_the_partition_that_wrote_it(
    rules: RuleBook, given: tuple[History, Script, Instant]
) -> None:
    _, script, end = given
    worker = Worker(rules).run(script)
    before = worker.partition

    worker.take_over()

    after = worker.partition
    assert not after.windows.changed
    assert {key: tally for key, tally in before.windows.tallies.items() if tally} == {
        key: tally for key, tally in after.windows.tallies.items() if tally
    }
    assert (before.open_work.waiting, before.open_work.attempted, before.open_work.overdue) == (
        after.open_work.waiting,
        after.open_work.attempted,
        after.open_work.overdue,
    )
    assert not after.advance_to(end).notices
    assert before.leads == after.leads


@given(BOOKS, delivered(), st.data())
def test_wherever_a_worker_dies_the_topics_say_in_the_end_what_they_say_without_its_death(
    rules: RuleBook, given: tuple[History, Script, Instant], data: st.DataObject
) -> None:
    history, script, end = given
    crash = st.builds(Crash, st.sampled_from(CRASH_POINTS), st.integers(0, 3))
    crashes = data.draw(st.dictionaries(st.integers(0, len(script) - 1), crash, min_size=1, max_size=4))

    worker = Worker(rules).run(script, crashes)

    assert outcome(rules, history, end) == worker.outcome()


@given(BOOKS, delivered(), ends(), st.data())
def test_who_takes_over_and_is_still_behind_takes_nothing_back_and_tells_nothing_twice(
    rules: RuleBook, given: tuple[History, Script, Instant], behind: Instant, data: st.DataObject
) -> None:
    history, script, end = given
    worker = Worker(rules).run(script)
    standing = worker.outcome().standing
    again = data.draw(st.lists(st.sampled_from(history), max_size=4))

    worker.take_over()

    assert not worker.take(min(behind, end)).notices
    assert not worker.take(again).notices
    assert not worker.take(end).notices
    assert standing == worker.outcome().standing


@given(BOOKS, delivered(), ends())
def test_who_takes_over_without_the_states_of_the_last_tick_and_is_behind_takes_nothing_back(
    rules: RuleBook, given: tuple[History, Script, Instant], behind: Instant
) -> None:
    history, script, end = given
    worker = Worker(rules).run(script[:-1])
    worker.take(end, "after_outputs")
    standing = worker.outcome().standing

    worker.take_over()

    assert not worker.take(min(behind, end)).notices
    assert not worker.take(end).notices
    assert standing == worker.outcome().standing
    assert outcome(rules, history, end) == worker.outcome()


@given(BOOKS, BOOKS, delivered())
def test_under_another_agreement_leads_are_judged_again_and_what_was_published_before_is_retracted(
    before: RuleBook, after: RuleBook, given: tuple[History, Script, Instant]
) -> None:
    history, script, end = given
    history = without_deletions(history)
    worker = Worker(before).run([taken if isinstance(taken, int) else without_deletions(taken) for taken in script])

    worker.rules = after
    worker.take_over()
    worker.take(end)

    seen = observed(
        worker.partition.leads, worker.partition.windows.tallies, worker.durable.breaches, worker.durable.clocks
    )
    assert outcome(after, history, end) == seen


@given(BOOKS, delivered(), st.integers(1, 3), st.integers(0, 3))
def test_time_that_passes_a_few_leads_at_once_decides_the_same(
    rules: RuleBook, given: tuple[History, Script, Instant], most: int, scan_budget: int
) -> None:
    history, script, end = given
    whole = Worker(rules).run(script)
    piecemeal = Worker(rules)

    for taken in script:
        if isinstance(taken, int):
            while (due := piecemeal.partition.next_due) is not None and due <= taken:
                changes = piecemeal.partition.advance_to(taken, most, scan_budget)
                assert len(changes.states) <= most
                piecemeal.durable.breaches.update(changes.notices)
                piecemeal.durable.states.update(changes.states)
        else:
            piecemeal.take(taken)
    piecemeal.take(end)

    assert whole.outcome() == piecemeal.settle().outcome()
    assert outcome(rules, history, end) == piecemeal.outcome()


def without_deletions(history: History) -> History:
    """Of an erased lead no other agreement can say what it would have said of the whole."""
    return [(lead, fact) for lead, fact in history if not deletes(fact)]


def _bytes(facts: Any) -> bytes:
    return msgspec.msgpack.encode(facts)
