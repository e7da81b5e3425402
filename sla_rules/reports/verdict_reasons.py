"""What became of a promise: by what it contributes to the figures, the reason that says it."""

from datetime import datetime
from decimal import Decimal
from typing import assert_never
from zoneinfo import ZoneInfo

from sla_rules.agreement.deadlines import FollowUp
from sla_rules.agreement.obligations import Deliverable, Depth, Speed
from sla_rules.evaluation.contributions import (
    DeliverableContribution,
    DepthContribution,
    SpeedContribution,
)
from sla_rules.evaluation.receipts import has_wrong_recipient, quantity_of
from sla_rules.events.vocabulary import LEAD
from sla_rules.instants import Instant, moment
from sla_rules.lead.cycle import Cycle
from sla_rules.lead.facts import Attempted, Confirmed
from sla_rules.lead.facts import Excused as Waiver
from sla_rules.reports.promise_reasons import (
    Awaits,
    CycleReason,
    DeliveryLate,
    DeliveryMet,
    DeliveryMissed,
    DeliveryOpen,
    DeliveryReason,
    DepthClosed,
    DepthConnected,
    DepthMet,
    DepthMissed,
    DepthOpen,
    Excused,
    SpeedClosed,
    SpeedLate,
    SpeedMet,
    SpeedMissed,
    SpeedOpen,
)
from sla_rules.reports.reasons import (
    AnswersNothing,
    AttemptReason,
    ByAutomation,
    ConfirmationReason,
    NothingOwed,
    TooShort,
    WrongChannel,
    WrongDirection,
    WrongOutcome,
    WrongRecipient,
)


def local(at: Instant, zone: ZoneInfo) -> datetime:
    """An instant in the time zone of an agreement."""
    return moment(at).astimezone(zone)


def speed_reason(
    contribution: SpeedContribution, terms: Speed, cycle: Cycle, followed_up: Instant | None, zone: ZoneInfo
) -> CycleReason:
    """What became of the first follow-up."""
    about, deadline = cycle.subject or LEAD, _local(contribution.deadline, zone)
    awaits: Awaits = "follow_up" if cycle.message is None else "answer"
    match contribution.status:
        case "excused":
            return _excused(cycle)
        case "met" | "breached" if followed_up is not None:
            clock = terms.deadline.clock
            took = (contribution.working if clock == "working" else contribution.wall) or 0
            at = local(followed_up, zone)
            if contribution.status == "met" or contribution.deadline is None or deadline is None:
                return SpeedMet(about=about, awaits=awaits, at=at, took=took, clock=clock, deadline=deadline)
            late_by = followed_up - contribution.deadline
            return SpeedLate(
                about=about, awaits=awaits, at=at, took=took, clock=clock, deadline=deadline, late_by=late_by
            )
        case "closed" if cycle.end is not None and cycle.ended_by is not None:
            ended_at = local(cycle.end, zone)
            return SpeedClosed(
                about=about, awaits=awaits, ended_by=cycle.ended_by, ended_at=ended_at, deadline=deadline
            )
        case "open":
            return SpeedOpen(about=about, awaits=awaits, deadline=deadline)
        case "met" | "breached" | "closed":
            ended_at_last = _local(cycle.end, zone)
            return SpeedMissed(
                about=about, awaits=awaits, deadline=deadline, ended_by=cycle.ended_by, ended_at=ended_at_last
            )
    assert_never(contribution.status)


def depth_reason(
    contribution: DepthContribution, terms: Depth, cycle: Cycle, reached: Instant | None, zone: ZoneInfo
) -> CycleReason:
    """What became of the attempts agreed."""
    about, deadline = cycle.subject or LEAD, _local(contribution.deadline, zone)
    made, attempts = contribution.attempts, terms.attempts
    match contribution.status:
        case "excused":
            return _excused(cycle)
        case "met" if reached is not None:
            return DepthMet(attempts=attempts, at=local(reached, zone), deadline=deadline)
        case "connected" if cycle.end is not None:
            ended_at = local(cycle.end, zone)
            return DepthConnected(about=about, made=made, attempts=attempts, ended_at=ended_at, deadline=deadline)
        case "closed" if cycle.end is not None and cycle.ended_by is not None:
            return DepthClosed(
                about=about,
                made=made,
                attempts=attempts,
                ended_by=cycle.ended_by,
                ended_at=local(cycle.end, zone),
                deadline=deadline,
            )
        case "open":
            return DepthOpen(made=made, attempts=attempts, deadline=deadline)
        case "met" | "connected" | "closed" | "breached":
            return DepthMissed(
                about=about,
                made=made,
                attempts=attempts,
                deadline=deadline,
                reached_at=_local(reached, zone),
                ended_by=cycle.ended_by,
                ended_at=_local(cycle.end, zone),
            )
    assert_never(contribution.status)


def delivery_reason(contribution: DeliverableContribution, zone: ZoneInfo) -> DeliveryReason:
    """What became of a delivery."""
    due = local(contribution.start, zone)
    match contribution.status:
        case "met":
            return DeliveryMet(due)
        case "open":
            return DeliveryOpen(due)
        case "breached":
            return DeliveryMissed(due) if contribution.owed else DeliveryLate(due)
    assert_never(contribution.status)


def why_not(attempt: Attempted, terms: FollowUp) -> tuple[AttemptReason, ...]:
    """Why the agreement does not let an attempt count that counts not."""
    found: list[AttemptReason] = []
    if not terms.automation and attempt.automated:
        found.append(ByAutomation())
    if attempt.direction not in terms.directions:
        found.append(WrongDirection(attempt.direction, tuple(terms.directions)))
    if terms.channels is not None and attempt.channel.casefold() not in terms.folded_channels:
        found.append(WrongChannel(attempt.channel, tuple(terms.channels)))
    if attempt.outcome is not None and attempt.outcome not in terms.outcomes:
        found.append(WrongOutcome(attempt.outcome, tuple(terms.outcomes)))
    if attempt.duration is not None and attempt.duration < terms.minimum_duration:
        found.append(TooShort(attempt.duration, terms.minimum_duration))
    return tuple(found) or (AnswersNothing(),)


def why_nothing_counts(fact: Confirmed, amount: Decimal, terms: Deliverable) -> ConfirmationReason | None:
    """Why a confirmation does not count; None where it does, be it only by an `amount` of what it confirms."""
    if fact.to is not None and has_wrong_recipient(fact, terms):
        return WrongRecipient(fact.to, tuple(terms.to))
    return NothingOwed(fact.to) if quantity_of(fact) and not amount else None


def waiver_of(cycle: Cycle) -> Waiver:
    """Who waived a cycle, and why; nobody, where that was erased."""
    return next((mark for mark in reversed(cycle.marks) if isinstance(mark, Waiver)), Waiver(0, 0, "", ""))


def _excused(cycle: Cycle) -> Excused:
    waiver = waiver_of(cycle)
    return Excused(by=waiver.by, reason=waiver.reason)


def _local(at: Instant | None, zone: ZoneInfo) -> datetime | None:
    return None if at is None else local(at, zone)
