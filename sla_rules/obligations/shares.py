"""The share that one cycle has in the figures of one obligation: small, exact, and kept with the lead's state."""

from typing import Literal

import msgspec

from sla_rules.instants import Duration, Instant

SpeedStatus = Literal["met", "breached", "open", "closed", "excused"]
DepthStatus = Literal["met", "breached", "open", "closed", "excused", "connected"]


class SpeedShare(msgspec.Struct, frozen=True, array_like=True, tag=1, gc=False):
    """`term` is an index into the rule book; the times run from `start`, by both clocks, and are None if untouched."""

    term: int
    segment: str
    team: str | None
    start: Instant
    deadline: Instant
    status: SpeedStatus
    wall: Duration | None
    working: Duration | None
    owed: bool
    """Whether a follow-up is still owed: none has come, and the cycle goes on."""
    attempted: bool
    historic: bool


class DepthShare(msgspec.Struct, frozen=True, array_like=True, tag=2, gc=False):
    """`ended` says whether the cycle is over; a connected one has no share in the attempts on unconnected leads."""

    term: int
    segment: str
    team: str | None
    start: Instant
    deadline: Instant
    status: DepthStatus
    attempts: int
    connected: bool
    ended: bool
    owed: bool
    historic: bool

    @property
    def attempted(self) -> bool:
        """Whether a qualifying attempt has been made."""
        return self.attempts > 0


class VolumeShare(msgspec.Struct, frozen=True, array_like=True, tag=3, gc=False):
    """One lead delivered, worth `value` millionths."""

    term: int
    segment: str
    start: Instant
    value: int


Share = SpeedShare | DepthShare | VolumeShare
