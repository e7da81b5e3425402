"""Events as an explanation shows them: as they were received, and whether they count."""

from msgspec import Struct

from sla_rules.figures.units import Inline, Time
from sla_rules.reports.reasons import EventReason, StrayReason


class EventName(Struct, frozen=True):
    """Which event; nobody else's has the same source and id."""

    source: str
    """Who published it."""
    id: str
    """Its identifier there."""


class Event(Struct, frozen=True, kw_only=True):
    """An event as it was received."""

    name: Inline[EventName]
    type: str
    """In the words of the events: `lead.handed_off.v1` ..."""
    time: Time
    """When it happened."""
    arrival: Time
    """When it arrived."""
    received_for: str | None
    """The lead that it was about, where a merger brought it here."""
    subject: str | None
    """What it is about, where that is no lead."""


class SeenEvent(Struct, frozen=True, kw_only=True):
    """An event, and whether it counts."""

    event: Inline[Event]
    counts: bool
    """Whether it has a say in the verdicts."""
    why_not: EventReason | None
    """None where it counts."""


class StrayAttempt(Struct, frozen=True, kw_only=True):
    """An attempt that belongs to no cycle."""

    event: Inline[Event]
    why_not: StrayReason
    """Why it belongs to none."""


class MergedInto(Struct, frozen=True):
    """Where a lead went."""

    lead: str
    """The one that it was merged into."""
    event: EventName
    """By which event."""
