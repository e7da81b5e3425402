"""Availability: how much of the time something is up."""

from typing import Literal

from sla_rules.agreement.kinds.every_kind import Watched
from sla_rules.notation import Allowance, Frozen, Share


class AvailabilityTarget(Frozen):
    """How much of the time a service is up."""

    share: Share
    """Of the time in which it is to be: what is up, and not down."""


class Availability(Watched):
    """A service is up: from its first event to its removal, but for the time that it is down."""

    kind: Literal["availability"]
    target: AvailabilityTarget
    clock: Literal["wall", "working"] = "wall"
    """Whether it is to be up at any time, or in the hours of the calendar."""
    pauses: bool = False
    """Whether time in which it is paused is left out, as for maintenance."""
    announced: Allowance = 0
    """How long before it begins maintenance has to be announced (an event that excuses a span of time); what was announced
    later is downtime. At 0 whoever excuses may do so afterwards, too.
    """
