"""Volume: leads delivered, each once, at its first qualifying hand-off."""

from sla_rules.evaluation.assessment import Assessment, CycleEvaluation
from sla_rules.evaluation.contributions import UnreadyContribution, VolumeContribution
from sla_rules.evaluation.tallies import VALUE_UNIT, Tally


def assess(evaluation: CycleEvaluation) -> Assessment:
    """The lead's delivery; its value is that of its segment, and none where the segment has none."""
    value = next((s.value for s in evaluation.term.agreement.segments if s.id == evaluation.segment), None)
    worth = 0 if value is None else int(value * VALUE_UNIT)
    return Assessment(VolumeContribution(evaluation.term.index, evaluation.segment, evaluation.cycle.start, worth))


def unready(evaluation: CycleEvaluation) -> Assessment:
    """A hand-off below the agreed quality, under any kind of obligation."""
    return Assessment(UnreadyContribution(evaluation.term.index, evaluation.segment, evaluation.cycle.start))


def tally(contribution: VolumeContribution) -> Tally:
    """What the lead adds to the figures of its periods."""
    return {"delivered": 1, "value": contribution.value} if contribution.value else {"delivered": 1}
