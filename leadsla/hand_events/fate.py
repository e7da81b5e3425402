"""What became of an event that somebody handed in."""

from dataclasses import dataclass
from typing import Any, NamedTuple

from leadsla.hand_events.earlier import Earlier
from leadsla.hand_events.events import HandEvent
from sla_rules.instants import iso


class Place(NamedTuple):
    """Where it lies on its topic."""

    partition: int
    offset: int


@dataclass(slots=True)
class Fate:
    """Where it was published; whether the workers have taken it, or why not; or what was published before in its stead."""

    place: Place | None = None
    taken: bool = False
    rejected: str | None = None
    already: Earlier | None = None

    def as_json(self, one: HandEvent) -> dict[str, Any]:
        """What scripts read of it, beside the event."""
        said = {"event": one.event, "topic": one.topic, "published": self.place is not None, "taken": self.taken}
        if self.place is not None:
            said |= self.place._asdict()
        if self.rejected is not None:
            said["rejected"] = self.rejected
        if self.already is not None:
            said["already"] = {"at": iso(self.already.at), "same_event": self.already.same_event}
        return said
