"""What stands behind the numbers of one cycle: events by name, the attempts, the confirmations."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Final

from sla_rules.agreement.deadlines import FollowUp
from sla_rules.agreement.flags import Flag
from sla_rules.agreement.obligations import Deliverable
from sla_rules.evaluation import flags, receipts
from sla_rules.evaluation.assessment import CycleEvaluation
from sla_rules.evaluation.deliverable import confirmations
from sla_rules.evaluation.qualifying import counted as all_counted
from sla_rules.instants import Instant
from sla_rules.lead.cycle import Cycle
from sla_rules.lead.facts import Attempted, Fact, StatusChanged
from sla_rules.reports.explained_clock import Attempt
from sla_rules.reports.explained_events import Event, EventName
from sla_rules.reports.explained_verdicts import Confirmation, RecipientQuantity
from sla_rules.reports.reasons import WithinTolerance
from sla_rules.reports.verdict_reasons import why_not, why_nothing_counts

TYPES: Final = {
    "Created": "lead.created",
    "Updated": "lead.updated",
    "Recycled": "lead.recycled",
    "HandedOff": "lead.handed_off",
    "Reassigned": "lead.reassigned",
    "Attempted": "lead.contact_attempted",
    "Excused": "lead.excused",
    "ExcusedSpan": "lead.excused",
    "Merged": "lead.merged",
    "Corrected": "lead.corrected",
    "DealClosed": "deal.closed",
    "Confirmed": "deliverable.confirmed",
    "RemedyConfirmed": "remedy.confirmed",
    "Watched": "leadsla.watched",
}
"""By fact, the event that it was."""


def name_of(fact: Fact) -> EventName:
    """Source and id, as the CRM gave them."""
    return EventName(fact.source, fact.id)


def event_of(fact: Fact) -> Event:
    """An event as it was received, and of which lead and subject."""
    kind = f"lead.{fact.status}" if isinstance(fact, StatusChanged) else TYPES[type(fact).__name__]
    return Event(
        name=name_of(fact),
        type=f"{kind}.v1",
        time=fact.time,
        arrival=fact.arrival,
        received_for=fact.origin,
        subject=fact.subject,
    )


def attempts_of(cycle: Cycle, terms: FollowUp, flagged: Mapping[EventName, tuple[Flag, ...]]) -> tuple[Attempt, ...]:
    """Every attempt of a cycle as the terms see it, whether it counts, if not why not, and the flags of those `flagged`."""
    early = {(name_of(fact), fact.origin): fact for fact in cycle.just_before}
    counted = {id(attempt) for attempt in all_counted(cycle, terms)}
    return tuple(
        Attempt(
            event=event_of(early.get((name_of(attempt), attempt.origin), attempt)),
            channel=attempt.channel,
            direction=attempt.direction,
            actor=attempt.actor,
            outcome=attempt.outcome,
            duration=attempt.duration,
            rep=attempt.rep,
            qualifies=id(attempt) in counted,
            why_not=() if id(attempt) in counted else why_not(attempt, terms),
            counts_from_start=(
                WithinTolerance(cycle.start - fact.time, terms.tolerance)
                if (fact := early.get((name_of(attempt), attempt.origin))) is not None
                else None
            ),
            flags=flagged.get(name_of(attempt), ()),
        )
        for attempt in cycle.attempts
    )


def flags_of(
    evaluation: CycleEvaluation, terms: FollowUp, deadline: Instant | None, most: int | None = None
) -> dict[EventName, tuple[Flag, ...]]:
    """By attempt, the flags of those that count, or of the first `most` of them."""
    counted = all_counted(evaluation.cycle, terms)
    found = flags.by_place(evaluation, counted, deadline, most)
    return {name_of(counted[place]): flags.flags_in(bits) for place, bits in found.items()}


def confirmations_of(terms: Deliverable, cycle: Cycle) -> tuple[Confirmation, ...]:
    """What has been confirmed of what was due, by whom and to whom, and which of it counts."""
    came = confirmations(cycle)
    return tuple(
        Confirmation(
            event=event_of(fact),
            quantity=Fraction(receipts.quantity_of(fact)),
            counted=Fraction(amount),
            by=fact.by,
            to=fact.to,
            counts=(why := why_nothing_counts(fact, amount, terms)) is None,
            why_not=why,
        )
        for fact, amount in zip(came, receipts.counted(came, terms), strict=True)
    )


def recipients_of(terms: Deliverable, cycle: Cycle) -> tuple[RecipientQuantity, ...]:
    """What each recipient with a quantity of its own has of what was due."""
    if not isinstance(terms.to, Mapping):
        return ()
    had = receipts.by_recipient(receipts.added_up(confirmations(cycle)), terms.to)
    return tuple(
        RecipientQuantity(to=to, quantity=Fraction(had[to]), wanted=Fraction(wanted)) for to, wanted in terms.to.items()
    )


def follow_up_among(cycle: Cycle, counted: Sequence[Fact], at: Instant, terms: FollowUp) -> Fact:
    """The event that a follow-up came by: an attempt that counts, else the connection, which is one too."""
    then = [fact for fact in counted if fact.time == at]
    attempts = [fact for fact in (*cycle.attempts, *then) if isinstance(fact, Attempted) and fact.time == at]
    found: list[Fact] = [attempt for attempt in all_counted(cycle, terms) if attempt.time == at]
    found += [attempt for attempt in attempts if attempt.outcome == "connected"]
    found += [fact for fact in then if isinstance(fact, StatusChanged) and fact.status == "connected"]
    found += [fact for fact in cycle.just_before if isinstance(fact, StatusChanged)]
    return found[0]
