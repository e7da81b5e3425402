"""Each deal of a lead as it stands, and which obligations of volume it counts for."""

from collections.abc import Iterator, Sequence

from sla_rules.agreement.rulebook import RuleBook
from sla_rules.evaluation.contributions import Contribution, DealContribution, VolumeContribution
from sla_rules.evaluation.deals import Deal, contributions_of, deals_of
from sla_rules.lead.facts import Fact
from sla_rules.names import ALL_SEGMENTS
from sla_rules.reports.explained import DealCount, DealExplained
from sla_rules.reports.particulars import event_of


def explained_deals(
    rules: RuleBook, counted: Sequence[Fact], contributions: Sequence[Contribution]
) -> Iterator[DealExplained]:
    """The deals of a lead, by the deliveries among what it contributes."""
    delivered = {rules.terms[one.term].name: one for one in contributions if isinstance(one, VolumeContribution)}
    counts_for: dict[Deal, list[DealContribution]] = {deal: [] for deal in deals_of(counted)}
    for deal, contribution in contributions_of(rules, counted, delivered):
        counts_for[deal].append(contribution)
    for deal, found in counts_for.items():
        yield DealExplained(
            event=event_of(deal.fact),
            deal=deal.fact.deal,
            outcome=deal.fact.outcome,
            closed_at=deal.closed_at,
            amount=deal.amount,
            currency=deal.fact.currency,
            counts_for=tuple(_counted(rules, contribution) for contribution in found),
        )


def _counted(rules: RuleBook, contribution: DealContribution) -> DealCount:
    agreement, obligation = rules.terms[contribution.term].name
    return DealCount(
        agreement=agreement,
        obligation=obligation,
        segment=None if contribution.segment == ALL_SEGMENTS else contribution.segment,
        marketings=contribution.ours,
        delivered_at=contribution.delivered_at,
        converts_the_lead=contribution.converts,
    )
