"""What a row of the ledger says was known at its end is what a replay until that end says."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Final

from hypothesis import given
from hypothesis import strategies as st

from sla_rules.agreement.rulebook import RuleBook
from sla_rules.instants import DAY, Instant
from sla_rules.lead.facts import Fact
from sla_rules.reports.facts_by_key import known_by
from sla_rules.reports.ledger_rows import KnownAtEnd, LedgerRow
from sla_rules.reports.replay import replay
from sla_rules.reports.report import Scope, report
from tests.script import ORIGIN, History
from tests.sla_rules.clocks import at
from tests.sla_rules.evaluation.test_deals import closed
from tests.sla_rules.rules import agreement, rule_books
from tests.sla_rules.story import handed_off
from tests.sla_rules.worker import by_lead
from tests.strategies import ends, groups, histories

BEGIN: Final = ORIGIN - 2 * DAY

DAILY: Final = """
calendar: {time_zone: Europe/Berlin, weekly_hours: {mon: [["09:00", "17:00"]]}}
segments: [{id: ceo, when: {role: ceo}, value: 100}]
obligations:
  - {id: leads, kind: volume, provider: marketing, recipient: sales, intervals: [day], interval: day,
     goal_from: {ceo: {revenue: 1000, average_deal: 100, close_rate: "50%"}}}
"""

MONTHLY: Final = """
calendar: {time_zone: Europe/Berlin, weekly_hours: {mon: [["09:00", "17:00"]]}}
currency: EUR
obligations:
  - {id: leads, kind: volume, provider: marketing, recipient: sales, goal: 100}
"""

BOOKS: Final = st.sampled_from((*rule_books(), RuleBook([agreement(DAILY)])))


def ledgers(
    rules: RuleBook, told: Mapping[str, Sequence[Fact]], until: Instant, begin: Instant = BEGIN
) -> dict[tuple[str, str], tuple[LedgerRow, ...]]:
    outcome = replay(rules, known_by(told, until), until)
    return {
        (name, one.id): one.ledger
        for name in rules.versions
        for one in report(rules, name, outcome, Scope(begin, until)).obligations
        if one.ledger is not None
    }


def as_known(row: LedgerRow) -> KnownAtEnd:
    return KnownAtEnd(currency=row.currency, whole=row.whole, segments=row.segments)


@given(BOOKS, histories() | groups(4), ends(), st.integers(0, 24))
def test_what_a_row_says_was_known_at_its_end_is_the_ledger_of_a_replay_until_then(
    rules: RuleBook, history: History, until: Instant, which: int
) -> None:
    told = {lead.decode(): facts for lead, facts in by_lead(history).items()}

    for name, rows in ledgers(rules, told, until).items():
        assert [row.at_end is None for row in rows] == [row.status == "open" for row in rows]
        over = [row for row in rows if row.status == "over"]
        for row in over[which % len(over) :][:1] if over else []:
            (then,) = (one for one in ledgers(rules, told, row.period.end)[name] if one.period == row.period)
            assert row.at_end == then.at_end == as_known(then)


def test_a_customer_of_march_was_none_at_the_end_of_january() -> None:
    rules = RuleBook([agreement(MONTHLY)])
    told = {f"lead-{day}": [handed_off(f"2026-01-{day:02} 09:00")] for day in range(5, 25)}
    told["lead-5"].append(closed("2026-01-20 09:00", "d-5", leads=("lead-5",)))
    for day in range(10, 20):
        told[f"lead-{day}"].append(closed(f"2026-03-{day} 09:00", f"d-{day}", leads=(f"lead-{day}",)))

    january, february, march, april = ledgers(rules, told, at("2026-04-10 00:00"), at("2026-01-05"))["leads", "leads"]

    assert january.at_end is not None
    assert february.at_end is not None
    assert march.at_end is not None
    assert april.at_end is None
    assert (january.whole.converted, january.at_end.whole.converted) == (11, 1)
    assert (february.whole.matured.converted, february.at_end.whole.matured.converted) == (11, 1)
    assert february.at_end.whole.matured.close_rate == Fraction(1, 20)
    assert march.at_end.whole == march.whole
