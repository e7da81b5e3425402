"""Laws of what is watched, services and customers: nothing depends on order, batches or restarts, and time comes by itself."""

from typing import Final

from hypothesis import given
from hypothesis import strategies as st

from sla_rules.agreement.rulebook import RuleBook
from sla_rules.engine.fold import step
from sla_rules.evaluation.tallies import Tally
from sla_rules.figures.windows import WindowKey
from sla_rules.instants import DAY, Instant
from sla_rules.lead import facts
from sla_rules.lead.facts import Fact, merge
from sla_rules.reports.replay import replay
from tests.laws import examples
from tests.script import History, Script
from tests.sla_rules import customers, services
from tests.sla_rules.scratch import outcome
from tests.sla_rules.worker import CRASH_POINTS, Crash, Worker
from tests.strategies import about, deliveries, ends, histories

TICKET = "ticket"
RULES: Final = RuleBook(
    [
        version.agreement
        for rules in (services.tickets(), customers.tickets())
        for versions in rules.versions.values()
        for version in versions
    ]
)
"""That a ticket is up, and that it stays, by the same events."""


@st.composite
def delivered(draw: st.DrawFn) -> tuple[History, Script, Instant]:
    history, end = about(TICKET, draw(histories())), draw(ends())
    return history, draw(deliveries(history, end)), end


@given(delivered(), st.dictionaries(st.integers(0, 5), st.builds(Crash, st.sampled_from(CRASH_POINTS)), max_size=2))
@examples(60)
def test_order_duplicates_batches_and_restarts_do_not_change_what_is_watched_comes_to(
    given: tuple[History, Script, Instant], crashes: dict[int, Crash]
) -> None:
    history, script, end = given
    assert outcome(RULES, history, end) == Worker(RULES).run(script, crashes).outcome()


@given(histories(), ends())
@examples(60)
def test_time_alone_changes_nothing_before_what_is_watched_is_looked_at_again(history: History, end: Instant) -> None:
    told = [fact for _, fact in about(TICKET, history)]
    first = step(RULES, "lead-1", None, told, end)
    if first.state.next_due is None:
        later = step(RULES, "lead-1", None, told, end + 400 * DAY)
        assert first.state.contributions == later.state.contributions
        return

    before = step(RULES, "lead-1", None, told, first.state.next_due - 1)
    then = step(RULES, "lead-1", None, told, first.state.next_due)

    assert first.state.next_due > end
    assert first.state.contributions == before.state.contributions
    assert first.standing == before.standing
    assert first.state.contributions != then.state.contributions


@given(delivered())
@examples(40)
def test_a_replay_of_what_is_watched_comes_to_what_a_partition_does_that_lived_through_it(
    given: tuple[History, Script, Instant],
) -> None:
    history, _, end = given
    worker = Worker(RULES)
    known = sorted(((lead, fact) for lead, fact in history if fact.arrival <= end), key=lambda told: told[1].arrival)
    for lead, fact in known:
        worker.take(fact.arrival - 1)
        worker.take([(lead, fact)])
    worker.take(end)
    worker.settle()

    told: dict[str, list[Fact]] = {}
    for lead, fact in known:
        told.setdefault(lead, []).append(fact)
    found = replay(RULES, told, end)

    windows = worker.partition.windows
    assert _filled(found.current) == _filled(windows.tallies)
    # What a conflict or a merger changes later, nobody who looks at the end can know of the time before.
    has_conflicts = any("conflict" in merge((), of_one)[1] for of_one in told.values())
    if not has_conflicts and not any(isinstance(fact, facts.Merged) for _, fact in known):
        assert _filled(found.published) == _filled(windows.published)


def _filled(tallies: dict[WindowKey, Tally]) -> dict[WindowKey, Tally]:
    return {key: tally for key, tally in tallies.items() if tally}
