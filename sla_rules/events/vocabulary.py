"""Which events move clocks: those about leads, and those that agreements about other subjects name.

An event that an agreement names stands for one about leads: it carries the same data, lies on the same topic, and is
read as that one, about a ticket (say) and not a lead.
"""

from collections.abc import Mapping
from typing import Final, Literal, NamedTuple

from sla_rules.events.schema import TOPIC_OF_TYPE

LEAD: Final = "lead"

Part = Literal[
    "created",
    "handed_off",
    "reassigned",
    "recycled",
    "attempted",
    "connected",
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

_SPECIAL: Final[Mapping[Part, str]] = {"attempted": "lead.contact_attempted.v1", "closed": "lead.converted.v1"}


class Word(NamedTuple):
    """An event type that an agreement names: which subject it is about, and for which event about leads it stands."""

    subject: str
    stands_for: str


Vocabulary = Mapping[str, Word]
"""By event type; those about leads need no word."""

ABOUT_LEADS: Final[Vocabulary] = {}


def stands_for(part: Part) -> str:
    """The event about leads that does the same."""
    return _SPECIAL.get(part, f"{LEAD}.{part}.v1")


def topic_of(kind: str, vocabulary: Vocabulary = ABOUT_LEADS) -> str | None:
    """The topic that events of a type lie on; None for an unknown one."""
    word = vocabulary.get(kind)
    return TOPIC_OF_TYPE.get(kind if word is None else word.stands_for)
