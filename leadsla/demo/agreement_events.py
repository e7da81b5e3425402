"""Applause and trouble of whole agreements, read from `sla-agreements` as any reader would."""

import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, get_args

from sla_rules.instants import Instant, instant
from sla_rules.reports.agreement_event import EventType

APPLAUSE: Final[frozenset[EventType]] = frozenset({"sla.goal_reached.v1", "sla.period_met.v1", "sla.best_week.v1"})
"""All others are trouble."""
_SORTS: Final = get_args(EventType)


@dataclass(frozen=True, slots=True)
class ToldEvent:
    """One agreement event, and when the service told it."""

    key: str
    type: EventType
    at: Instant
    """Of what it follows from: of a goal, the start of the day on which it was reached."""
    told_at: Instant
    data: dict[str, Any]


@dataclass(slots=True)
class AgreementEvents:
    """All that were told. Those of the days before the curtain rose are history, and only counted."""

    since: Instant
    """The start of the day that is played."""
    known: dict[str, ToldEvent] = field(default_factory=dict)

    def take(self, value: bytes, told_at: Instant) -> ToldEvent | None:
        """Take one record; the event, if it is one that is told for the first time and no history."""
        record: dict[str, Any] = json.loads(value)
        key = record["id"]
        if record["type"] not in _SORTS or key in self.known:
            return None
        at = instant(datetime.fromisoformat(record["time"]))
        event = self.known[key] = ToldEvent(key, record["type"], at, told_at, record["data"])
        return event if at >= self.since else None

    @property
    def live(self) -> list[ToldEvent]:
        """Those of the day, the latest first; of those told at once each before what follows from it."""
        live = [one for one in self.known.values() if one.at >= self.since]
        return sorted(live, key=lambda one: (-one.told_at, _SORTS.index(one.type), one.key))

    @property
    def before(self) -> int:
        """How many are of the days before."""
        return sum(one.at < self.since for one in self.known.values())
