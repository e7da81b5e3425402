"""Quotas by measured rates: those of the ledger's latest row, where they can be trusted, and to the same goal."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from sla_rules.agreement.goals import leads_needed
from sla_rules.agreement.rulebook import RuleBook
from sla_rules.names import ALL_SEGMENTS
from sla_rules.reports.ledger import ledger
from sla_rules.reports.ledger_rows import LedgerRow
from sla_rules.reports.period_figures import WindowTallies
from sla_rules.reports.recalculation import ledger_known, recalculated, written
from sla_rules.reports.replay import replay
from sla_rules.reports.report import Scope, report
from sla_rules.reports.topic_tallies import TopicTallies
from tests.sla_rules.clocks import at
from tests.sla_rules.reports.test_ledger import SEGMENTS, month, quota, tally, volume
from tests.sla_rules.reports.test_period_figures import from_topics, story
from tests.sla_rules.rules import agreement, company_x

NOW = at("2026-04-01 00:00")


def rows(customers: int, leads: int = 300, deal: int = 100, other: int = 0) -> tuple[LedgerRow, ...]:
    terms = volume(quota())
    months = (tally(leads, customers, deal, other), tally(100, customers), tally(400, 0))
    return ledger([month(n, terms, {ALL_SEGMENTS: one}) for n, one in enumerate(months)], None, NOW)


def test_rates_of_enough_customers_take_the_place_of_those_agreed() -> None:
    found, said = recalculated({None: quota()}, rows(80)[-1], NOW)

    (part,) = said.parts
    row = rows(80)[-1].whole
    assert part.is_taken
    assert found[None].leads_needed == row.next_goal_at_agreed_share
    assert (found[None].revenue, found[None].marketing_share) == (quota().revenue, quota().marketing_share)
    assert part.matured.close_rate == Fraction(160, 400)
    assert part.leads_needed_at_measured_share == row.next_goal


def test_three_customers_change_nothing_and_it_is_said_why() -> None:
    """Three of 53 leads once asked for thousands."""
    found, said = recalculated({None: quota()}, rows(3, leads=53)[-1], NOW)

    (part,) = said.parts
    assert (found, part.is_taken) == ({None: quota()}, False)
    assert "FewCustomers" in type(part.remark).__name__


def test_a_segment_that_nothing_is_known_of_keeps_its_quota() -> None:
    found, said = recalculated({"north": quota(), "south": quota(revenue=7)}, rows(80)[-1], NOW)

    assert (found, said.parts) == ({"north": quota(), "south": quota(revenue=7)}, ())


@given(
    leads=st.integers(1, 10**6),
    part=st.fractions(0, 1),
    deal=st.fractions(Fraction(1, 100), 10**5),
    revenue=st.integers(1, 10**7),
)
def test_a_quota_as_it_is_written_comes_to_the_goal_of_the_exact_rates(
    leads: int, part: Fraction, deal: Fraction, revenue: int
) -> None:
    rate = Fraction(max(round(leads * part), 1), leads)

    found = written(quota(revenue=revenue), rate, deal)

    assert found.leads_needed == leads_needed(Fraction(revenue), Fraction(1), deal, rate)
    assert 0 <= Fraction(found.close_rate) - rate < Fraction(1, 10**4)
    assert 0 <= Fraction(found.average_deal) - deal < Fraction(1, 10**2)


@pytest.mark.parametrize("rules", [company_x(), RuleBook([agreement(SEGMENTS)])], ids=["company-x", "segments"])
def test_the_ledger_by_topics_and_by_a_replay_is_that_of_the_report(rules: RuleBook) -> None:
    now = at("2026-03-20 12:00")
    known = {lead: [fact for fact in facts if fact.arrival <= now] for lead, facts in story().items()}
    figures = replay(rules, known, now)
    (name,) = rules.versions
    (volume_name,) = {term.name for term in rules.terms if term.obligation.kind == "volume"}
    scope = Scope(min(fact.time for facts in known.values() for fact in facts), now)
    reported = next(
        one.ledger for one in report(rules, name, figures, scope).obligations if (name, one.id) == volume_name
    )

    assert reported is not None
    expected = tuple(replace(row, at_end=None) for row in reported)
    sources: tuple[WindowTallies, ...] = (figures, from_topics(rules, known, now))
    assert [ledger_known(rules, volume_name, one, now) for one in sources] == [expected, expected]


def test_of_figures_that_say_nothing_there_is_no_ledger() -> None:
    rules = company_x()

    assert ledger_known(rules, rules.terms[2].name, TopicTallies(rules), NOW) == ()
