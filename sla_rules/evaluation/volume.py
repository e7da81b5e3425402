"""Volume: leads delivered, each once, at its first qualifying hand-off; and the deals that come of them."""

from functools import lru_cache
from typing import Final, assert_never

from sla_rules.agreement.obligations import Volume
from sla_rules.agreement.rulebook import Term
from sla_rules.evaluation import deals, tallies
from sla_rules.evaluation.assessment import Assessment, CycleEvaluation
from sla_rules.evaluation.contributions import DealContribution, SumAt, VolumeContribution
from sla_rules.evaluation.kind import Kind
from sla_rules.evaluation.tallies import VALUE_UNIT
from sla_rules.instants import Instant


def assess(evaluation: CycleEvaluation, _terms: Volume, _now: Instant) -> Assessment:
    """The lead's delivery."""
    term, segment = evaluation.term, evaluation.segment
    return Assessment(VolumeContribution(term.index, segment, evaluation.cycle.start, _value_of(term, segment)))


@lru_cache(maxsize=1_000)
def _value_of(term: Term, segment: str) -> int:
    """In millionths what a lead of a segment is worth; nothing where that was not agreed."""
    value = next((s.value for s in term.agreement.segments if s.id == segment), None)
    return 0 if value is None else int(value * VALUE_UNIT)


def count(contribution: VolumeContribution | DealContribution, _: Volume, by: int, sum_at: SumAt) -> None:
    """Count a lead into the figures of its periods, or a deal into those of its close and of its lead's delivery."""
    if isinstance(contribution, VolumeContribution):
        counting = sum_at(contribution, contribution.start)
        counting["delivered"] += by
        if contribution.value:
            counting["value"] += by * contribution.value
    elif isinstance(contribution, DealContribution):
        for at, tally in deals.tallies(contribution):
            tallies.count(sum_at(contribution, at), tally, by)
    else:
        assert_never(contribution)


KIND: Final = Kind(
    assess=assess, once=True, count=count, gives=(VolumeContribution, DealContribution), always_by_day=True
)
"""Deliveries are kept by day for the waterfall."""
