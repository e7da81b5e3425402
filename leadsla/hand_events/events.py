"""Events made by hand, with ids that follow from what they say: the same twice is one.

Most say when they happened, and so are others a minute later. A confirmation names the date that it is for instead: the same parcel
told of on two days is one parcel, unless it is said to be another.
"""

from collections.abc import Mapping, Sequence
from hashlib import blake2b
from typing import Any, Final, NamedTuple

import msgspec

from sla_rules.agreement.rulebook import RuleBook
from sla_rules.evaluation.remedies import check_remedies
from sla_rules.events.decode import facts_of, read_event
from sla_rules.events.schema import key_of
from sla_rules.events.vocabulary import LEAD, Part, Vocabulary, stands_for, topic_of
from sla_rules.instants import Instant, iso
from sla_rules.spelling import unknown

SOURCE: Final = "/hand"
_encode: Final = msgspec.json.Encoder(order="deterministic").encode


class NotAnEvent(Exception):
    """There is no such event, in words."""


class HandEvent(NamedTuple):
    """An event as a record: where it goes, as which bytes, and what it says."""

    topic: str
    key: bytes
    value: bytes
    event: Mapping[str, Any]

    @property
    def words(self) -> Mapping[str, Any]:
        """What it says, but for when."""
        return {name: self.event[name] for name in ("source", "type", "subject", "data")}


def type_for(part: Part, subject: str, vocabulary: Vocabulary) -> str:
    """The type of event that does something to the clocks of a subject.

    Raises:
        NotAnEvent: no agreement is about such a subject, or none names such an event.

    """
    if subject == LEAD:
        return stands_for(part)
    subjects = {word.subject for words in vocabulary.values() for word in words} | {LEAD}
    if subject not in subjects:
        raise NotAnEvent(unknown("subject", subject, sorted(subjects)))
    wanted = stands_for(part)
    kinds = [kind for kind, words in vocabulary.items() if any(word == (subject, wanted) for word in words)]
    if not kinds:
        message = f"no agreement names an event for {part!r} of a {subject}; look at `events` in the agreement"
        raise NotAnEvent(message)
    return min(kinds)


def hand_event(
    kind: str,
    subject: str,
    time: Instant,
    data: Mapping[str, Any],
    vocabulary: Vocabulary,
    now: Instant,
    told_by: Sequence[str] = ("time",),
    rules: RuleBook | None = None,
) -> HandEvent:
    """The event with its id, read by the decoder of the workers; `told_by` names what else than its words makes it another one.

    Remedies are held against the `rules`, where these are given.

    Raises:
        RejectionError: the workers would not take it.

    """
    event = {
        "specversion": "1.0",
        "source": SOURCE,
        "type": kind,
        "subject": subject,
        "time": iso(time),
        "data": {name: value for name, value in data.items() if value is not None},
    }
    known_by = {name: event[name] for name in ("source", "type", "subject", "data", *told_by)}
    event["id"] = blake2b(_encode(known_by), digest_size=16).hexdigest()
    value = _encode(event)
    read = read_event(value, None, vocabulary)
    facts, _ = facts_of(read, now)
    key = key_of(read)
    if rules is not None:
        check_remedies(rules, key, facts)
    return HandEvent(topic_of(kind, vocabulary) or "", key.encode(), value, event)
