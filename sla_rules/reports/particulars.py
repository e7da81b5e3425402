"""What stands behind the numbers of one cycle: events by name, the open hours used, the pauses taken out, the attempts."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from fractions import Fraction
from itertools import takewhile
from typing import Any, Final

from sla_rules.agreement.obligations import Deadline, Deliverable, FollowUp
from sla_rules.agreement.rulebook import Term
from sla_rules.evaluation.assessment import CycleEvaluation, qualifies
from sla_rules.evaluation.deliverable import confirmations, has_wrong_recipient
from sla_rules.figures.summary import Document, number
from sla_rules.instants import Instant, iso, seconds
from sla_rules.lead.cycles import Cycle
from sla_rules.lead.facts import Attempted, StatusChanged
from sla_rules.reports.sentences import why_not
from sla_rules.time.calendar import Calendar, NeverOpenError
from sla_rules.time.intervals import FOREVER, Interval, difference, intersection

TYPES: Final = {
    "Created": "lead.created",
    "Recycled": "lead.recycled",
    "HandedOff": "lead.handed_off",
    "Reassigned": "lead.reassigned",
    "Attempted": "lead.contact_attempted",
    "Excused": "lead.excused",
    "Merged": "lead.merged",
    "Corrected": "lead.corrected",
    "DealClosed": "deal.closed",
    "Confirmed": "deliverable.confirmed",
    "Watched": "leadsla.watched",
}
"""By fact, the event that it was."""


def name_of(fact: Any) -> Document:
    """Source and id; nobody else's event has both."""
    return {"source": fact.source, "id": fact.id}


def event_of(fact: Any) -> Document:
    """An event as it was told, and where; where it is not about a lead, of which subject, and what it stands for."""
    kind = f"lead.{fact.status}" if isinstance(fact, StatusChanged) else TYPES[type(fact).__name__]
    return {
        **name_of(fact),
        "type": f"{kind}.v1",
        "time": iso(fact.time),
        "arrival": iso(fact.arrival),
        "told_of": fact.origin,
        **({} if fact.subject is None else {"subject": fact.subject}),
    }


def clock_document(
    evaluation: CycleEvaluation, deadline: Deadline, start: Instant, due: Instant | None, *, pauses: bool
) -> Document:
    """The clock of a promise: whose hours, from when, to when, and what of them was used."""
    is_working = deadline.clock == "working"
    watch = evaluation.stopwatch(deadline.clock, pauses=pauses)
    return {
        "clock": deadline.clock,
        "calendar": _calendar(evaluation) if is_working else None,
        "within_seconds": seconds(deadline.within),
        "clock_started": iso(start),
        "deadline": None if due is None else iso(due),
        "spans_to_deadline": [] if due is None else spans(watch.calendar, watch.pauses, start, due),
        "pauses": [
            {
                "start": iso(pause.start),
                "end": None if pause.end == FOREVER else iso(pause.end),
                "taken_out": pauses,
            }
            for pause in evaluation.cycle.pauses
        ],
    }


def spans(calendar: Calendar | None, pauses: Iterable[Interval], start: Instant, end: Instant) -> list[Document]:
    """The time that a clock ran from start to end: open hours (all hours without a calendar), less the pauses."""
    running = difference([Interval(start, end)] if start < end else [], pauses)
    used = running if calendar is None else intersection(running, _open(calendar, start, end))
    return [
        {"start": iso(span.start), "end": iso(span.end), "seconds": seconds(span.length)}
        for span in used
        if span.length
    ]


def _open(calendar: Calendar, start: Instant, end: Instant) -> Iterator[Interval]:
    """What is open from start to end; nothing may open any more before that."""
    with suppress(NeverOpenError):
        yield from takewhile(lambda span: span.start < end, calendar.open_intervals(start))


def attempts_of(cycle: Cycle, terms: FollowUp) -> list[Document]:
    """Every attempt of a cycle, whether it counts, and if not why not."""
    return [
        {
            **event_of(attempt),
            "channel": attempt.channel,
            "direction": attempt.direction,
            "actor": attempt.actor,
            "outcome": attempt.outcome,
            "duration_seconds": None if attempt.duration is None else seconds(attempt.duration),
            "rep": attempt.rep,
            "qualifies": qualifies(attempt, terms),
            "why_not": why_not(attempt, terms),
        }
        for attempt in cycle.attempts
    ]


def deliveries_of(term: Term, counted: Sequence[Any], due: Instant, previous: Term | None) -> Document:
    """How much of what was due at an instant has been confirmed, by whom and to whom, and which of it counts."""
    terms = term.obligation
    if not isinstance(terms, Deliverable):
        return {}
    found = confirmations(term, counted, due, previous)
    counting = [fact for fact in found if not has_wrong_recipient(fact, terms)]
    agreed = " or ".join(terms.to)
    return {
        "quantity": sum(fact.quantity for fact in counting),
        "wanted": number(Fraction(terms.quantity)),
        "confirmations": [
            {
                **event_of(fact),
                "quantity": fact.quantity,
                "by": fact.by,
                "to": fact.to,
                "counts": fact in counting,
                "why_not": None if fact in counting else f"it went to {fact.to}; agreed is {agreed}",
            }
            for fact in found
        ],
    }


def follow_up_among(counted: Sequence[Any], at: Instant, terms: FollowUp) -> Any:
    """The event that a follow-up came by: an attempt that counts, else the connection, which is one too."""
    then = [fact for fact in counted if fact.time == at]
    attempts = [fact for fact in then if isinstance(fact, Attempted)]
    counting = [attempt for attempt in attempts if qualifies(attempt, terms)]
    connecting = [attempt for attempt in attempts if attempt.outcome == "connected"]
    turns = [fact for fact in then if isinstance(fact, StatusChanged) and fact.status == "connected"]
    return (*counting, *connecting, *turns)[0]


def _calendar(evaluation: CycleEvaluation) -> Document:
    term, team = evaluation.term, evaluation.cycle.owners[0].team
    if team is not None and team in term.by_team:
        of = f"team {team}"
    else:
        of = f"segment {evaluation.segment}" if evaluation.segment in term.by_segment else "agreement"
    hours = term.calendar_of(evaluation.segment, team).hours
    return {"of": of, **hours.model_dump(mode="json", exclude_defaults=True)}
