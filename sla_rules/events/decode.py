"""Bytes -> event -> facts, or the reason why not. Both CloudEvents modes on Kafka: structured and binary."""

import json
from datetime import datetime
from typing import Final, overload

import msgspec
from pydantic import ValidationError

from sla_rules.events import schema
from sla_rules.events.as_fact import fact_of
from sla_rules.events.modes import Headers, binary_event, json_of
from sla_rules.events.named import NamedEvent, named_event, said_of
from sla_rules.events.rejection import RejectionError
from sla_rules.events.spellings import respelled
from sla_rules.events.validation import known_as, validated
from sla_rules.events.vocabulary import ABOUT_LEADS, LEAD, Vocabulary
from sla_rules.instants import DAY, EARLIEST, EPOCH, LATEST, MINUTE, SECOND, Duration, Instant, instant
from sla_rules.lead import facts
from sla_rules.notation import LAST_DATE

FUTURE_TOLERATED: Final = 5 * MINUTE
"""Clocks of publishers run ahead by minutes; a stamp further ahead of its arrival is an error."""


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
        raise RejectionError(reason="future_time", detail=f"the record itself is stamped after {LAST_DATE}")
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
        raise RejectionError("future_time", f"{name} {told.isoformat()} lies after {LAST_DATE}")


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
