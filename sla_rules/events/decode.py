"""Bytes -> event -> fact, or the reason why not. Both CloudEvents modes on Kafka: structured and binary."""

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final

import msgspec
from pydantic import ValidationError

from sla_rules.events import schema
from sla_rules.events.vocabulary import ABOUT_LEADS, LEAD, Vocabulary
from sla_rules.instants import DAY, EARLIEST, EPOCH, LATEST, MINUTE, SECOND, Duration, Instant, instant, moment
from sla_rules.lead import facts

FUTURE_TOLERATED: Final = 5 * MINUTE
"""Clocks of publishers run ahead by minutes; a stamp further ahead of its arrival is an error."""

_FIRST_DUE: Final = moment(EARLIEST).date()
_LAST_DUE: Final = moment(LATEST).date()
_KNOWN_TYPES: Final = frozenset(schema.TOPIC_OF_TYPE)
_CORRECTION: Final = "lead.corrected.v1"
_TURN: Final = {name: name.split(".")[1] for name in _KNOWN_TYPES}


class RejectionError(Exception):
    """Why a record is dead-lettered: a word to count by, and a sentence for whoever has to fix it."""

    def __init__(self, reason: str, detail: str) -> None:
        self.reason, self.detail = reason, detail
        super().__init__(f"{reason}: {detail}")


def read_event(
    value: bytes | None,
    headers: Mapping[str, bytes | None] | None = None,
    vocabulary: Vocabulary = ABOUT_LEADS,
) -> schema.Event:
    """The event of one record; one that agreements name keeps its type, and is of the class of what it stands for.

    Raises:
        RejectionError: it is none that the contract knows.

    """
    if value is None:
        raise RejectionError(reason="null_value", detail="the record has no value")
    try:
        if headers and "ce_type" in headers:
            return _binary(value, headers)
        return schema.EVENT.validate_json(value)
    except ValidationError as invalid:
        return _second_look(value, headers or {}, invalid, vocabulary)


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


def _binary(value: bytes, headers: Mapping[str, bytes | None]) -> schema.Event:
    """Attributes from `ce_` headers, data from the value, read as one structured event."""
    try:
        event = _joined(value, headers)
    except (UnicodeDecodeError, ValueError, RecursionError) as broken:
        raise RejectionError("broken_json", f"{broken}") from None
    return schema.EVENT.validate_json(json.dumps(event))


def _joined(value: bytes, headers: Mapping[str, bytes | None]) -> dict[str, Any]:
    attributes = {
        name[3:]: text.decode() for name, text in headers.items() if name.startswith("ce_") and text is not None
    }
    return {**attributes, "data": json.loads(value) if value else {}}


def _second_look(
    value: bytes, headers: Mapping[str, bytes | None], invalid: ValidationError, vocabulary: Vocabulary
) -> schema.Event:
    """An event whose type carries a reverse-DNS prefix, or is one that agreements name; for all others, the reason.

    Both are rare, so that they are looked for only after the plain type has failed.
    """
    first = invalid.errors(include_url=False, include_context=False)[0]
    kind = first["type"]
    if kind == "json_invalid":
        raise RejectionError("broken_json", first["msg"]) from None
    if kind == "union_tag_invalid":
        tree = _tree(value, headers)
        named = str(tree.get("type"))
        plain = ".".join(named.split(".")[-3:])
        try:
            for kind in (named, plain):
                if kind in vocabulary:
                    return _stand_in(tree, kind, vocabulary)
            if plain != named and plain in _KNOWN_TYPES:
                return schema.EVENT.validate_json(json.dumps({**tree, "type": plain}))
        except ValidationError as still:
            raise _rejection(still) from None
        raise RejectionError("unknown_type", f"type {named[:200]!r} is not known, or not in this version") from None
    raise _rejection(invalid) from None


def _stand_in(tree: Mapping[str, Any], kind: str, vocabulary: Vocabulary) -> schema.Event:
    """The event about leads that it stands for, with its own type; a correction says what is right in the same words."""
    word = vocabulary[kind]
    told = {**tree, "type": word.stands_for}
    data = told.get("data")
    if word.stands_for == _CORRECTION and isinstance(data, dict) and isinstance(right := data.get("event"), dict):
        meant = vocabulary.get(str(right.get("type")))
        if meant is None or meant.subject != word.subject:
            detail = f"data.event.type: {str(right.get('type'))[:200]!r} is no event about a {word.subject}"
            raise RejectionError("invalid_field", detail)
        told["data"] = {**data, "event": {**right, "type": meant.stands_for}}
    return schema.EVENT.validate_json(json.dumps(told)).model_copy(update={"type": kind})


def _tree(value: bytes, headers: Mapping[str, bytes | None]) -> dict[str, Any]:
    if "ce_type" in headers:
        return _joined(value, headers)
    tree = json.loads(value)
    return tree if isinstance(tree, dict) else {}


def _rejection(invalid: ValidationError) -> RejectionError:
    wrong = []
    for error in invalid.errors(include_url=False, include_context=False):
        place = ".".join(str(step) for step in error["loc"] if step not in _KNOWN_TYPES)
        wrong.append(f"{place}: {error['msg']}" if place else error["msg"])
    reasons = {error["type"] for error in invalid.errors(include_url=False, include_input=False)}
    reason = "missing_field" if reasons == {"missing"} else "invalid_field"
    if reasons & {"union_tag_not_found"}:
        reason = "missing_field"
    return RejectionError(reason, "; ".join(wrong)[:2000])


def fact_of(event: schema.Event, arrival: Instant, vocabulary: Vocabulary = ABOUT_LEADS) -> facts.Fact:
    """The fact that an event states, as it arrived at the broker; `vocabulary` as the event was read with.

    Raises:
        RejectionError: what a correction puts in is no event.

    """
    word = vocabulary.get(event.type)
    if word is None:
        return _FACT_OF[type(event)](event, instant(event.time), arrival)
    plain = event.model_copy(update={"type": word.stands_for})
    fact = _FACT_OF[type(event)](plain, instant(event.time), arrival)
    return fact if word.subject == LEAD else msgspec.structs.replace(fact, subject=word.subject)


def _created(event: schema.LeadCreated, time: Instant, arrival: Instant) -> facts.Fact:
    return facts.Created(time, arrival, event.source, event.id, None, _fields(event.data))


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
    return facts.Excused(time, arrival, event.source, event.id, None, event.data.reason, event.data.by)


def _merged(event: schema.LeadMerged, time: Instant, arrival: Instant) -> facts.Fact:
    return facts.Merged(time, arrival, event.source, event.id, None, event.data.into)


def _corrected(event: schema.LeadCorrected, time: Instant, arrival: Instant) -> facts.Fact:
    right = event.data.event
    if right is None:
        return facts.Corrected(time, arrival, event.source, event.id, replaces=event.data.replaces)
    envelope = {"specversion": "1.0", "id": event.id, "source": event.source, "subject": event.subject}
    told = {**envelope, "type": right.type, "time": (right.time or event.time).isoformat(), "data": right.data}
    try:
        instead = schema.EVENT.validate_json(json.dumps(told))
    except ValidationError as invalid:
        raise _rejection(invalid) from None
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
