"""Breaches as the service publishes them, read from its own topic."""

import json
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Literal

from sla_rules.evaluation.notices import DEADLINE_TIER
from sla_rules.instants import Instant, instant

Status = Literal["breached", "resolved", "retracted"]
_STATUS: dict[str, Status] = {
    "sla.breached.v1": "breached",
    "sla.resolved.v1": "resolved",
    "sla.retracted.v1": "retracted",
}


@dataclass(frozen=True, slots=True)
class Breach:
    """One breach as it stands."""

    key: str
    status: Status
    obligation: str
    kind: str
    lead: str
    rep: str
    deadline: Instant
    late_by_seconds: float | None
    ended_by: str | None = None


@dataclass(slots=True)
class Breaches:
    """All that were published. Those that fell due before the curtain rose are history, and only counted."""

    since: Instant
    known: dict[str, Breach] = field(default_factory=dict)

    def take(self, value: bytes) -> Breach | None:
        """Take one record; the breach, if it is one that is published for the first time and no history."""
        event: dict[str, Any] = json.loads(value)
        status, data = _STATUS.get(event["type"]), event["data"]
        if status is None or data["tier"] != DEADLINE_TIER:
            return None
        breach = Breach(
            key=data["key"],
            status=status,
            obligation=data["obligation"],
            kind=data["kind"],
            lead=data["lead"],
            rep=data["rep_id"] or "nobody",
            deadline=instant(datetime.fromisoformat(data["deadline"])),
            late_by_seconds=data["late_by_seconds"],
            ended_by=data.get("ended_by"),
        )
        known = self.known.get(breach.key)
        if known is not None and status == "retracted":
            breach = replace(known, status=status)
        self.known[breach.key] = breach
        return breach if known is None and breach.deadline >= self.since else None

    @property
    def live(self) -> list[Breach]:
        """Those since the curtain rose, the latest first."""
        live = [breach for breach in self.known.values() if breach.deadline >= self.since]
        return sorted(live, key=lambda breach: (breach.deadline, breach.key), reverse=True)

    @property
    def before(self) -> int:
        """How many fell due before, and stand."""
        return sum(b.deadline < self.since and b.status != "retracted" for b in self.known.values())
