"""What one cycle contributes to the figures of one obligation: small, exact, and kept with the lead's state.

`term` is an index into the rule book. `start` places the contribution in its periods. `owed` says whether what was promised is
still to come; `historic` that its deadline had long passed when its hand-off arrived.
"""

from collections.abc import Callable
from datetime import date
from typing import Final, Literal

import msgspec

from sla_rules.evaluation.tallies import Counting
from sla_rules.instants import Duration, Instant
from sla_rules.notation import Granularity

SpeedStatus = Literal["met", "breached", "open", "closed", "excused"]
DepthStatus = Literal["met", "breached", "open", "closed", "excused", "connected"]
DueStatus = Literal["met", "breached", "open"]
OutageStatus = Literal["breached", "open", "excused"]
"""Open is one that nothing counts of yet."""
Tenure = Literal["kept", "lost", "won", "excused"]
"""What a customer is in a period: of those there at its start kept, lost or lost and waived; or new in it."""
LossStatus = Literal["breached", "open", "excused"]
"""Open is one whose instant has not come."""


FlaggedAttempts = tuple[str | None, int, int]
"""The team that had the lead, bits that stand for flags (`sla_rules.evaluation.flags`), and how many attempts have them."""


class SpeedContribution(msgspec.Struct, frozen=True, array_like=True, tag=1, gc=False):
    """The first follow-up, by both clocks; `counted_at` places it, where not the hand-off does. None if untouched."""

    term: int
    segment: str
    team: str | None
    start: Instant
    deadline: Instant | None
    status: SpeedStatus
    wall: Duration | None
    working: Duration | None
    counted_at: Instant | None
    owed: bool
    attempted: bool
    historic: bool
    anomaly: bool
    """The follow-up is stamped before the clock began; it counts as no time at all."""
    flagged: tuple[FlaggedAttempts, ...] = ()
    """The follow-up, where it has flags."""


class DepthContribution(msgspec.Struct, frozen=True, array_like=True, tag=2, gc=False):
    """`attempts` qualify, `human` of `all_attempts` do not come from automation; a connected cycle contributes nothing to depth."""

    term: int
    segment: str
    team: str | None
    start: Instant
    deadline: Instant | None
    status: DepthStatus
    attempts: int
    human: int
    all_attempts: int
    connected: bool
    ended: bool
    owed: bool
    historic: bool
    flagged: tuple[FlaggedAttempts, ...] = ()

    @property
    def attempted(self) -> bool:
        """Whether a qualifying attempt has been made."""
        return self.attempts > 0


class VolumeContribution(msgspec.Struct, frozen=True, array_like=True, tag=3, gc=False):
    """One lead delivered, worth `value` millionths."""

    term: int
    segment: str
    start: Instant
    value: int


class UnreadyContribution(msgspec.Struct, frozen=True, array_like=True, tag=4, gc=False):
    """A hand-off below the agreed quality: it counts for no one, and is shown."""

    term: int
    segment: str
    start: Instant


class DeliverableContribution(msgspec.Struct, frozen=True, array_like=True, tag=5, gc=False):
    """One delivery that was due at `deadline`; it lies in the period that holds `start`, which is the same instant.

    `quantity` millionths were confirmed for it so far; `wrong_recipient` counts confirmations to others than those agreed.
    """

    term: int
    segment: str
    team: str | None
    start: Instant
    deadline: Instant
    status: DueStatus
    owed: bool
    historic: bool
    quantity: int = 0
    wrong_recipient: int = 0

    @property
    def attempted(self) -> bool:
        """A delivery is there or not."""
        return False


class DealContribution(msgspec.Struct, frozen=True, array_like=True, tag=6, gc=False):
    """A deal of `amount` millionths, closed at `start`, and with another outcome at the instants `before`.

    `ours` says whether it comes from marketing's leads; `delivered_at` places the lead's cohort, None if none was
    delivered; of a lead's won deals the first converts it, and the first in each currency.
    """

    term: int
    segment: str
    start: Instant
    before: tuple[Instant, ...]
    won: bool
    amount: int
    currency: str
    ours: bool
    delivered_at: Instant | None
    converts: bool
    converts_in_currency: bool


class UncoveredContribution(msgspec.Struct, frozen=True, array_like=True, tag=7, gc=False):
    """A cycle that no agreement applies to: it counts for no one, in no period, and is shown."""

    start: Instant


class AvailabilityContribution(msgspec.Struct, frozen=True, array_like=True, tag=8, gc=False):
    """Days in which a service is to be up, `days` one after the other from `start` on, each `length` long and like the others.

    On each it is to be `available` so long; of that it is `down`, and so much more is `excused`. The day that is not over
    stands alone: by interval, so much of the period that it lies in is still `ahead`.
    """

    term: int
    segment: str
    start: Instant
    days: int
    length: Duration
    available: Duration
    down: Duration
    excused: Duration
    ahead: tuple[tuple[Granularity, Duration], ...] = ()


class OutageContribution(msgspec.Struct, frozen=True, array_like=True, tag=9, gc=False):
    """A service went down at `start`, and `lasted` is how much of it counts so far; it lies in the period that holds `start`.

    It counts from `deadline` on, None where nothing of it ever does; it is owed until the service is up again.
    """

    term: int
    segment: str
    team: str | None
    start: Instant
    deadline: Instant | None
    status: OutageStatus
    lasted: Duration
    owed: bool
    historic: bool

    @property
    def attempted(self) -> bool:
        """A service is up or not."""
        return False


class RetentionContribution(msgspec.Struct, frozen=True, array_like=True, tag=10, gc=False):
    """A customer in periods of one length that are alike, each by an instant in it: its start, or when the customer was won."""

    term: int
    segment: str
    interval: Granularity
    outcome: Tenure
    starts: tuple[Instant, ...]


class LossContribution(msgspec.Struct, frozen=True, array_like=True, tag=11, gc=False):
    """A customer was lost at `start`, which is the `deadline` too: before it nothing was lost, and afterwards nothing is owed."""

    term: int
    segment: str
    team: str | None
    start: Instant
    deadline: Instant
    status: LossStatus
    historic: bool

    @property
    def owed(self) -> bool:
        """Nobody waits for a customer who left."""
        return False

    @property
    def attempted(self) -> bool:
        """A customer is there or not."""
        return False


class RemedyContribution(msgspec.Struct, frozen=True, array_like=True, tag=12, gc=False):
    """A remedy for the period that begins on `first`, carried out at an instant; of one owner, or None of all: it adds to no figure."""

    term: int
    interval: Granularity
    first: date
    owner: str | None
    at: Instant
    by: str


FiguredContribution = (
    SpeedContribution
    | DepthContribution
    | VolumeContribution
    | UnreadyContribution
    | DeliverableContribution
    | DealContribution
    | AvailabilityContribution
    | OutageContribution
    | RetentionContribution
    | LossContribution
)
"""Contributions to figures, each of one term."""
UNFIGURED: Final = (UncoveredContribution, RemedyContribution)
"""The classes of contributions that are in no figures."""
Contribution = FiguredContribution | UncoveredContribution | RemedyContribution
Owing = SpeedContribution | DepthContribution | DeliverableContribution | OutageContribution | LossContribution
"""Contributions of what is due at a deadline."""
SumAt = Callable[[FiguredContribution, Instant], Counting]
"""Where what a contribution adds at an instant is counted."""
