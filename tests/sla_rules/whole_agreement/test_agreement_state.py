"""The whole of an agreement, by what its partitions publish, is what a replay of the same facts says."""

from collections.abc import Callable, Iterator
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from sla_rules.agreement.rulebook import RuleBook
from sla_rules.figures.period_records import record, record_key
from sla_rules.instants import Instant, moment, parse_instant
from sla_rules.lead.facts import Fact
from sla_rules.reports.replay import replay
from sla_rules.reports.report import Scope, report
from sla_rules.reports.result import Report
from sla_rules.reports.status import promises
from sla_rules.whole_agreement.agreement_state import AgreementState
from sla_rules.whole_agreement.whole import WholeAgreement
from tests.laws import examples
from tests.sla_rules.reports.test_period_figures import PARTITIONS, FromTopics, from_topics, without_hindsight
from tests.sla_rules.reports.test_status import BEGIN, CASES

Facts = dict[str, list[Fact]]
Record = tuple[int, bytes, bytes]


def records_of(rules: RuleBook, found: FromTopics) -> Iterator[Record]:
    """What the partitions have published in the end."""
    for window, said in found.by_partition.items():
        for partition, figures in said.items():
            yield partition, record_key(window, partition), record(window, figures, partition, rules)


def whole_of(rules: RuleBook, told: list[Record], now: Instant) -> WholeAgreement:
    (name,) = rules.versions
    state = AgreementState(rules, name, PARTITIONS)
    for one in told:
        state.take(*one)
    for key, value in state.changes(now).items():
        state.read_back(key, value)
    assert state.changes(now) == {}
    return state.whole


def replayed(rules: RuleBook, facts: Facts, since: Instant, now: Instant) -> Report:
    (name,) = rules.versions
    return without_hindsight(report(rules, name, replay(rules, facts, now), Scope(since, now)))


@examples(30)
@given(case=st.sampled_from(CASES), hours=st.integers(1, 24 * 100), data=st.data())
def test_the_whole_is_what_a_replay_of_the_same_facts_says(
    case: tuple[RuleBook, Callable[[], Facts]], hours: int, data: st.DataObject
) -> None:
    rules, told = case
    now = parse_instant((BEGIN + timedelta(hours=hours)).isoformat())
    known = {lead: [fact for fact in facts if fact.arrival <= now] for lead, facts in told().items()}
    records = data.draw(st.permutations(list(records_of(rules, from_topics(rules, known, now)))))

    found = whole_of(rules, records, now)

    assert found.agreement is not None
    assert found.since is not None
    expected = replayed(rules, known, found.since, now)
    assert found.periods == tuple(one for one in expected.consequences.periods if one.published is not None)
    assert found.events == expected.events
    assert found.agreement.cancellation == expected.consequences.cancellation
    rows = [row for one in expected.obligations for row in one.ledger or () if row.status == "over"]
    assert [one.row for one in found.ledger] == rows
    (version,) = rules.in_force(now)
    as_of = found.agreement.as_of
    assert as_of <= now
    assert moment(as_of).astimezone(rules.zone_of(expected.agreement)).hour == 0
    standing = promises(rules, version, replay(rules, known, now), as_of)
    assert tuple(one.status for one in found.agreement.promises) == standing
