"""CloudEvents as a CRM would send them, written by hand in tests."""

import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sla_rules.events.schema import TOPIC_OF_TYPE
from sla_rules.instants import moment
from streams.clock import wall_clock


@dataclass(frozen=True, slots=True)
class Sent:
    """One record: where it goes, under which key, with which bytes."""

    topic: str
    key: bytes | None
    value: bytes | None
    headers: tuple[tuple[str, bytes], ...] = ()
    partition: int | None = None


@dataclass(slots=True)
class Crm:
    """Sends events of one lead after the other; ids count up, so that every event is another one."""

    start: datetime = field(default_factory=lambda: moment(wall_clock()))
    source: str = "/crm/acme"
    sent: int = 0

    def event(self, kind: str, lead: str, after: float = 0, *, id: str | None = None, **data: Any) -> Sent:  # noqa: A002
        """An event that happened `after` seconds from the start."""
        self.sent += 1
        value = {
            "specversion": "1.0",
            "id": id or f"e-{self.sent}",
            "source": self.source,
            "type": kind,
            "subject": lead,
            "time": (self.start + timedelta(seconds=after)).isoformat(),
            "data": data,
        }
        return Sent(TOPIC_OF_TYPE[kind], lead.encode(), json.dumps(value).encode())

    def created(self, lead: str, after: float = 0, **data: Any) -> Sent:
        """The lead came into being."""
        return self.event("lead.created.v1", lead, after, **data)

    def handed_off(self, lead: str, after: float = 0, *, team: str | None = "inside", **data: Any) -> Sent:
        """Marketing gave it to sales."""
        return self.event("lead.handed_off.v1", lead, after, rep_id="rep-1", team=team, **data)

    def called(self, lead: str, after: float, outcome: str = "no_answer", **data: Any) -> Sent:
        """Sales rang."""
        return self.event("lead.contact_attempted.v1", lead, after, channel="phone", outcome=outcome, **data)
