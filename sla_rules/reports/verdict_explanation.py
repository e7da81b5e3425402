"""One verdict with all that it comes from, by kind of obligation."""

from collections.abc import Sequence
from fractions import Fraction
from typing import assert_never

from sla_rules.agreement.obligations import Availability, Deliverable, Depth, Retention, Speed
from sla_rules.evaluation import depth, speed
from sla_rules.evaluation.assessment import Assessment, CycleEvaluation
from sla_rules.evaluation.contributions import (
    AvailabilityContribution,
    DealContribution,
    DeliverableContribution,
    DepthContribution,
    LossContribution,
    OutageContribution,
    RemedyContribution,
    RetentionContribution,
    SpeedContribution,
    UncoveredContribution,
    UnreadyContribution,
    VolumeContribution,
)
from sla_rules.evaluation.kinds import kind_of
from sla_rules.evaluation.occurrences import day_numbered, time_of
from sla_rules.evaluation.qualifying import counted as all_counted
from sla_rules.evaluation.stays import Stay
from sla_rules.evaluation.timed import watch_of
from sla_rules.events.vocabulary import LEAD
from sla_rules.instants import Instant
from sla_rules.lead.facts import Fact
from sla_rules.reports.clock_explanation import clock_run, spans
from sla_rules.reports.conditions import unmet
from sla_rules.reports.explained_clock import FollowUp, Reached
from sla_rules.reports.explained_head import VerdictHead
from sla_rules.reports.explained_verdicts import CountedVerdict, DeliveryVerdict, DepthVerdict, SpeedVerdict, Verdict
from sla_rules.reports.head_explanation import head_of
from sla_rules.reports.outage_explanation import explained_outage, explained_watch
from sla_rules.reports.particulars import (
    attempts_of,
    confirmations_of,
    flags_of,
    follow_up_among,
    name_of,
    recipients_of,
)
from sla_rules.reports.promise_reasons import Continued, CountedBefore, Delivered, NotReady
from sla_rules.reports.report import breach
from sla_rules.reports.tenure_explanation import explained_tenure
from sla_rules.reports.verdict_reasons import delivery_reason, depth_reason, speed_reason
from sla_rules.reports.wrong_kind import WrongKindError


def explained_verdict(
    evaluation: CycleEvaluation,
    found: Assessment | None,
    counted: Sequence[Fact],
    stays: Sequence[Stay],
    until: Instant,
) -> Verdict:
    """What became of one cycle under one term; `found` is None where it was judged with one before.

    `stays` are those of the cycle in the agreement.

    Raises:
        WrongKindError: a fault in the rules.

    """
    head, about = head_of(evaluation, stays), evaluation.cycle.subject or LEAD
    terms = evaluation.term.obligation
    if found is None and kind_of(terms).once:
        return CountedVerdict(head=head, value=None, status="counted_before", verdict=CountedBefore(about))
    if found is None:
        return CountedVerdict(head=head, value=None, status="continued", verdict=Continued(about))
    contribution = found.contribution
    match contribution, terms:
        case UnreadyContribution(), _:
            lacking = unmet(evaluation.term.agreement.minimum_quality, evaluation.cycle.fields)
            return CountedVerdict(head=head, value=None, status="unready", verdict=NotReady(lacking))
        case VolumeContribution(value=value), _:
            return CountedVerdict(head=head, value=value, status="delivered", verdict=Delivered(about, value or None))
        case SpeedContribution(), Speed():
            return _speed(head, evaluation, terms, found, contribution, counted, until)
        case DepthContribution(), Depth():
            return _depth(head, evaluation, terms, found, contribution, until)
        case (
            (
                SpeedContribution()
                | DepthContribution()
                | DeliverableContribution()
                | DealContribution()
                | AvailabilityContribution()
                | OutageContribution()
                | RetentionContribution()
                | LossContribution()
                | UncoveredContribution()
                | RemedyContribution()
            ),
            _,
        ):
            raise WrongKindError(contribution, terms.kind)
    assert_never(contribution)


