"""Bytes -> event -> fact, or the reason why not. Both CloudEvents modes on Kafka: structured and binary."""

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final, overload

import msgspec
from pydantic import ValidationError

from sla_rules.events import schema
from sla_rules.events.modes import Headers, binary_event, json_of
from sla_rules.events.named import NamedEvent, named_event, said_of
from sla_rules.events.rejection import RejectionError
from sla_rules.events.spellings import respelled, without_nulls
from sla_rules.events.validation import KNOWN_TYPES, known_as, validated
from sla_rules.events.vocabulary import ABOUT_LEADS, LEAD, Vocabulary
from sla_rules.instants import DAY, EARLIEST, EPOCH, LATEST, MINUTE, SECOND, Duration, Instant, instant, moment
from sla_rules.lead import facts

FUTURE_TOLERATED: Final = 5 * MINUTE
"""Clocks of publishers run ahead by minutes; a stamp further ahead of its arrival is an error."""

_FIRST_DUE: Final = moment(EARLIEST).date()
_LAST_DUE: Final = moment(LATEST).date()
_TURN: Final = {name: name.split(".")[1] for name in KNOWN_TYPES}


@overload
def read_event(value: bytes | None, headers: Headers | None = None) -> schema.Event: ...
@overload
def read_event(value: bytes | None, headers: Headers | None, vocabulary: Vocabulary) -> schema.Event | NamedEvent: ...
def read_event(
    value: bytes | None,
    headers: Headers | None = None,
    vocabulary: Vocabulary = ABOUT_LEADS,
) -> schema.Event | NamedEvent:
    """The event of one record.

    Raises:
        RejectionError: it is none that the contract knows.

    """
    event = binary_event(value, headers) if headers else None
    written = value if event is None else json.dumps(event)
    if written is None:
        raise RejectionError(reason="null_value", detail="the record has no value")
    try:
        plain = schema.EVENT.validate_json(written)
    except ValidationError:
        return _second_look(json_of(written), vocabulary)
    return _second_look(json_of(written), vocabulary) if vocabulary and plain.type in vocabulary else plain


def check_stamps(
    event: schema.Event, arrival: Instant, tolerated: Duration = FUTURE_TOLERATED, keep: Duration | None = None
) -> None:
    """Hold an event's own time against its arrival; `keep` is how long leads are kept, None for good.

    What a correction puts in is held to the same: it is as good as received now.

    Raises:
        RejectionError: the event says it happened more than minutes after it arrived, or before there were CRMs, or so
            long before that its lead may have left since; or it arrived after the last year there is.

    """
    if arrival > LATEST:
        raise RejectionError(reason="future_time", detail=f"the record itself is stamped after {_LAST_DUE}")
    _check_time("time", event.time, arrival, tolerated, keep)
    if type(event) is schema.LeadCorrected and event.data.event is not None and event.data.event.time is not None:
        _check_time("data.event.time", event.data.event.time, arrival, tolerated, keep)


def _check_time(name: str, told: datetime, arrival: Instant, tolerated: Duration, keep: Duration | None) -> None:
    time = instant(told)
    if time < EARLIEST:
        raise RejectionError("ancient_time", f"{name} {told.isoformat()} lies before {EPOCH.year}")
    if keep is not None and arrival - time > keep:
        days = f"{(arrival - time) // DAY} days before its arrival, leads are kept for {keep // DAY}"
        raise RejectionError("expired", f"{name} {told.isoformat()} lies {days}")
    ahead = time - arrival
    if ahead > tolerated:
        raise RejectionError("future_time", f"{name} {told.isoformat()} lies {ahead / SECOND:.0f} s after its arrival")
    if time > LATEST:
        raise RejectionError("future_time", f"{name} {told.isoformat()} lies after {_LAST_DUE}")


def _second_look(told: object, vocabulary: Vocabulary) -> schema.Event | NamedEvent:
    """An event in another spelling, or of a type with a reverse-DNS prefix or that agreements name; else, the reason.

    All of them are rare, so that they are looked for only after the plain event has failed.
    """
    if not isinstance(told, dict):
        raise RejectionError("invalid_field", f"an event is a JSON object, and this is {_A_VALUE[type(told)]}")
    try:
        event = respelled(told)
    except RecursionError:
        raise RejectionError("broken_json", "nested too deeply") from None
    if "type" not in event:
        raise RejectionError("missing_field", "type is missing: it says what happened, as lead.created.v1")
    kind = known_as(event["type"], vocabulary)
    if kind is None:
        detail = f"type {str(event['type'])[:200]!r} is not known, or not in this version"
        raise RejectionError("unknown_type", detail)
    return named_event(event, kind, vocabulary) if kind in vocabulary else validated({**event, "type": kind})


_A_VALUE: Final = {
    list: "an array",
    str: "text",
    int: "a number",
    float: "a number",
    bool: "true or false",
    type(None): "null",
}


def facts_of(
    event: schema.Event | NamedEvent,
    arrival: Instant,
    tolerated: Duration = FUTURE_TOLERATED,
    keep: Duration | None = None,
) -> tuple[list[facts.Fact], RejectionError | None]:
    """The facts that an event states, one for each subject, as it arrived; and why it states none about another that names it.

    Raises:
        RejectionError: it states none at all: its stamps are wrong (`check_stamps`), or what a correction puts in is no event.

    """
    if not isinstance(event, NamedEvent):
        check_stamps(event, arrival, tolerated, keep)
        return [fact_of(event, arrival)], None
    found: list[facts.Fact] = []
    unread = dict(event.unread)
    for subject, meant in event.meant.items():
        try:
            check_stamps(meant, arrival, tolerated, keep)
            fact = fact_of(meant, arrival)
        except RejectionError as rejection:
            unread[subject] = rejection.alone()
            continue
        found.append(fact if subject == LEAD else msgspec.structs.replace(fact, subject=subject))
    unsaid = said_of(unread, len(found) + len(unread)) if unread else None
    if unsaid is not None and not found:
        raise unsaid
    return found, unsaid


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
        raise RejectionError("future_time", f"data.until {data.until.isoformat()} lies after {_LAST_DUE}")
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
    if data.due is not None and not _FIRST_DUE <= data.due <= _LAST_DUE:
        reason = "ancient_time" if data.due < _FIRST_DUE else "future_time"
        raise RejectionError(reason, f"data.due {data.due} does not lie between {_FIRST_DUE} and {_LAST_DUE}")
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
}
