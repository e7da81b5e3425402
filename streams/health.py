"""Is a worker alive, and is it ready? Judged from what it was last seen doing; all times are seconds of one clock.

A worker is not alive when something waits, the broker answers, and nothing moves: a restart helps. While the broker is
away nothing can move, and a restart would not help, so that such a worker is alive.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Final, NamedTuple

from streams.conditions import Conditions, Kind

SLOW_TO_FORM: Final = 120.0
"""Seconds that a group may take to divide the partitions, beside the patience: the dead have to be missed first."""
SAID_AFTER: Final = 15.0
"""Seconds after which a missing answer of the broker is called a silence."""


class Phase(Enum):
    """What a worker is at; the value says it in words."""

    JOINING = "waiting for the group to divide the partitions"
    LOADING = "loading partitions"
    SERVING = "serving"
    STOPPING = "stopping"


class Finding(NamedTuple):
    """An answer with the sentence that says why."""

    well: bool
    why: str


@dataclass(slots=True)
class Strand:
    """One owned partition: what waits by topic, since when anything waits at all, and when it last got on."""

    progressed_at: float
    lag: Mapping[str, int] = field(default_factory=dict)
    waits_since: float | None = None

    def see(self, lag: Mapping[str, int], *, due: bool, now: float) -> None:
        """Take in what waits now; `due` while time itself has something to decide."""
        self.lag = lag
        if not due and not any(lag.values()):
            self.waits_since = None
        elif self.waits_since is None:
            self.waits_since = now

    def stands_since(self) -> float | None:
        """Since when something waits and nothing is done about it; None while nothing waits."""
        return None if self.waits_since is None else max(self.waits_since, self.progressed_at)


@dataclass(slots=True)
class Vitals:
    """What is known of the worker. `answered_at` and `answers_since` are of the broker; `read` counts what was loaded.

    `in_hand` says since when something of a partition has been folded or on its way out.
    """

    born: float
    phase: Phase = Phase.JOINING
    phase_since: float = 0.0
    progressed_at: float = 0.0
    answered_at: float = 0.0
    answers_since: float = 0.0
    in_hand: dict[int, float] = field(default_factory=dict)
    to_read: int = 0
    read: int = 0
    strands: dict[int, Strand] = field(default_factory=dict)
    conditions: Conditions = field(default_factory=Conditions)

    def __post_init__(self) -> None:
        self.phase_since = self.progressed_at = self.answered_at = self.answers_since = self.born

    def enter(self, phase: Phase, now: float) -> None:
        """Go on to another phase."""
        self.phase, self.phase_since, self.progressed_at = phase, now, now
        self.to_read = self.read = 0

    def answered(self, now: float) -> None:
        """The broker has answered."""
        if self.silence(now):
            self.answers_since = now
        self.answered_at = now

    def loaded(self, records: int, now: float) -> None:
        """Records of partitions that are being loaded were read."""
        self.read += records
        self.progressed_at = self.answered_at = now

    def took(self, partition: int, now: float) -> None:
        """The agent has taken something of a partition into its hands."""
        self.in_hand[partition] = now

    def laid_down(self, partition: int, now: float, *, got_on: bool) -> None:
        """What was in hand of a partition is durable; whether events were folded or time came on by it."""
        self.in_hand.pop(partition, None)
        if got_on and (strand := self.strands.get(partition)) is not None:
            strand.progressed_at = now

    def stands(self, since: float | None, now: float) -> float | None:
        """Seconds that something has stood still, the broker's silence not counted; None if it does not."""
        return None if since is None else now - max(since, self.answers_since)

    def silence(self, now: float) -> float:
        """Seconds since the broker's last answer, 0 while that is recent."""
        silent = now - self.answered_at
        return silent if silent > SAID_AFTER else 0.0


def liveness(vitals: Vitals, now: float, patience: float) -> Finding:
    """Whether a restart would not help; `patience` is how long something may wait while nothing moves."""
    if silent := vitals.silence(now):
        return Finding(
            well=True,
            why=f"live: the broker has not answered for {silent:.0f} s; the worker waits, a restart would not help",
        )
    if vitals.conditions.stand(Kind.TOPIC_MISSING):
        return Finding(well=True, why=f"live: {vitals.conditions.sentence}; a restart would not help")
    if vitals.phase in {Phase.JOINING, Phase.LOADING}:
        return _getting_ready(vitals, now, patience)
    if (stood := vitals.stands(min(vitals.in_hand.values(), default=None), now) or 0) > patience:
        return Finding(well=False, why=f"not live: one batch has been in hand for {stood:.0f} s")
    for partition, strand in sorted(vitals.strands.items()):
        if (stood := vitals.stands(strand.stands_since(), now) or 0) > patience:
            what = f"{sum(strand.lag.values())} records wait" if any(strand.lag.values()) else "deadlines are due"
            why = f"not live: partition {partition} has stood still for {stood:.0f} s while {what}"
            return Finding(well=False, why=why)
    return Finding(well=True, why=f"live: {_doing(vitals)}")


def readiness(vitals: Vitals, now: float) -> Finding:
    """Whether all owned partitions are loaded and served; a worker that owns none stands by, and is ready too."""
    if vitals.phase is Phase.STOPPING:
        return Finding(well=False, why=f"not ready: {_doing(vitals)}")
    if silent := vitals.silence(now):
        return Finding(
            well=False, why=f"not ready: the broker has not answered for {silent:.0f} s; nothing is lost, time stands"
        )
    if sentence := vitals.conditions.sentence:
        return Finding(well=False, why=f"not ready: {sentence}")
    if vitals.phase is not Phase.SERVING:
        return Finding(well=False, why=f"not ready: {_doing(vitals)}")
    return Finding(well=True, why=f"ready: {_doing(vitals)}")


def _getting_ready(vitals: Vitals, now: float, patience: float) -> Finding:
    stood = vitals.stands(vitals.progressed_at, now) or 0
    limit = patience + (SLOW_TO_FORM if vitals.phase is Phase.JOINING else 0)
    if stood > limit:
        return Finding(well=False, why=f"not live: {_doing(vitals)}, for {stood:.0f} s without getting on")
    return Finding(well=True, why=f"live: {_doing(vitals)}")


def _doing(vitals: Vitals) -> str:
    if vitals.phase is Phase.LOADING and vitals.to_read:
        return f"loading partitions, {vitals.read} of about {vitals.to_read} records read"
    if vitals.phase is Phase.SERVING:
        count = len(vitals.strands)
        waiting = sum(sum(strand.lag.values()) for strand in vitals.strands.values())
        behind = f", {waiting} records wait" if waiting else ""
        return f"serving {count} partition{'' if count == 1 else 's'}{behind}" if count else "standing by, no partition"
    return str(vitals.phase.value)