def explained_watched(
    evaluation: CycleEvaluation, found: Sequence[Assessment], counted: Sequence[Fact], until: Instant
) -> Verdict:
    """What became of what is watched under one term: of a service, all days of a watch, or one outage; of a customer, one tenure.

    Raises:
        WrongKindError: a fault in the rules.

    """
    terms, contributions = evaluation.term.obligation, [one.contribution for one in found]
    if isinstance(contributions[0], UnreadyContribution):
        return explained_verdict(evaluation, found[0], counted, (), until)
    head = head_of(evaluation, ())
    if isinstance(terms, Retention):
        return explained_tenure(head, evaluation, found)
    if not isinstance(terms, Availability):
        raise WrongKindError(contributions[0], terms.kind)
    if isinstance(contributions[0], OutageContribution):
        return explained_outage(head, evaluation, terms, found[0], until)
    days = [one for one in contributions if isinstance(one, AvailabilityContribution)]
    return explained_watch(head, evaluation, terms, days, counted)


def explained_delivery(found: Assessment) -> DeliveryVerdict:
    """What became of one delivery.

    Raises:
        WrongKindError: a fault in the rules.

    """
    contribution, evaluation = found.contribution, found.evaluation
    if not isinstance(contribution, DeliverableContribution) or evaluation is None:
        raise WrongKindError(contribution, "deliverable")
    term, cycle = evaluation.term, evaluation.cycle
    terms = term.obligation
    if not isinstance(terms, Deliverable):
        raise WrongKindError(contribution, terms.kind)
    confirmed = confirmations_of(terms, cycle)
    day = day_numbered(cycle.number)
    return DeliveryVerdict(
        agreement=term.name[0],
        version=term.agreement.version,
        obligation=terms.id,
        kind=terms.kind,
        deadline=contribution.start,
        moved_from=None if time_of(day, terms.due, term) == contribution.start else day,
        status=contribution.status,
        verdict=delivery_reason(contribution, term.zone),
        quantity=sum((one.counted for one in confirmed), start=Fraction(0)),
        wanted=Fraction(terms.wanted),
        recipients=recipients_of(terms, cycle),
        confirmations=confirmed,
        notices=tuple(map(breach, found.notices)),
    )


def _speed(
    head: VerdictHead,
    evaluation: CycleEvaluation,
    terms: Speed,
    found: Assessment,
    contribution: SpeedContribution,
    counted: Sequence[Fact],
    until: Instant,
) -> SpeedVerdict:
    cycle = evaluation.cycle
    watch = watch_of(evaluation, terms)
    followed_up = speed.first_follow_up(cycle, terms)
    start, due = speed.promise(cycle, terms, watch, followed_up)
    follow_up: FollowUp | None = None
    if followed_up is not None and contribution.wall is not None and contribution.working is not None:
        shown, left_out = spans(watch, start, followed_up)
        follow_up = FollowUp(
            at=followed_up,
            event=name_of(follow_up_among(cycle, counted, followed_up, terms.follow_up)),
            working=contribution.working,
            wall=contribution.wall,
            spans=shown,
            spans_left_out=left_out,
        )
    flagged = flags_of(evaluation, terms.follow_up, due, most=1) if contribution.flagged else {}
    return SpeedVerdict(
        head=head,
        run=clock_run(evaluation, terms, start, due, followed_up, found.ahead, until),
        follow_up=follow_up,
        attempts=attempts_of(cycle, terms.follow_up, flagged),
        status=contribution.status,
        verdict=speed_reason(contribution, terms, cycle, followed_up, evaluation.term.zone),
        notices=tuple(map(breach, found.notices)),
    )


def _depth(
    head: VerdictHead,
    evaluation: CycleEvaluation,
    terms: Depth,
    found: Assessment,
    contribution: DepthContribution,
    until: Instant,
) -> DepthVerdict:
    cycle = evaluation.cycle
    counting = all_counted(cycle, terms.follow_up)
    last = depth.last_wanted(counting, terms)
    reached = None if last is None else last.time
    flagged = flags_of(evaluation, terms.follow_up, contribution.deadline) if contribution.flagged else {}
    return DepthVerdict(
        head=head,
        run=clock_run(evaluation, terms, cycle.start, contribution.deadline, reached, found.ahead, until),
        attempts_wanted=terms.attempts,
        attempts_made=contribution.attempts,
        reached=None if last is None else Reached(last.time, name_of(last)),
        attempts=attempts_of(cycle, terms.follow_up, flagged),
        status=contribution.status,
        verdict=depth_reason(contribution, terms, cycle, reached, evaluation.term.zone),
        notices=tuple(map(breach, found.notices)),
    )
