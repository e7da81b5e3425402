"""The figures against what was agreed, read from the worker's metrics alone."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, assert_never

from leadsla.demo.readings import Readings
from sla_rules.agreement.model import Agreement
from sla_rules.agreement.obligations import Availability, Deliverable, Depth, Retention, Speed, Volume

Unit = Literal["duration", "share", "attempts", "leads"]
Goal = Literal["at_most", "at_least"]
Name = Literal["average", "in_time", "delivered"]


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of one obligation; a value is None where there is nothing to divide by yet. Durations in seconds."""

    agreement: str
    obligation: str
    title: str
    name: Name
    unit: Unit
    goal: Goal
    today: float | None
    month: float | None
    agreed: float
    whole: float | None = None
    """The goal of the whole month, where `agreed` is its part due by now."""

    @property
    def met(self) -> bool | None:
        """Whether the month is as agreed so far."""
        if self.month is None:
            return None
        return self.month <= self.agreed if self.goal == "at_most" else self.month >= self.agreed


def figures(agreements: Sequence[Agreement], readings: Readings) -> list[Figure]:
    """The figures of every obligation, in the order of the agreement files."""
    found: list[Figure] = []
    for agreement in {one.agreement: one for one in agreements}.values():
        for obligation in agreement.obligations:
            asked = _Asked(readings, agreement.agreement, obligation.id, obligation.title or obligation.id)
            match obligation:
                case Speed():
                    found.extend(asked.speed())
                case Depth():
                    found.extend(asked.depth())
                case Volume():
                    found.extend(asked.volume(obligation.interval))
                case Deliverable() | Availability() | Retention():
                    pass  # the demo's day has none
                case _:
                    assert_never(obligation)
    return found


@dataclass(frozen=True, slots=True)
class _Asked:
    """One obligation's part of a scrape."""

    readings: Readings
    agreement: str
    obligation: str
    title: str

    def speed(self) -> Iterator[Figure]:
        parts = ("follow_up_duration_seconds",), ("follow_ups",)
        yield from self._ratio("average", "duration", "at_most", "follow_up_seconds", *parts)
        yield from self._share()

    def depth(self) -> Iterator[Figure]:
        parts = ("unconnected_attempts",), ("unconnected_leads",)
        yield from self._ratio("average", "attempts", "at_least", "attempts", *parts)
        yield from self._share()

    def volume(self, interval: str) -> Iterator[Figure]:
        agreed = self._target("leads_to_date", window=interval)
        if agreed is None:
            return
        yield Figure(
            self.agreement,
            self.obligation,
            self.title,
            "delivered",
            "leads",
            "at_least",
            self._sum(("leads",), "day"),
            self._sum(("leads",), interval),
            agreed,
            self._target("leads", window=interval),
        )

    def _share(self) -> Iterator[Figure]:
        met = ("within_target_leads",)
        yield from self._ratio("in_time", "share", "at_least", "within_ratio", met, (*met, "breached_leads"))

    def _ratio(
        self, name: Name, unit: Unit, goal: Goal, target: str, above: Sequence[str], below: Sequence[str]
    ) -> Iterator[Figure]:
        agreed = self._target(target)
        if agreed is None:
            return
        today, month = (self._quotient(above, below, window) for window in ("day", "month"))
        yield Figure(self.agreement, self.obligation, self.title, name, unit, goal, today, month, agreed)

    def _quotient(self, above: Sequence[str], below: Sequence[str], window: str) -> float | None:
        divisor = self._sum(below, window)
        return self._sum(above, window) / divisor if divisor else None

    def _sum(self, parts: Sequence[str], window: str) -> float:
        own = {"agreement": self.agreement, "obligation": self.obligation, "window": window}
        return sum(self.readings.total(f"leadsla_window_{part}", **own) for part in parts)

    def _target(self, name: str, **labels: str) -> float | None:
        own = {"agreement": self.agreement, "obligation": self.obligation, **labels}
        return self.readings.target(f"leadsla_target_{name}", **own)
