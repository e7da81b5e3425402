"""Which events move clocks: those about leads, and those that agreements about other subjects name.

An event that an agreement names stands for one about leads: it carries the same data, lies on the same topic, and is
read as that one, about a ticket (say) and not a lead. Agreements about several subjects may name the same event, and
those about others than leads one about leads: then it is read once for each subject.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, Literal, NamedTuple

from sla_rules.events.schema import TOPIC_OF_TYPE

LEAD: Final = "lead"

Part = Literal[
    "created",
    "updated",
    "handed_off",
    "down",
    "reassigned",
    "recycled",
    "attempted",
    "connected",
    "up",
    "closed",
    "reopened",
    "paused",
    "resumed",
    "excused",
    "merged",
    "deleted",
    "corrected",
]
"""What an event does to clocks."""

_SAID_OTHERWISE: Final[Mapping[Part, Part]] = {"down": "handed_off", "up": "connected"}
"""Of what is up or down, what begins and ends a cycle is called by that."""

_SPECIAL: Final[Mapping[Part, str]] = {"attempted": "lead.contact_attempted.v1", "closed": "lead.converted.v1"}


class Word(NamedTuple):
    """An event type that an agreement names: which subject it is about, and for which event about leads it stands."""

    subject: str
    stands_for: str


Vocabulary = Mapping[str, Sequence[Word]]
"""By event type a word for each subject, leads first; an event that is about leads alone, by its own type, needs none."""

ABOUT_LEADS: Final[Vocabulary] = {}


def vocabulary_of(named: Iterable[tuple[str, Part, str]]) -> Vocabulary:
    """The words for events that are named: of which subject, for which part, by which type."""
    words: dict[str, set[Word]] = {}
    for subject, part, kind in named:
        words.setdefault(kind, set()).add(Word(subject, stands_for(part)))
        if subject == LEAD:  # by its own name an event may be what a correction puts in, too
            words.setdefault(stands_for("corrected"), set())
    for kind in words.keys() & TOPIC_OF_TYPE.keys():
        words[kind].add(Word(LEAD, kind))
    return {kind: sorted(of_kind, key=lambda word: (word.subject != LEAD, word)) for kind, of_kind in words.items()}


def stands_for(part: Part) -> str:
    """The event about leads that does the same."""
    plain = plainly(part)
    return _SPECIAL.get(plain, f"{LEAD}.{plain}.v1")


def plainly(part: Part) -> Part:
    """The same as it is said of leads."""
    return _SAID_OTHERWISE.get(part, part)


def topic_of(kind: str, vocabulary: Vocabulary = ABOUT_LEADS) -> str | None:
    """The topic that events of a type lie on, of several that of the first it stands for; None for an unknown one."""
    words = vocabulary.get(kind)
    return TOPIC_OF_TYPE.get(words[0].stands_for if words else kind)
