"""An event as a fact: what each event about a lead states of it, as it arrived."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from sla_rules.events import schema
from sla_rules.events.rejection import RejectionError
from sla_rules.events.spellings import without_nulls
from sla_rules.events.validation import KNOWN_TYPES, known_as, validated
from sla_rules.events.vocabulary import ABOUT_LEADS
from sla_rules.instants import EARLIEST, EPOCH, LATEST, SECOND, Instant, instant, moment
from sla_rules.lead import facts
from sla_rules.notation import LAST_DATE

_FIRST_DUE: Final = moment(EARLIEST).date()
_TURN: Final = {name: name.split(".")[1] for name in KNOWN_TYPES}


def fact_of(event: schema.Event, arrival: Instant) -> facts.Fact:
    """The fact about a lead that an event states, as it arrived at the broker.

    Raises:
        RejectionError: what a correction puts in is no event.

    """
    return _FACT_OF[type(event)](event, instant(event.time), arrival)


def _created(event: schema.LeadCreated, time: Instant, arrival: Instant) -> facts.Fact:
    return facts.Created(time, arrival, event.source, event.id, None, _fields(event.data))


def _updated(event: schema.LeadUpdated, time: Instant, arrival: Instant) -> facts.Fact:
    return facts.Updated(time, arrival, event.source, event.id, None, fields=_fields(event.data))


def _handed_off(event: schema.LeadHandedOff, time: Instant, arrival: Instant) -> facts.Fact:
    data = event.data
    return facts.HandedOff(
        time, arrival, event.source, event.id, None, data.rep_id or data.queue, data.team, _fields(event.data)
    )


def _reassigned(event: schema.LeadReassigned, time: Instant, arrival: Instant) -> facts.Fact:
    data = event.data
    return facts.Reassigned(
        time, arrival, event.source, event.id, None, data.rep_id or data.queue, data.team, data.reason
    )


def _recycled(event: schema.LeadRecycled, time: Instant, arrival: Instant) -> facts.Fact:
    return facts.Recycled(time, arrival, event.source, event.id, None, event.data.reason)


def _attempted(event: schema.LeadContactAttempted, time: Instant, arrival: Instant) -> facts.Fact:
    data = event.data
    duration = None if data.duration_seconds is None else round(data.duration_seconds * SECOND)
    return facts.Attempted(
        time,
        arrival,
        event.source,
        event.id,
        None,
        data.channel,
        inbound=data.direction == "inbound",
        automated=data.actor == "automation",
        outcome=data.outcome,
        duration=duration,
        rep=data.rep_id,
    )


def _turned(event: schema.LeadOutcome, time: Instant, arrival: Instant) -> facts.Fact:
    return facts.StatusChanged(time, arrival, event.source, event.id, None, _TURN[event.type], event.data.reason_code)


def _excused(event: schema.LeadExcused, time: Instant, arrival: Instant) -> facts.Fact:
    data = event.data
    if data.since is None or data.until is None:
        return facts.Excused(time, arrival, event.source, event.id, None, data.reason, data.by)
    since, until = instant(data.since), instant(data.until)
    if since < EARLIEST:
        raise RejectionError("ancient_time", f"data.from {data.since.isoformat()} lies before {EPOCH.year}")
    if until > LATEST:
        raise RejectionError("future_time", f"data.until {data.until.isoformat()} lies after {LAST_DATE}")
    return facts.ExcusedSpan(time, arrival, event.source, event.id, None, since, until, data.reason, data.by)


def _merged(event: schema.LeadMerged, time: Instant, arrival: Instant) -> facts.Fact:
    return facts.Merged(time, arrival, event.source, event.id, None, event.data.into)


def _corrected(event: schema.LeadCorrected, time: Instant, arrival: Instant) -> facts.Fact:
    right = event.data.event
    if right is None:
        return facts.Corrected(time, arrival, event.source, event.id, replaces=event.data.replaces)
    kind = known_as(right.type, ABOUT_LEADS)
    if kind is None:
        raise RejectionError(
            "invalid_field", f"data.event.type {right.type[:200]!r} is not known, or not in this version"
        )
    envelope = {"specversion": "1.0", "id": event.id, "source": event.source, "subject": event.subject}
    told = {**envelope, "type": kind, "time": (right.time or event.time).isoformat(), "data": without_nulls(right.data)}
    instead = validated(told, "data.event.")
    if isinstance(instead, schema.LeadCorrected | schema.LeadMerged):
        raise RejectionError("invalid_field", "data.event: a correction puts in no other correction or merge")
    return facts.Corrected(
        time, arrival, event.source, event.id, replaces=event.data.replaces, instead=fact_of(instead, arrival)
    )


def _deal_closed(event: schema.DealWasClosed, time: Instant, arrival: Instant) -> facts.Fact:
    d = event.data
    amount = str(d.amount)
    return facts.DealClosed(
        time,
        arrival,
        event.source,
        event.id,
        None,
        d.outcome,
        amount,
        d.currency,
        d.deal_id,
        d.lead_ids or (),
        d.generated_by,
    )


def _confirmed(event: schema.DeliverableWasConfirmed, time: Instant, arrival: Instant) -> facts.Fact:
    data = event.data
    if data.due is not None and not _FIRST_DUE <= data.due <= LAST_DATE:
        reason = "ancient_time" if data.due < _FIRST_DUE else "future_time"
        raise RejectionError(reason, f"data.due {data.due} does not lie between {_FIRST_DUE} and {LAST_DATE}")
    return facts.Confirmed(
        time,
        arrival,
        event.source,
        event.id,
        None,
        data.quantity,
        data.by,
        data.to,
        None if data.due is None else data.due.isoformat(),
    )


def _remedy_confirmed(event: schema.RemedyWasConfirmed, time: Instant, arrival: Instant) -> facts.Fact:
    data = event.data
    return facts.RemedyConfirmed(time, arrival, event.source, event.id, None, data.period, data.by, data.owner)


def _fields(data: schema.LeadFields) -> facts.Fields:
    found: facts.Fields = {
        name: value
        for name in ("campaign", "generated_by", "product", "region", "role", "score", "source_channel")
        if (value := getattr(data, name)) is not None
    }
    if data.expected_value is not None:
        found["expected_value"] = str(data.expected_value)
    for name, value in (data.attributes or {}).items():
        if value is not None:
            found[f"attributes.{name}"] = value
    return dict(sorted(found.items())) if data.attributes or data.expected_value is not None else found


_FACT_OF: Final[Mapping[type[Any], Callable[[Any, Instant, Instant], facts.Fact]]] = {
    schema.LeadCreated: _created,
    schema.LeadUpdated: _updated,
    schema.LeadHandedOff: _handed_off,
    schema.LeadReassigned: _reassigned,
    schema.LeadRecycled: _recycled,
    schema.LeadContactAttempted: _attempted,
    schema.LeadOutcome: _turned,
    schema.LeadExcused: _excused,
    schema.LeadMerged: _merged,
    schema.LeadCorrected: _corrected,
    schema.DealWasClosed: _deal_closed,
    schema.DeliverableWasConfirmed: _confirmed,
    schema.RemedyWasConfirmed: _remedy_confirmed,
}
