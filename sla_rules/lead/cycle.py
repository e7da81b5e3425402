"""One cycle: from a hand-off to what ended it, with all that the rules ask of it.

It is laid out by `sla_rules.lead.cycles`. What else is judged has the same shape: a lead's own clock, a watch, a tenure,
what is due on a date; and terms may see a cycle otherwise (`sla_rules.evaluation.cycle_by_terms`).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, Literal, NamedTuple

from sla_rules.instants import MINUTE, SECOND, Instant
from sla_rules.lead.facts import Attempted, Fact, Fields, StatusChanged, Updated
from sla_rules.time.intervals import FOREVER, Interval

End = Literal["recycled", "connected", "closed", "lost"]
"""Lost with its deal is a lead by the terms that say so alone; no fact ends a cycle like that."""

JUST_BEFORE: Final = MINUTE
"""How long before the start of a cycle what was stamped without a fraction of a second may belong to it, where terms say so.

Of two systems one may stamp in whole seconds, so that a call after a hand-off seems to lie before it.
"""

CREATION: Final = 0
"""Number of the cycle that a lead's own clock runs for."""


class Owner(NamedTuple):
    """Who holds the lead from an instant on."""

    since: Instant
    rep: str | None
    team: str | None

    def is_another_than(self, before: "Owner") -> bool:
        """Another rep, or where neither is known by name, another team."""
        return self.rep != before.rep or (self.rep is None and self.team != before.team)


class Change(NamedTuple):
    """What the lead is like from an instant on."""

    at: Instant
    fields: Fields


@dataclass(slots=True)
class Cycle:
    """One hand-off and what came of it. `arrival` is when its hand-off reached the broker."""

    number: int
    start: Instant
    arrival: Instant
    fields: Fields
    owners: list[Owner]
    subject: str | None = None
    """What it is about, if not a lead."""
    end: Instant | None = None
    ended_by: End | None = None
    connected_at: Instant | None = None
    excused: bool = False
    attempts: list[Attempted] = field(default_factory=list)
    pauses: list[Interval] = field(default_factory=list)
    """When the lead was paused; the first may have begun before the cycle."""
    marks: list[Fact] = field(default_factory=list)
    """The facts that moved it, in order."""
    just_before: Sequence[Attempted | StatusChanged] = ()
    """Attempts and connections in no cycle, of the next whole seconds (`JUST_BEFORE`) before this one began."""
    taken_up_at: Instant | None = None
    """When the lead was last handed off or reopened although the cycle was open."""
    changes: Sequence[Change] = ()
    """Of its fields while it ran, in order."""
    reopens: bool = False
    """Whether it began with a reopening that takes back the end of the one before, and not with what marketing got back."""
    closed_for: Sequence[Interval] = ()
    """Where terms have a reopening continue a cycle, the time between the end and the reopening."""
    message: Attempted | None = None
    """Where terms want messages answered, the one whose answer this is about; the cycle is only its part of one."""

    def change(self, fact: Updated) -> None:
        """Take in that some fields are others from the fact on."""
        self.changes = (*self.changes, Change(fact.time, {**self.last_fields, **fact.fields}))
        self.marks.append(fact)

    @property
    def last_fields(self) -> Fields:
        """What the lead was like at last, or is."""
        return self.changes[-1].fields if self.changes else self.fields

    @property
    def owner(self) -> Owner:
        """Who holds the lead now."""
        return self.owners[-1]

    @property
    def span(self) -> Interval:
        """From its start to its end, which may never come."""
        return Interval(self.start, FOREVER if self.end is None else self.end)

    def owner_at(self, at: Instant) -> Owner:
        """Who held the lead at an instant; before the hand-off, the first who did."""
        return next((owner for owner in reversed(self.owners) if owner.since <= at), self.owners[0])


def is_just_before(fact: Fact, start: Instant) -> bool:
    """Whether a clock without fractions of a second may have stamped at `fact` what came after the start of a cycle."""
    return 0 < start - fact.time <= JUST_BEFORE and fact.time % SECOND == 0
