"""The life of a lead, cut into cycles: from a hand-off to the connection, the closing or the recycling that ends it.

What may happen to a cycle stands in `TRANSITIONS`, as data. Facts come in their order (see `sla_rules.facts`); what no
row names leaves the state as it is. An attempt belongs to the cycle `[hand-off, end)` that its time lies in, so one
before the hand-off belongs to the cycle before or to none, and one after the end to none.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from sla_rules.facts import (
    Attempted,
    Created,
    Excused,
    Fields,
    HandedOff,
    Reassigned,
    Recycled,
    Turned,
)
from sla_rules.instants import Instant

State = Literal["idle", "open"]
Trigger = Literal["handed_off", "reassigned", "reopened", "recycled", "connected", "closed"]
Move = Literal["begin", "reassign", "end"]
End = Literal["recycled", "connected", "closed"]

TRANSITIONS: Final[dict[tuple[State, Trigger], tuple[Move, State]]] = {
    ("idle", "handed_off"): ("begin", "open"),
    ("idle", "reopened"): ("begin", "open"),
    ("open", "handed_off"): ("reassign", "open"),
    ("open", "reassigned"): ("reassign", "open"),
    ("open", "recycled"): ("end", "idle"),
    ("open", "connected"): ("end", "idle"),
    ("open", "closed"): ("end", "idle"),
}

_TURN_TRIGGERS: Final[dict[str, Trigger]] = {
    "connected": "connected",
    "converted": "closed",
    "disqualified": "closed",
    "rejected": "closed",
    "deleted": "closed",
    "reopened": "reopened",
}


@dataclass(frozen=True, slots=True)
class Owner:
    """Who holds the lead from an instant on."""

    since: Instant
    rep: str | None
    team: str | None


@dataclass(slots=True)
class Cycle:
    """One hand-off and what came of it. `arrival` is when its hand-off reached the broker."""

    number: int
    start: Instant
    arrival: Instant
    fields: Fields
    owners: list[Owner]
    end: Instant | None = None
    ended_by: End | None = None
    excused: bool = False
    attempts: list[Attempted] = field(default_factory=list)

    @property
    def connected(self) -> bool:
        """Whether somebody got hold of the lead."""
        return self.ended_by == "connected"

    @property
    def owner(self) -> Owner:
        """Who holds the lead now."""
        return self.owners[-1]

    def owner_at(self, at: Instant) -> Owner:
        """Who held the lead at an instant; before the hand-off, the first who did."""
        return next((owner for owner in reversed(self.owners) if owner.since <= at), self.owners[0])


def cycles(facts: Sequence[Any]) -> list[Cycle]:
    """The cycles of a lead, in order, from its facts in order."""
    found: list[Cycle] = []
    state: State = "idle"
    fields: Fields = {}
    last = Owner(0, None, None)
    for fact in facts:
        if isinstance(fact, (Created, HandedOff)):
            fields = {**fields, **fact.fields}
        elif isinstance(fact, Excused) and found:
            found[-1].excused = True
        trigger = _trigger(fact)
        row = TRANSITIONS.get((state, trigger)) if trigger else None
        if row is None:
            continue
        move, state = row
        if move == "end":
            found[-1].end, found[-1].ended_by = fact.time, trigger  # type: ignore[assignment]
            continue
        last = _owner(fact, last)
        if move == "reassign":
            found[-1].owners.append(last)
        else:
            found.append(Cycle(len(found) + 1, fact.time, fact.arrival, fields, [last]))
    if found:
        _attribute(found, (fact for fact in facts if isinstance(fact, Attempted)))
    return found


def _trigger(fact: Any) -> Trigger | None:
    if isinstance(fact, Attempted):
        return "connected" if fact.outcome == "connected" else None
    if isinstance(fact, HandedOff):
        return "handed_off"
    if isinstance(fact, Turned):
        return _TURN_TRIGGERS.get(fact.to)
    if isinstance(fact, Reassigned):
        return "reassigned"
    return "recycled" if isinstance(fact, Recycled) else None


def _owner(fact: Any, before: Owner) -> Owner:
    if isinstance(fact, (HandedOff, Reassigned)):
        return Owner(fact.time, fact.rep, fact.team or before.team)
    return Owner(fact.time, before.rep, before.team)


def _attribute(found: Sequence[Cycle], attempts: Iterable[Attempted]) -> None:
    """Give each attempt to the cycle whose `[start, end)` holds its time."""
    following: Iterator[Cycle] = iter(found)
    cycle: Cycle | None = next(following)
    for attempt in attempts:
        while cycle is not None and cycle.end is not None and attempt.time >= cycle.end:
            cycle = next(following, None)
        if cycle is None:
            return
        if attempt.time >= cycle.start:
            cycle.attempts.append(attempt)
