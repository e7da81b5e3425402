"""Volume: leads delivered, each once, at its first qualifying hand-off."""

from sla_rules.evaluation.assessment import Assessment, Case
from sla_rules.evaluation.shares import UnreadyShare, VolumeShare
from sla_rules.evaluation.tallies import VALUE_UNIT, Tally


def assess(case: Case) -> Assessment:
    """The lead's delivery; its value is that of its segment, and none where the segment has none."""
    value = next((s.value for s in case.term.agreement.segments if s.id == case.segment), None)
    worth = 0 if value is None else int(value * VALUE_UNIT)
    return Assessment(VolumeShare(case.term.index, case.segment, case.cycle.start, worth))


def unready(case: Case) -> Assessment:
    """A hand-off below the agreed quality, under any kind of obligation."""
    return Assessment(UnreadyShare(case.term.index, case.segment, case.cycle.start))


def tally(share: VolumeShare) -> Tally:
    """What the lead adds to the figures of its periods."""
    return {"delivered": 1, "value": share.value} if share.value else {"delivered": 1}
