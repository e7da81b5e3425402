"""The whole of an agreement, by what its partitions publish, is what a replay of the same facts says."""

from collections.abc import Callable, Iterator, Sequence
from datetime import time, timedelta
from typing import Final

from hypothesis import given
from hypothesis import strategies as st

from sla_rules.agreement.file import AgreementErrors, parse_agreement
from sla_rules.agreement.rulebook import RuleBook
from sla_rules.figures.period_records import record, record_key
from sla_rules.instants import DAY, Instant, moment, parse_instant
from sla_rules.lead.facts import Corrected, Fact, Merged
from sla_rules.reports.replay import replay
from sla_rules.reports.report import Scope, report
from sla_rules.reports.status import promises
from sla_rules.whole_agreement.agreement_state import AgreementState
from sla_rules.whole_agreement.whole import WholeAgreement
from tests.any_agreement import folders
from tests.laws import examples
from tests.script import ORIGIN, History
from tests.sla_rules.reports.test_period_figures import PARTITIONS, FromTopics, from_topics, without_hindsight
from tests.sla_rules.reports.test_status import BEGIN, CASES
from tests.sla_rules.rules import rule_books
from tests.sla_rules.whole_agreement.books import everything
from tests.strategies import histories

Facts = dict[str, list[Fact]]
Record = tuple[int, bytes, bytes]


def records_of(rules: RuleBook, found: FromTopics) -> Iterator[Record]:
    """What the partitions have published in the end."""
    for window, said in found.by_partition.items():
        for partition, figures in said.items():
            yield partition, record_key(window, partition), record(window, figures, partition, rules)


def check(rules: RuleBook, name: str, told: Sequence[Record], facts: Facts, now: Instant) -> WholeAgreement:
    """The whole of an agreement by what its partitions have published is what a replay says; nothing else is to stand then."""
    state = AgreementState(rules, name, PARTITIONS)
    for one in told:
        state.take(*one)
    for key, value in state.changes(now).items():
        state.read_back(key, value)
    assert state.changes(now) == {}
    found, outcome = state.whole, replay(rules, facts, now)
    if found.since is None:
        assert (found.periods, found.ledger, found.events) == ((), (), ())
        return found
    expected = without_hindsight(report(rules, name, outcome, Scope(found.since, now)))
    assert found.agreement is not None
    assert found.periods == tuple(one for one in expected.consequences.periods if one.published is not None)
    assert found.events == expected.events
    assert found.agreement.cancellation == expected.consequences.cancellation
    rows = [row for one in expected.obligations for row in one.ledger or () if row.status == "over"]
    assert [one.row for one in found.ledger] == rows
    (version,) = (one for one in rules.in_force(now) if one.agreement.agreement == name)
    as_of = found.agreement.as_of
    assert as_of <= now
    assert moment(as_of).astimezone(rules.zone_of(name)).time() == time(0)
    assert tuple(one.status for one in found.agreement.promises) == promises(rules, version, outcome, as_of)
    return found


@examples(24)
@given(case=st.sampled_from(CASES), hours=st.integers(1, 24 * 100), data=st.data())
def test_the_whole_is_what_a_replay_of_the_same_facts_says(
    case: tuple[RuleBook, Callable[[], Facts]], hours: int, data: st.DataObject
) -> None:
    rules, told = case
    now = parse_instant((BEGIN + timedelta(hours=hours)).isoformat())
    known = {lead: [fact for fact in facts if fact.arrival <= now] for lead, facts in told().items()}
    records = data.draw(st.permutations(list(records_of(rules, from_topics(rules, known, now)))))

    (name,) = rules.versions
    check(rules, name, records, known, now)


BOOKS: Final = st.sampled_from((*rule_books(), everything(), everything(ORIGIN + 9 * DAY)))


def check_all(rules: RuleBook, history: History, now: Instant) -> None:
    """Of every agreement, of what had arrived by then; what partitions send each other is left out, and what corrects it."""
    facts: Facts = {}
    for lead, fact in history:
        if fact.arrival <= now and not isinstance(fact, Merged | Corrected):
            facts.setdefault(lead, []).append(fact)
    told = list(records_of(rules, from_topics(rules, facts, now)))
    for version in rules.in_force(now):
        check(rules, version.agreement.agreement, told, facts, now)


@examples(24)
@given(BOOKS, histories(most=8), st.integers(1, 100))
def test_the_whole_of_every_agreement_is_what_a_replay_of_any_history_says(
    rules: RuleBook, history: History, days: int
) -> None:
    check_all(rules, history, ORIGIN + days * DAY)


@examples(6)
@given(folders(), histories(most=8), st.integers(1, 200))
def test_the_whole_of_any_agreement_is_what_a_replay_says(files: dict[str, str], history: History, days: int) -> None:
    try:
        rules = RuleBook([parse_agreement(text) for text in files.values()])
    except AgreementErrors:
        return
    check_all(rules, history, ORIGIN + days * DAY)
