"""What a fact does to the cycles of a lead: the table of all transitions, as data, by which `sla_rules.lead.cycles` walks."""

from typing import Any, Final, Literal

from sla_rules.lead.facts import Attempted, Fact, HandedOff, Reassigned, Recycled, StatusChanged

State = Literal["idle", "held", "open", "paused"]
"""Held is a lead that is paused while no cycle is open."""
Trigger = Literal["handed_off", "reassigned", "reopened", "recycled", "connected", "closed", "paused", "resumed"]
Move = Literal["hold", "release", "begin", "reassign", "pause", "resume", "end"]

TRANSITIONS: Final[dict[tuple[State, Trigger], tuple[Move, State]]] = {
    ("idle", "handed_off"): ("begin", "open"),
    ("idle", "reopened"): ("begin", "open"),
    ("idle", "paused"): ("hold", "held"),
    ("held", "handed_off"): ("begin", "paused"),
    ("held", "reopened"): ("begin", "paused"),
    ("held", "resumed"): ("release", "idle"),
    ("held", "recycled"): ("release", "idle"),
    ("held", "connected"): ("release", "idle"),
    ("held", "closed"): ("release", "idle"),
    ("open", "handed_off"): ("reassign", "open"),
    ("open", "reassigned"): ("reassign", "open"),
    ("open", "paused"): ("pause", "paused"),
    ("open", "recycled"): ("end", "idle"),
    ("open", "connected"): ("end", "idle"),
    ("open", "closed"): ("end", "idle"),
    ("paused", "handed_off"): ("reassign", "paused"),
    ("paused", "reassigned"): ("reassign", "paused"),
    ("paused", "resumed"): ("resume", "open"),
    ("paused", "recycled"): ("end", "idle"),
    ("paused", "connected"): ("end", "idle"),
    ("paused", "closed"): ("end", "idle"),
}

_TRIGGERS: Final[dict[type[Any], Trigger]] = {
    HandedOff: "handed_off",
    Reassigned: "reassigned",
    Recycled: "recycled",
}
_TURN_TRIGGERS: Final[dict[str, Trigger]] = {
    "connected": "connected",
    "converted": "closed",
    "disqualified": "closed",
    "rejected": "closed",
    "deleted": "closed",
    "reopened": "reopened",
    "paused": "paused",
    "resumed": "resumed",
}


def trigger_of(fact: Fact) -> Trigger | None:
    """What a fact does to cycles; None if nothing."""
    trigger = _TRIGGERS.get(type(fact))
    if trigger is not None:
        return trigger
    if isinstance(fact, StatusChanged):
        return _TURN_TRIGGERS.get(fact.status)
    return "connected" if isinstance(fact, Attempted) and fact.outcome == "connected" else None
