"""Events that agreements name, each as it is about every subject that names it.

What cannot be read for one subject is still read for the others: an agreement loses no event because another one names it too.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sla_rules.events import schema
from sla_rules.events.rejection import RejectionError
from sla_rules.events.validation import KNOWN_TYPES, known_as, validated
from sla_rules.events.vocabulary import LEAD, Vocabulary, Word

_CORRECTION: Final = "lead.corrected.v1"


@dataclass(frozen=True, slots=True)
class NamedEvent:
    """An event with its own type; `meant` are, by subject, the events about leads that it stands for.

    `unread` says why it cannot be read for the other subjects that name it.
    """

    type: str
    meant: Mapping[str, schema.Event]
    unread: Mapping[str, RejectionError]

    @property
    def any(self) -> schema.Event:
        """One of those that it stands for: they differ in nothing but type and data."""
        return next(iter(self.meant.values()))

    @property
    def subject(self) -> str:
        """The lead, the ticket: the key of its record."""
        return self.any.subject

    @property
    def time(self) -> datetime:
        """When it happened."""
        return self.any.time

    @property
    def recordedtime(self) -> datetime | None:
        """When it arrived, as a file says it."""
        return self.any.recordedtime


def named_event(told: Mapping[str, Any], kind: str, vocabulary: Vocabulary) -> NamedEvent:
    """The event of a type that the vocabulary has.

    Raises:
        RejectionError: it can be read for no subject.

    """
    words = vocabulary[kind]
    meant: dict[str, schema.Event] = {}
    unread: dict[str, RejectionError] = {}
    for word in words:
        try:
            meant[word.subject] = validated(_stand_in(told, kind, word, vocabulary))
        except RejectionError as rejection:
            unread[word.subject] = rejection.alone()
    if not meant:
        raise said_of(unread, len(words))
    return NamedEvent(kind, meant, unread)


def said_of(unread: Mapping[str, RejectionError], subjects: int) -> RejectionError:
    """Why an event cannot be read for one of its subjects, and for which, where it has several."""
    subject, why = next(iter(unread.items()))
    return why if subjects == 1 else RejectionError(why.reason, f"for the subject {subject}: {why.detail}")


def _stand_in(told: Mapping[str, Any], kind: str, word: Word, vocabulary: Vocabulary) -> Mapping[str, Any]:
    """The event about leads that it stands for; a correction says what is right in the same words."""
    event = {**told, "type": word.stands_for}
    data = event.get("data")
    if word.stands_for == _CORRECTION and isinstance(data, dict) and isinstance(right := data.get("event"), dict):
        event["data"] = {**data, "event": _right(right, kind, word.subject, vocabulary)}
    return event


def _right(right: Mapping[str, Any], kind: str, subject: str, vocabulary: Vocabulary) -> Mapping[str, Any] | None:
    """What a correction puts in; nothing, where it is one about leads that puts in what is about leads alone."""
    known = known_as(right.get("type"), vocabulary)
    meant = next((word.stands_for for word in vocabulary.get(known or "", ()) if word.subject == subject), None)
    if meant is not None:
        return {**right, "type": meant}
    if known in KNOWN_TYPES and kind in KNOWN_TYPES:
        return right if subject == LEAD else None
    detail = f"data.event.type: {str(right.get('type'))[:200]!r} is no event about a {subject}"
    raise RejectionError("invalid_field", detail)
