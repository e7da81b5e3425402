"""What became of a promise: reasons of verdicts."""

from typing import Literal, TypeAlias

from sla_rules.figures.units import Count, Duration, Money
from sla_rules.reports.reasons import Clock, EndedBy, LocalTime, Reason, Unmet

Awaits = Literal["follow_up", "answer"]
"""The first follow-up of a cycle, or the answer to a message."""


class SpeedMet(Reason, frozen=True, kw_only=True):
    """The first follow-up came in time."""

    about: str
    """What the agreement is about."""
    awaits: Awaits
    """What was promised."""
    at: LocalTime
    """When it came."""
    took: Duration
    """By the clock of the deadline."""
    clock: Clock
    """Which clock that is."""
    deadline: LocalTime | None
    """None while the lead is paused."""


class SpeedLate(Reason, frozen=True, kw_only=True):
    """The first follow-up came after the deadline."""

    about: str
    """What the agreement is about."""
    awaits: Awaits
    """What was promised."""
    at: LocalTime
    """When it came."""
    took: Duration
    """By the clock of the deadline."""
    clock: Clock
    """Which clock that is."""
    deadline: LocalTime
    """When it was due."""
    late_by: Duration
    """From the deadline to the follow-up."""


class SpeedClosed(Reason, frozen=True, kw_only=True):
    """The cycle ended before the deadline and before any follow-up."""

    about: str
    """What the agreement is about."""
    awaits: Awaits
    """What was promised."""
    ended_by: EndedBy
    """How."""
    ended_at: LocalTime
    """When."""
    deadline: LocalTime | None
    """None while the lead is paused."""


class SpeedOpen(Reason, frozen=True, kw_only=True):
    """The first follow-up is awaited."""

    about: str
    """What the agreement is about."""
    awaits: Awaits
    """What was promised."""
    deadline: LocalTime | None
    """None while the lead is paused."""


class SpeedMissed(Reason, frozen=True, kw_only=True):
    """The deadline passed without a follow-up."""

    about: str
    """What the agreement is about."""
    awaits: Awaits
    """What was promised."""
    deadline: LocalTime | None
    """None while the lead is paused."""
    ended_by: EndedBy | None
    """How the cycle ended after that; None while the follow-up is still owed."""
    ended_at: LocalTime | None
    """When."""


class Excused(Reason, frozen=True, kw_only=True):
    """The cycle was waived."""

    by: str
    """By whom."""
    reason: str
    """Why, in their words."""


class DepthMet(Reason, frozen=True, kw_only=True):
    """All attempts agreed were made in time."""

    attempts: Count
    """So many are agreed."""
    at: LocalTime
    """When the last of them was made."""
    deadline: LocalTime | None
    """None while the lead is paused."""


class DepthConnected(Reason, frozen=True, kw_only=True):
    """No more attempts are needed."""

    about: str
    """What the agreement is about."""
    made: Count
    """Attempts that count."""
    attempts: Count
    """So many are agreed."""
    ended_at: LocalTime
    """When the connection was made."""
    deadline: LocalTime | None
    """None while the lead is paused."""


class DepthClosed(DepthConnected, frozen=True, kw_only=True):
    """The cycle ended before the deadline and before all attempts were made."""

    ended_by: EndedBy
    """How."""


class DepthOpen(Reason, frozen=True, kw_only=True):
    """Attempts are still to be made."""

    made: Count
    """Attempts that count."""
    attempts: Count
    """So many are agreed."""
    deadline: LocalTime | None
    """None while the lead is paused."""


class DepthMissed(DepthOpen, frozen=True, kw_only=True):
    """The deadline passed before all attempts were made."""

    about: str
    """What the agreement is about."""
    reached_at: LocalTime | None
    """When the last of those agreed was made after all; None where it was not."""
    ended_by: EndedBy | None
    """How the cycle ended after the deadline; None while attempts can still be made."""
    ended_at: LocalTime | None
    """When."""


class Delivered(Reason, frozen=True):
    """The lead counts as delivered."""

    about: str
    """What the agreement is about."""
    value: Money | None
    """What its segment is worth; None where it is worth nothing of its own."""


class CountedBefore(Reason, frozen=True):
    """The lead was delivered at an earlier hand-off."""

    about: str
    """What the agreement is about."""


class Continued(Reason, frozen=True):
    """The cycle goes on with the promise to the one before, and is judged with it."""

    about: str
    """What the agreement is about."""


class NotReady(Reason, frozen=True):
    """The hand-off is below the agreed quality."""

    unmet: tuple[Unmet, ...]
    """What it lacks."""


class DeliveryMet(Reason, frozen=True):
    """A delivery was confirmed in time."""

    due: LocalTime
    """By when it was due."""


class DeliveryLate(DeliveryMet, frozen=True):
    """A delivery was confirmed after it was due."""


class DeliveryMissed(DeliveryMet, frozen=True):
    """A delivery was not confirmed."""


class DeliveryOpen(DeliveryMet, frozen=True):
    """A delivery is not due yet."""


class Watched(Reason, frozen=True):
    """How long a service was up of the time in which it was to be."""

    about: str
    """What the agreement is about."""
    available: Duration
    """In which it was to be up."""
    down: Duration
    """In which it was not."""


class StillDown(Reason, frozen=True, kw_only=True):
    """A service is down."""

    about: str
    """What the agreement is about."""
    down_at: LocalTime
    """Since when."""
    lasted: Duration
    """So much of it counts so far."""


class OutageOver(StillDown, frozen=True, kw_only=True):
    """A service was down and came up again."""

    up_at: LocalTime
    """When."""


class OutageOpen(Reason, frozen=True, kw_only=True):
    """A service went down when it did not have to be up, and nothing of it counts, or not yet."""

    about: str
    """What the agreement is about."""
    down_at: LocalTime
    """When."""
    up_at: LocalTime | None
    """When it came up again; None while it is down."""


class OutageExcused(Excused, frozen=True, kw_only=True):
    """That a service was down was waived."""

    about: str
    """What the agreement is about."""
    down_at: LocalTime
    """When it went down."""


class StillThere(Reason, frozen=True, kw_only=True):
    """A customer was won, and is there."""

    about: str
    """What the agreement is about."""
    won_at: LocalTime
    """Since when."""


class Lost(StillThere, frozen=True, kw_only=True):
    """A customer was won, and lost again."""

    lost_at: LocalTime
    """When."""
    back_at: LocalTime | None
    """When it came back; None where it has not."""


class LossExcused(Excused, frozen=True, kw_only=True):
    """That a customer was lost was waived."""

    about: str
    """What the agreement is about."""
    lost_at: LocalTime
    """When."""


CycleReason: TypeAlias = (
    SpeedMet
    | SpeedLate
    | SpeedClosed
    | SpeedOpen
    | SpeedMissed
    | DepthMet
    | DepthConnected
    | DepthClosed
    | DepthOpen
    | DepthMissed
    | Excused
    | Delivered
    | CountedBefore
    | Continued
    | NotReady
)
"""What became of a promise about one cycle."""
OutageReason: TypeAlias = StillDown | OutageOver | OutageOpen | OutageExcused
"""What became of a time that a service was down."""
TenureReason: TypeAlias = StillThere | Lost | LossExcused
"""What became of a customer."""
DeliveryReason: TypeAlias = DeliveryMet | DeliveryLate | DeliveryMissed | DeliveryOpen
