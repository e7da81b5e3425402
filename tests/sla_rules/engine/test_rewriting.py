"""What a topic no longer holds is written again, by the owner who still knows it or by the one who finds it gone."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sla_rules.agreement.rulebook import RuleBook
from sla_rules.engine.partition import PartitionState
from sla_rules.lead.facts import Fact
from tests.script import History, Script
from tests.sla_rules.clocks import at
from tests.sla_rules.rules import rule_books
from tests.sla_rules.story import attempted, handed_off
from tests.sla_rules.test_laws import delivered
from tests.sla_rules.worker import Worker, by_lead

BOOKS = st.sampled_from(rule_books())
LATE = at("2026-03-12 12:00")


@given(BOOKS, delivered(), st.data())
def test_the_owner_writes_again_whatever_topics_lost_at_any_time(
    rules: RuleBook, given: tuple[History, Script, int], data: st.DataObject
) -> None:
    _, script, _ = given
    whole, robbed = Worker(rules).run(script), Worker(rules)
    lost = data.draw(st.sets(st.sampled_from(["states", "notices", "figures", "forwards", "clocks"]), min_size=1))
    when = data.draw(st.integers(0, len(script)))

    for step in script[:when]:
        robbed.take(step)
    for name, topic in (("states", robbed.durable.states), ("notices", robbed.durable.breaches)):
        if name in lost:
            topic.clear()
    if "figures" in lost:
        robbed.durable.figures.clear()
    if "clocks" in lost:
        robbed.durable.clocks.clear()
    if "forwards" in lost:
        robbed.durable.forwarded.clear()
    robbed.partition.write_again(**dict.fromkeys(lost, True))
    for step in script[when:]:
        robbed.take(step)
    robbed.take(robbed.partition.now)
    robbed.settle()

    assert robbed.outcome() == whole.outcome()
    assert robbed.partition.is_whole


@given(BOOKS, delivered())
def test_whoever_takes_over_and_knows_that_notices_are_lost_tells_all_that_stand(
    rules: RuleBook, given: tuple[History, Script, int]
) -> None:
    _, script, _ = given
    worker = Worker(rules).run(script)
    before = worker.outcome()
    worker.durable.breaches.clear()

    worker.partition = PartitionState(worker.partition.rules, dict(worker.durable.states))
    worker.partition.load((), worker.durable.figures, notices_lost=True)
    if script:
        worker.take(max((step for step in script if isinstance(step, int)), default=0))

    if any(isinstance(step, int) for step in script):
        assert worker.outcome() == before
        assert worker.partition.is_whole


def facts(*names: str) -> dict[bytes, list[Fact]]:
    return by_lead([(name, handed_off("2026-03-09 10:00")) for name in names])


@pytest.fixture
def breached() -> PartitionState:
    """Five leads whose deadline has passed without a call, and one that was called."""
    partition = PartitionState(rule_books()[0], {})
    partition.load()
    partition.fold(facts("a", "b", "c", "d", "e", "called"))
    partition.fold(by_lead([("called", attempted("2026-03-09 10:01"))]))
    assert partition.advance_to(LATE).notices
    return partition


def keys(partition: PartitionState, steps: Sequence[int | None]) -> tuple[list[bytes], int]:
    """The leads whose states are written, and how many notices, over some turns of so many looks."""
    states: list[bytes] = []
    notices = 0
    for scan_budget in steps:
        changes = partition.advance_to(LATE, scan_budget=scan_budget)
        states += changes.states
        notices += len(changes.notices)
    return states, notices


def test_a_few_leads_at_a_time_are_written_again_and_none_is_left_out(breached: PartitionState) -> None:
    standing = sum(1 for lead in breached.published_notices.leads for _ in breached.published_notices.standing(lead))
    breached.write_again(states=True, notices=True)

    assert breached.is_looking
    assert keys(breached, [0]) == ([], 0)
    states, notices = keys(breached, [2, 2])
    assert len(states) == 4
    rest, others = keys(breached, [2, 2, 2])
    assert sorted([*states, *rest]) == sorted(breached.leads)
    assert notices + others == standing
    assert breached.is_whole
    assert not breached.is_looking


def test_a_lead_that_changes_meanwhile_is_written_as_it_is(breached: PartitionState) -> None:
    breached.write_again(states=True)
    breached.fold(by_lead([("e", attempted("2026-03-09 10:02"))]))

    written = breached.advance_to(LATE, scan_budget=None).states

    assert written == dict(breached.leads)


def test_where_nothing_was_published_though_there_were_breaches_it_is_without_being_asked_for(
    breached: PartitionState,
) -> None:
    heir = PartitionState(breached.rules, dict(breached.leads))
    heir.load()

    assert not heir.is_whole
    assert len(heir.advance_to(LATE).notices) == sum(
        1 for lead in breached.published_notices.leads for _ in breached.published_notices.standing(lead)
    )
    assert heir.is_whole


def test_where_nothing_was_published_and_nothing_breached_no_look_is_taken(breached: PartitionState) -> None:
    heir = PartitionState(breached.rules, {b"called": breached.leads[b"called"]})
    heir.load()

    assert heir.is_whole
