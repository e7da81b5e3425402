"""Deals: what came of leads in money, for every obligation of volume.

A deal is known by source and id, however often it is received. What was received of it last holds; it was closed
when that was said first, without another outcome between: won again a month later, it was won once, a month ago.

It counts once, for the first of its leads: where that lead was delivered, as revenue of marketing's in the period of
the close, and as a conversion in the period of the delivery. Any other deal is part of all closed revenue only, unless
it or its lead says that marketing generated it. Amounts are millionths; currencies are never added together.
"""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import groupby
from typing import Final, NamedTuple

from sla_rules.agreement.conditions import matches
from sla_rules.agreement.rulebook import RuleBook, Term, Version
from sla_rules.evaluation.contributions import DealContribution, VolumeContribution
from sla_rules.evaluation.tallies import VALUE_UNIT, Tally
from sla_rules.events.vocabulary import LEAD
from sla_rules.instants import Instant
from sla_rules.lead.facts import WITH_FIELDS, DealClosed, Fact, Fields
from sla_rules.names import ALL_SEGMENTS, UNMATCHED

OURS: Final = "marketing"
"""Who generated a deal that counts as marketing's without a delivered lead."""


class Deal(NamedTuple):
    """A deal as it stands: closed at `closed_at`, and `before` at other times, with other outcomes."""

    fact: DealClosed
    closed_at: Instant
    before: tuple[Instant, ...]

    @property
    def amount(self) -> int:
        """In millionths."""
        return int(Decimal(self.fact.amount) * VALUE_UNIT)


def deals_of(facts: Sequence[Fact]) -> list[Deal]:
    """The deals that facts are about, in the order they were closed."""
    told: dict[tuple[str, str], list[DealClosed]] = {}
    for fact in facts:
        if isinstance(fact, DealClosed):
            told.setdefault((fact.source, fact.deal or fact.id), []).append(fact)
    found = []
    for tellings in told.values():
        *before, closed_at = (next(run).time for _, run in groupby(tellings, key=lambda telling: telling.outcome))
        found.append(Deal(tellings[-1], closed_at, tuple(before)))
    return sorted(found, key=lambda deal: (deal.closed_at, deal.fact.source, deal.fact.deal, deal.fact.id))


def lost(told: Sequence[DealClosed]) -> list[Deal]:
    """The deals of a lead that stand as lost, in the order they were; one without a lead is nobody's."""
    return [deal for deal in deals_of(told) if deal.fact.outcome == "lost" and deal.fact.leads]


def contributions_of(
    rules: RuleBook, facts: Sequence[Fact], delivered: Mapping[tuple[str, str], VolumeContribution]
) -> Iterator[tuple[Deal, DealContribution]]:
    """What each deal of a lead adds to obligations of volume; `delivered` is where the lead counts already.

    A ticket that bears the id of a lead has no part in it, nor have agreements about tickets.
    """
    of_leads = [
        contribution for contribution in delivered.values() if rules.terms[contribution.term].agreement.subject == LEAD
    ]
    fields = _fields_of(facts)
    converted = set[tuple[int, str | None]]()
    for deal in deals_of(facts):
        for contribution in of_leads:
            yield deal, _of_delivered(deal, contribution, converted)
        for version in rules.in_force(deal.closed_at):
            if version.subject is None and _concerns(version, fields or {}):
                for term in version.terms:
                    if term.obligation.counts_deals and term.name not in delivered:
                        yield from ((deal, found) for found in _of_others(deal, version, term, fields))


def _fields_of(facts: Sequence[Fact]) -> Fields | None:
    """What is known of the lead, None if nothing: a deal without a lead, or before it."""
    known = [fact.fields for fact in facts if isinstance(fact, WITH_FIELDS) and fact.subject is None]
    return {name: value for fields in known for name, value in fields.items()} if known else None


def _concerns(version: Version, fields: Fields) -> bool:
    """Whether the agreement is about such leads, whoever generated them: all closed revenue is that of both sides.

    Where nothing is known of a lead, only an agreement about all of them can claim its deal.
    """
    condition = {name: matcher for name, matcher in version.applies_to.items() if name != "generated_by"}
    return matches(condition, fields)


def _of_delivered(
    deal: Deal, contribution: VolumeContribution, converted: set[tuple[int, str | None]]
) -> DealContribution:
    is_won = deal.fact.outcome == "won"
    currency = deal.fact.currency
    found = _share(
        deal,
        contribution.term,
        contribution.segment,
        is_ours=True,
        delivered_at=contribution.start,
        converts=is_won and (contribution.term, None) not in converted,
        converts_in_currency=is_won and (contribution.term, currency) not in converted,
    )
    if is_won:
        converted |= {(contribution.term, None), (contribution.term, currency)}
    return found


def _of_others(deal: Deal, version: Version, term: Term, fields: Fields | None) -> Iterator[DealContribution]:
    """Of an obligation that the lead was not delivered under; one for some segments takes those alone."""
    of_nobody = UNMATCHED if version.segments else ALL_SEGMENTS
    segment = of_nobody if fields is None else version.segment_of(fields)
    if segment in term.segments:
        generated_by = deal.fact.generated_by or (fields or {}).get("generated_by")
        yield _share(deal, term.index, segment, is_ours=generated_by == OURS)


def _share(
    deal: Deal,
    term: int,
    segment: str,
    *,
    is_ours: bool,
    delivered_at: Instant | None = None,
    converts: bool = False,
    converts_in_currency: bool = False,
) -> DealContribution:
    return DealContribution(
        term=term,
        segment=segment,
        start=deal.closed_at,
        before=deal.before,
        won=deal.fact.outcome == "won",
        amount=deal.amount,
        currency=deal.fact.currency,
        ours=is_ours,
        delivered_at=delivered_at,
        converts=converts,
        converts_in_currency=converts_in_currency,
    )


def tallies(contribution: DealContribution) -> Iterator[tuple[Instant, Tally]]:
    """What the deal adds to the figures: of the periods of its close, and of the delivery of its lead."""
    yield contribution.start, tally(contribution)
    if contribution.delivered_at is not None:
        yield contribution.delivered_at, cohort_tally(contribution)
    # Where it once lay there is nothing left of it, but a window to publish.
    yield from ((at, {}) for at in contribution.before)


def tally(contribution: DealContribution) -> Tally:
    """What the deal adds to the figures of the periods of its close."""
    whose = "" if contribution.ours else "other_"
    if not contribution.won:
        return {f"{whose}lost": 1}
    counts = {f"{whose}won": 1, f"{whose}revenue:{contribution.currency}": contribution.amount}
    if contribution.delivered_at is not None:
        counts |= {"sales_cycles": 1, "sales_cycle_sum": max(contribution.start - contribution.delivered_at, 0)}
        counts["before_delivery"] = int(contribution.start < contribution.delivered_at)
    return _filled(counts)


def cohort_tally(contribution: DealContribution) -> Tally:
    """What it adds to those of the delivery of its lead."""
    if not contribution.won or contribution.delivered_at is None:
        return {}
    counts = {
        "converted": int(contribution.converts),
        f"customers:{contribution.currency}": int(contribution.converts_in_currency),
        f"customer_revenue:{contribution.currency}": contribution.amount,
    }
    return _filled(counts)


def _filled(counts: Tally) -> Tally:
    return {name: count for name, count in counts.items() if count}
