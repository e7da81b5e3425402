"""The head of a verdict: which promise to which cycle, under which version and segment, and what the lead was meanwhile."""

from collections.abc import Iterator, Sequence

from sla_rules.agreement.obligations import Deliverable
from sla_rules.evaluation.assessment import CycleEvaluation
from sla_rules.evaluation.stays import Stay
from sla_rules.events.vocabulary import LEAD
from sla_rules.lead.cycle import CREATION
from sla_rules.names import ALL_SEGMENTS, UNMATCHED
from sla_rules.reports.conditions import unmet, wanted
from sla_rules.reports.explained_head import Ended, Owner, SegmentStay, Started, VerdictHead
from sla_rules.reports.particulars import event_of, name_of
from sla_rules.reports.reasons import NoSegmentMatches, NoSegments, SegmentMatches, SegmentReason, VersionInForce
from sla_rules.reports.wrong_kind import WrongKindError
from sla_rules.time.intervals import BEGINNING, FOREVER


def head_of(evaluation: CycleEvaluation, stays: Sequence[Stay]) -> VerdictHead:
    """The head of the verdict on a cycle; `stays` are those of the cycle in the agreement.

    Raises:
        WrongKindError: what is due on dates is about no lead, and its verdict has no head.

    """
    cycle, agreement, terms = evaluation.cycle, evaluation.term.agreement, evaluation.term.obligation
    if isinstance(terms, Deliverable):
        raise WrongKindError(cycle, terms.kind)
    return VerdictHead(
        agreement=agreement.agreement,
        version=agreement.version,
        version_because=VersionInForce(
            cycle.subject or LEAD, agreement.effective_from, "created" if cycle.number == CREATION else "handed_off"
        ),
        obligation=terms.id,
        kind=terms.kind,
        cycle=cycle.number,
        message=None if cycle.message is None else name_of(cycle.message),
        segment=None if evaluation.segment == ALL_SEGMENTS else evaluation.segment,
        segment_because=_why_this_segment(evaluation),
        fields=dict(cycle.fields),
        stays=tuple(_stays(stays)) if cycle.changes else (),
        owners=tuple(Owner(since=owner.since, rep=owner.rep, team=owner.team) for owner in cycle.owners),
        started=Started(cycle.start, name_of(cycle.marks[0])),
        ended=None if cycle.end is None else Ended(cycle.end, cycle.ended_by),
        moved_by=tuple(map(event_of, cycle.marks)),
    )


def _stays(stays: Sequence[Stay]) -> Iterator[SegmentStay]:
    """What the lead was one after the other; nothing where it stayed what it was."""
    if len(stays) == 1 and (stays[0].since, stays[0].until) == (BEGINNING, FOREVER):
        return
    until = BEGINNING
    for stay in stays:
        if until < stay.since:
            yield SegmentStay(applies=False, segment=None, until=stay.since)
        until = stay.until
        segment = None if stay.segment == ALL_SEGMENTS else stay.segment
        yield SegmentStay(applies=True, segment=segment, until=None if until == FOREVER else until)
    if until < FOREVER:
        yield SegmentStay(applies=False, segment=None, until=None)


def _why_this_segment(evaluation: CycleEvaluation) -> SegmentReason:
    segments, fields = evaluation.term.agreement.segments, evaluation.cycle.fields
    condition = next((segment.when for segment in segments if segment.id == evaluation.segment), None)
    if condition is not None:
        return SegmentMatches(wanted(condition))
    if evaluation.segment == UNMATCHED:
        return NoSegmentMatches(tuple(part for segment in segments for part in unmet(segment.when, fields)))
    return NoSegments()
