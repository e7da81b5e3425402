"""What deals come to: each counted once, for its first lead, in the periods of its close and of the delivery."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from sla_rules.agreement.rulebook import RuleBook
from sla_rules.evaluation.deals import deals_of
from sla_rules.evaluation.tallies import Tally, total
from sla_rules.evaluation.verdicts import assess, tallies_of
from sla_rules.lead import facts
from sla_rules.lead.facts import DealClosed, Fact, merge
from tests.sla_rules.clocks import at
from tests.sla_rules.rules import agreement
from tests.sla_rules.story import LEAD, created, handed_off, judged
from tests.strategies import deals

VALUE = """
calendar: {time_zone: Europe/Berlin, weekly_hours: {mon: [["09:00", "17:00"]]}}
segments: [{id: ceo, when: {role: ceo}, value: 100}, {id: manager, when: {role: manager}, value: 40}]
obligations:
  - {id: leads, kind: volume, provider: marketing, recipient: sales, goal: 10}
  - {id: ceos, kind: volume, provider: marketing, recipient: sales, goal: 10, segments: [ceo]}
"""


def closed(when: str, name: str = "d-1", outcome: Any = "won", amount: str = "100", **more: Any) -> Fact:
    known = {"currency": "EUR", "leads": (LEAD,), "id": f"{name} {when}", **more}
    return DealClosed(at(when), at(when), "/crm", outcome=outcome, amount=amount, deal=name, **known)


def figures(*told: Fact, obligation: str = "leads") -> Tally:
    return judged(RuleBook([agreement(VALUE)]), *told, now="2026-06-30 12:00").figures(obligation)


def of_deals(tally: Tally) -> Tally:
    return {name: count for name, count in tally.items() if name not in {"delivered", "value"}}


def test_a_won_deal_converts_the_lead_that_was_delivered_and_takes_from_the_hand_off_to_the_close() -> None:
    found = figures(handed_off("2026-03-02 09:00", role="ceo"), closed("2026-03-03 09:00", amount="99.5"))

    assert of_deals(found) == {
        "converted": 1,
        "customers:EUR": 1,
        "customer_revenue:EUR": 99_500_000,
        "won": 1,
        "revenue:EUR": 99_500_000,
        "sales_cycles": 1,
        "sales_cycle_sum": 86_400_000_000,
    }


def test_a_lead_is_converted_once_however_many_deals_it_brings_and_once_in_each_currency() -> None:
    found = figures(
        handed_off("2026-03-02 09:00", role="ceo"),
        closed("2026-03-03 09:00"),
        closed("2026-03-04 09:00", "d-2"),
        closed("2026-03-05 09:00", "d-3", currency="USD", amount="7"),
    )

    assert (found["converted"], found["customers:EUR"], found["customers:USD"]) == (1, 1, 1)
    assert (found["won"], found["revenue:EUR"], found["revenue:USD"]) == (3, 200_000_000, 7_000_000)


def test_a_deal_that_was_won_and_then_lost_is_lost() -> None:
    told = (closed("2026-03-03 09:00"), closed("2026-04-03 09:00", outcome="lost"))

    (deal,) = deals_of(merge((), told)[0])

    assert (deal.fact.outcome, *deal.before, deal.closed_at) == (
        "lost",
        at("2026-03-03 09:00"),
        at("2026-04-03 09:00"),
    )
    assert of_deals(figures(handed_off("2026-03-02 09:00"), *told)) == {"lost": 1}


def test_two_systems_may_use_one_deal_id() -> None:
    told = (
        closed("2026-03-03 09:00"),
        facts.DealClosed(at("2026-03-03 09:00"), at("2026-03-03 09:00"), "/shop", "1", deal="d-1"),
    )

    assert len(deals_of(told)) == 2


def test_an_obligation_for_some_segments_knows_the_deals_of_those_alone() -> None:
    own = (created("2026-03-02 09:00", role="manager"), closed("2026-03-03 09:00"))
    nobodys = closed("2026-03-03 09:00", leads=())

    assert of_deals(figures(*own)) == {"other_won": 1, "other_revenue:EUR": 100_000_000}
    assert of_deals(figures(*own, obligation="ceos")) == {}
    assert of_deals(figures(nobodys)) == {"other_won": 1, "other_revenue:EUR": 100_000_000}
    assert of_deals(figures(nobodys, obligation="ceos")) == {}


def test_who_generated_the_lead_says_whose_a_deal_is_where_none_was_delivered_and_the_deal_goes_first() -> None:
    lead = created("2026-03-02 09:00", role="ceo", generated_by="marketing")

    assert figures(lead, closed("2026-03-03 09:00"))["won"] == 1
    assert figures(lead, closed("2026-03-03 09:00", generated_by="sales"))["other_won"] == 1


@given(st.lists(deals(), min_size=1, max_size=6))
def test_a_deal_counts_once_in_each_obligation_however_often_it_is_received(told: list[Fact]) -> None:
    rules = RuleBook([agreement(VALUE.replace("2026-01-01", "2020-01-01"))])
    known = merge((), told)[0]
    names = {(fact.source, fact.deal or fact.id) for fact in known if isinstance(fact, DealClosed)}

    contributions = [found.contribution for found in assess(rules, LEAD, known, at("2026-12-31 12:00"))]
    sums = total(tally for contribution in contributions for _, tally in tallies_of(contribution, rules))

    assert sum(sums.get(name, 0) for name in ("won", "lost", "other_won", "other_lost")) == len(names)


def test_agreements_about_other_subjects_know_no_deals() -> None:
    tickets = f"subject: ticket\nevents: {{handed_off: [ticket.opened.v1]}}\n{VALUE}"
    rules = RuleBook([agreement(tickets)])

    assert judged(rules, closed("2026-03-03 09:00"), now="2026-06-30 12:00").figures("leads") == {}


def test_an_agreement_about_some_leads_claims_the_deals_of_those_alone_whoever_generated_them() -> None:
    rules = RuleBook([agreement(f"applies_to: {{region: emea, generated_by: marketing}}\n{VALUE}")])

    def counted(*told: Fact) -> Tally:
        return judged(rules, *told, now="2026-06-30 12:00").figures("leads")

    deal = closed("2026-03-03 09:00")
    assert counted(created("2026-03-02 09:00", region="emea", generated_by="sales"), deal)["other_won"] == 1
    assert counted(created("2026-03-02 09:00", region="apac", generated_by="marketing"), deal) == {}
    assert counted(deal) == {}
    assert counted(closed("2026-03-03 09:00", leads=(), generated_by="marketing")) == {}
