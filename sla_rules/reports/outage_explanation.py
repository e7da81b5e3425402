"""How long a service was up, and each time that it was not: the intervals, what is waived of them, and why."""

from collections.abc import Iterator, Sequence
from fractions import Fraction

import msgspec

from sla_rules.agreement.obligations import Availability
from sla_rules.evaluation.assessment import Assessment, CycleEvaluation
from sla_rules.evaluation.availability import clock, is_announced
from sla_rules.evaluation.contributions import AvailabilityContribution, OutageContribution
from sla_rules.events.vocabulary import LEAD
from sla_rules.instants import Instant
from sla_rules.lead.cycle import Cycle
from sla_rules.lead.facts import ExcusedSpan, Fact
from sla_rules.reports.clock_explanation import spans
from sla_rules.reports.explained_head import VerdictHead
from sla_rules.reports.explained_verdicts import AvailabilityVerdict, ExcusedTime, OutageVerdict
from sla_rules.reports.particulars import event_of
from sla_rules.reports.promise_reasons import OutageExcused, OutageOpen, OutageOver, OutageReason, StillDown, Watched
from sla_rules.reports.report import breach
from sla_rules.reports.verdict_reasons import local, waiver_of
from sla_rules.reports.wrong_kind import WrongKindError


def explained_watch(
    head: VerdictHead,
    evaluation: CycleEvaluation,
    terms: Availability,
    days: Sequence[AvailabilityContribution],
    counted: Sequence[Fact],
) -> AvailabilityVerdict:
    """How long a service was up under one version, day by day."""
    available, down, excused = (
        sum(getattr(one, name) * one.days for one in days) for name in ("available", "down", "excused")
    )
    share = terms.target.share
    return AvailabilityVerdict(
        head=msgspec.structs.replace(head, owners=()),
        available=available,
        downtime=down,
        excused=excused,
        announcements=tuple(_announcements(evaluation.cycle, terms, counted)),
        status="open" if not available else "met" if available - down >= Fraction(share) * available else "breached",
        verdict=Watched(evaluation.cycle.subject or LEAD, available, down),
    )


def explained_outage(
    head: VerdictHead, evaluation: CycleEvaluation, terms: Availability, found: Assessment, until: Instant
) -> OutageVerdict:
    """One time that a service was down, what of it counts, and what does not.

    Raises:
        WrongKindError: a fault in the rules.

    """
    contribution, cycle = found.contribution, evaluation.cycle
    if not isinstance(contribution, OutageContribution):
        raise WrongKindError(contribution, terms.kind)
    watch = clock(evaluation, terms)
    end = until if cycle.end is None else cycle.end
    shown, left_out = spans(watch, cycle.start, end)
    return OutageVerdict(
        head=head,
        lasted=contribution.lasted,
        spans=shown,
        spans_left_out=left_out,
        status=contribution.status,
        verdict=_outage_reason(contribution, evaluation),
        notices=tuple(map(breach, found.notices)),
    )


def _outage_reason(contribution: OutageContribution, evaluation: CycleEvaluation) -> OutageReason:
    cycle, zone = evaluation.cycle, evaluation.term.zone
    about, down_at = cycle.subject or LEAD, local(cycle.start, zone)
    if contribution.status == "excused":
        waiver = waiver_of(cycle)
        return OutageExcused(about=about, down_at=down_at, by=waiver.by, reason=waiver.reason)
    up_at = None if cycle.end is None else local(cycle.end, zone)
    if contribution.status == "open":
        return OutageOpen(about=about, down_at=down_at, up_at=up_at)
    if up_at is None:
        return StillDown(about=about, down_at=down_at, lasted=contribution.lasted)
    return OutageOver(about=about, down_at=down_at, up_at=up_at, lasted=contribution.lasted)


def _announcements(watch: Cycle, terms: Availability, counted: Sequence[Fact]) -> Iterator[ExcusedTime]:
    """Spans that were waived while the service was watched, and whether they are left out."""
    for fact in counted:
        if (
            isinstance(fact, ExcusedSpan)
            and fact.subject == watch.subject
            and fact.since < watch.span.end
            and fact.until > watch.start
        ):
            yield ExcusedTime(
                event=event_of(fact),
                start=fact.since,
                end=fact.until,
                by=fact.by,
                reason=fact.reason,
                counts=is_announced(terms, fact.since, fact.time),
            )
