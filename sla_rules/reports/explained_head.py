"""Which promise to which cycle an explanation is about: under which version and segment, whose it was, and what moved it."""

from collections.abc import Mapping
from typing import Literal

from msgspec import Struct

from sla_rules.figures.units import Time
from sla_rules.reports.explained_events import Event, EventName
from sla_rules.reports.reasons import EndedBy, SegmentReason, VersionInForce


class Owner(Struct, frozen=True, kw_only=True):
    """Who had the lead."""

    since: Time
    """From when on."""
    rep: str | None
    """Who."""
    team: str | None
    """Their team."""


class Started(Struct, frozen=True):
    """When a cycle began, and by which event."""

    at: Time
    """When."""
    event: EventName
    """By which event."""


class Ended(Struct, frozen=True):
    """When a cycle ended, and how."""

    at: Time
    """When."""
    by: EndedBy | None
    """How."""


class SegmentStay(Struct, frozen=True, kw_only=True):
    """What a lead was for a while, where its fields changed while a cycle ran."""

    applies: bool
    """Whether the agreement was about such a lead."""
    segment: str | None
    """The segment; None where the agreement has none, or was not about such a lead."""
    until: Time | None
    """Up to when; None of the last."""


class VerdictHead(Struct, frozen=True, kw_only=True):
    """Which promise to which cycle, and why it is this one."""

    agreement: str
    """Identifier of the agreement."""
    version: str
    """The version that the clock ran by."""
    version_because: VersionInForce
    """Why that version."""
    obligation: str
    """Identifier of the obligation."""
    kind: Literal["speed", "depth", "volume", "availability", "retention"]
    """What kind of obligation it is."""
    cycle: int
    """Which hand-off of the lead, outage of the service or tenure of the customer; 0 is its creation, or its watch."""
    message: EventName | None
    """The message of that cycle that waited for its answer; None of other promises."""
    segment: str | None
    """None where the agreement has none."""
    segment_because: SegmentReason
    """Why that segment."""
    fields: Mapping[str, str | float | bool]
    """What segments look at."""
    stays: tuple[SegmentStay, ...]
    """What the lead was one after the other; nothing where that did not change while the cycle ran."""
    owners: tuple[Owner, ...]
    """Who had the lead, one after the other."""
    started: Started
    """How the cycle began."""
    ended: Ended | None
    """How it ended; None while it goes on."""
    moved_by: tuple[Event, ...]
    """Events that began, moved or ended it."""
