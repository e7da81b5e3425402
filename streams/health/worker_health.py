"""What a worker was last seen doing, and what waits for it; all times are seconds of one clock."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Final

from streams.health.conditions import Conditions

SAID_AFTER: Final = 15.0
"""Seconds after which a missing answer of the broker is called a silence."""


class Phase(Enum):
    """What a worker is at; the value says it in words."""

    JOINING = "waiting for the group to divide the partitions"
    LOADING = "loading partitions"
    SERVING = "serving"
    STOPPING = "stopping"


@dataclass(slots=True)
class PartitionProgress:
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

    def stalled_since(self) -> float | None:
        """Since when something waits and nothing is done about it; None while nothing waits."""
        return None if self.waits_since is None else max(self.waits_since, self.progressed_at)


@dataclass(slots=True)
class WorkerHealth:
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
    partitions: dict[int, PartitionProgress] = field(default_factory=dict)
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

    def finished(self, partition: int, now: float, *, got_on: bool) -> None:
        """What was in hand of a partition is durable; whether events were folded or time came on by it."""
        self.in_hand.pop(partition, None)
        if got_on and (progress := self.partitions.get(partition)) is not None:
            progress.progressed_at = now

    def stalled_for(self, since: float | None, now: float) -> float | None:
        """Seconds for which something has stalled, the broker's silence not counted; None if it does not."""
        return None if since is None else now - max(since, self.answers_since)

    def silence(self, now: float) -> float:
        """Seconds since the broker's last answer, 0 while that is recent."""
        silent = now - self.answered_at
        return silent if silent > SAID_AFTER else 0.0
