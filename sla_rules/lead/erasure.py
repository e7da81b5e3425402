"""What a deletion leaves of what was received: the counts, and nothing that no rule asks for.

A deletion erases what was received for its lead, before or after it, here and wherever a merge brought it, and what was received
of the leads that were ever merged into that one, since they are the same person. What goes are the fields that no
agreement looks at, reasons, and who waived a cycle; times, channels, outcomes, deals and the reps who worked are what
verdicts and figures are made of. So no verdict changes, and erasing early or late comes to the same.

A deletion that a correction retracts no longer closes the lead, but what it erased stays erased: it is gone.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import Any, Final, NamedTuple

import msgspec

from sla_rules.instants import Instant
from sla_rules.lead.facts import (
    NEVER,
    Corrected,
    Excused,
    ExcusedSpan,
    Fact,
    Merged,
    Reassigned,
    Recycled,
    StatusChanged,
    deletes,
    fingerprint,
)

KEPT_FIELDS: Final = frozenset(("generated_by",))
"""Fields that figures are counted by whether an agreement names them or not: whose lead it was."""

_WORDS: Final[dict[type[Any], dict[str, str | None]]] = {
    Recycled: {"reason": None},
    Reassigned: {"reason": None},
    StatusChanged: {"reason": None},
    Excused: {"reason": "", "by": ""},
    ExcusedSpan: {"reason": "", "by": ""},
}
"""What people wrote, by fact, with what stands there when it is gone."""

_OURS: Final = "/leadsla"
_DELETING: Final = frozenset((StatusChanged, Corrected))


class Gone(NamedTuple):
    """What was deleted: a lead (None), or what else an agreement is about."""

    subject: str | None
    id: str


def deleted(lead: str, facts: Sequence[Fact]) -> frozenset[Gone]:
    """Whose data has to go, by all that is known at `lead`."""
    gone = {Gone(fact.subject, fact.origin or lead) for fact in facts if type(fact) in _DELETING and deletes(fact)}
    if gone:
        losers = defaultdict[Gone, list[Gone]](list)
        for fact in facts:
            if isinstance(fact, Merged):
                losers[Gone(fact.subject, fact.into)].append(Gone(fact.subject, fact.loser(lead)))
        ahead = list(gone)
        while ahead:
            more = {loser for loser in losers[ahead.pop()] if loser not in gone}
            gone |= more
            ahead += more
    return frozenset(gone)


def mark(gone: Gone) -> Fact:
    """What lets a lead, and who knows its facts, know that its data goes with that of a lead it was merged into.

    The same whichever lead that was, and how many; a deletion that was sent on to a lead ends nothing of its life.
    """
    subject = "" if gone.subject is None else f" {gone.subject}"
    return StatusChanged(NEVER, NEVER, _OURS, f"gone{subject}", gone.id, status="deleted", subject=gone.subject)


def is_mark(fact: Fact) -> bool:
    """Whether the fact is such a mark, and nothing that was received."""
    return type(fact) is StatusChanged and fact.time == NEVER and fact.source == _OURS


def erased(lead: str, facts: Sequence[Fact], gone: Collection[Gone], asked: Collection[str]) -> tuple[Fact, ...]:
    """The facts known at `lead`, those received for what is gone with no more than rules ask for; `asked` are fields.

    What the same event said of another subject says it of the same person, and goes with it.
    """
    if not gone:
        return tuple(facts)
    events = {_event_of(fact) for fact in facts if Gone(fact.subject, fact.origin or lead) in gone}
    return tuple(_rest(fact, asked) if _event_of(fact) in events else fact for fact in facts)


def _event_of(fact: Fact) -> tuple[str, str, str | None, Instant]:
    """What the facts of one event have in common, however many subjects it is about."""
    return fact.source, fact.id, fact.origin, fact.time


def _rest(fact: Fact, asked: Collection[str]) -> Fact:
    rest: dict[str, Any] = {
        name: nothing for name, nothing in _WORDS.get(type(fact), {}).items() if getattr(fact, name) != nothing
    }
    if isinstance(fact, Corrected):
        instead = None if fact.instead is None else _rest(fact.instead, asked)
        if instead is not fact.instead:
            rest["instead"] = instead
    elif fields := getattr(fact, "fields", None):
        kept = {name: value for name, value in fields.items() if name in asked or name in KEPT_FIELDS}
        if len(kept) < len(fields):
            rest["fields"] = kept
    return msgspec.structs.replace(fact, **rest, erased=fingerprint(fact)) if rest else fact
