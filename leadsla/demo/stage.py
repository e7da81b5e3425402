"""What is known at one moment of the demo: all that the screen shows and the summary says."""

import asyncio
from collections import Counter, deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from pathlib import Path
from time import monotonic
from typing import Any, Final

from leadsla.demo.agreement_events import AgreementEvents, ToldEvent
from leadsla.demo.breaches import Breach, Breaches
from leadsla.demo.clocks import Clocks
from leadsla.demo.figures import Figure, figures
from leadsla.demo.readings import Readings
from sla_rules.agreement.model import Agreement
from sla_rules.instants import Instant, iso
from sla_rules.names import AGREEMENTS_TOPIC
from sla_rules.time.calendar import Calendar
from streams.clock import FastClock

_RATE_OVER_SECONDS: Final = 10.0


@dataclass(slots=True)
class Stage:
    """Filled by those who publish, scrape and listen; read by those who show. Seconds count from the demo's start."""

    agreements: Sequence[Agreement]
    clock: FastClock
    metrics_url: str
    boards: Path
    breaches: Breaches
    agreement_events: AgreementEvents
    clocks: Clocks
    office: Calendar
    began: float = field(default_factory=monotonic)
    published: int = 0
    history: int = 0
    """How many of those published happened before the curtain rose."""
    leads: set[bytes] = field(default_factory=set)
    processed: int = 0
    rejected: Counter[str] = field(default_factory=Counter)
    figures: list[Figure] = field(default_factory=list)
    ready: asyncio.Event = field(default_factory=asyncio.Event)
    """Set once the worker owns its partitions."""
    ready_after: float | None = None
    first_breach_after: float | None = None
    boards_written: int | None = None
    """How many files were generated; None while they are being written, 0 if they could not be."""
    _processed_at: deque[tuple[float, int]] = field(default_factory=deque)

    @property
    def now(self) -> Instant:
        """By the demo's clock."""
        return self.clock()

    @property
    def seconds(self) -> float:
        """How long the demo has run."""
        return monotonic() - self.began

    def read(self, readings: Readings) -> None:
        """Take in a scrape; before the worker owns its partitions it says nothing about leads."""
        self.processed = int(readings.total("leadsla_events_total"))
        self._processed_at.append((self.seconds, self.processed))
        while self._processed_at[-1][0] - self._processed_at[0][0] > _RATE_OVER_SECONDS:
            self._processed_at.popleft()
        self.rejected = readings.totals_by("leadsla_rejected_total", "reason")
        if readings.total("leadsla_partition_owned") and not readings.total("leadsla_recovering"):
            self.figures = figures(self.agreements, readings)
            if self.ready_after is None:
                self.ready_after = self.seconds
                self.ready.set()

    def hear(self, topic: str, value: bytes, told_at: Instant) -> Breach | ToldEvent | None:
        """Take in a record of breaches or of agreements; what is news of it."""
        if topic == AGREEMENTS_TOPIC:
            return self.agreement_events.take(value, told_at)
        breach = self.breaches.take(value)
        if breach is not None and self.first_breach_after is None:
            self.first_breach_after = self.seconds
        return breach

    def events_per_second(self) -> float:
        """Events processed a second, over the last seconds."""
        if not self._processed_at:
            return 0.0
        (since, before), (at, now) = self._processed_at[0], self._processed_at[-1]
        return (now - before) / (at - since) if at > since else 0.0

    def summary(self) -> dict[str, Any]:
        """The summary that scripts read."""
        live = self.breaches.live
        seconds = self.seconds
        return {
            "seconds": round(seconds, 1),
            "seconds_to_ready": _rounded(self.ready_after),
            "seconds_to_first_breach": _rounded(self.first_breach_after),
            "from": iso(self.clock.starts_at),
            "to": iso(self.now),
            "speed": self.clock.speed,
            "events": self.published,
            "events_before": self.history,
            "processed": self.processed,
            "leads": len(self.leads),
            "breaches": len(live),
            "breaches_by_status": dict(sorted(Counter(breach.status for breach in live).items())),
            "breaches_before": self.breaches.before,
            "agreement_events": [
                _told_event(one) for one in sorted(self.agreement_events.live, key=attrgetter("told_at"))
            ],
            "agreement_events_before": self.agreement_events.before,
            "rejected": self.rejected.total(),
            "rejected_by_reason": dict(sorted(self.rejected.items())),
            "figures": [_figure(figure) for figure in self.figures],
            "metrics": self.metrics_url,
            "generated": str(self.boards),
            "generated_files": self.boards_written or 0,
        }


def _told_event(one: ToldEvent) -> dict[str, Any]:
    return {"id": one.key, "type": one.type, "time": iso(one.at), "told": iso(one.told_at), "data": one.data}


def _figure(figure: Figure) -> dict[str, Any]:
    return {
        "agreement": figure.agreement,
        "obligation": figure.obligation,
        "figure": figure.name,
        "unit": "seconds" if figure.unit == "duration" else figure.unit,
        "today": _rounded(figure.today, 3),
        "month": _rounded(figure.month, 3),
        "agreed": _rounded(figure.agreed, 3),
        "met": figure.met,
    }


def _rounded(value: float | None, digits: int = 1) -> float | None:
    return None if value is None else round(value, digits)
