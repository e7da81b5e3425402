"""A verdict as an explanation holds it, by what was promised: what became of it, why, and all that it comes from."""

from typing import Literal, TypeAlias

from msgspec import Struct, field

from sla_rules.evaluation.contributions import Tenure
from sla_rules.figures.units import Count, Day, Duration, Inline, Money, Number, Time
from sla_rules.notation import Granularity
from sla_rules.reports.explained_clock import Attempt, ClockRun, FollowUp, Reached, Span, SpansLeftOut
from sla_rules.reports.explained_events import Event
from sla_rules.reports.explained_head import VerdictHead
from sla_rules.reports.promise_reasons import CycleReason, DeliveryReason, OutageReason, TenureReason, Watched
from sla_rules.reports.reasons import ConfirmationReason
from sla_rules.reports.result import Breach

Status = Literal[
    "met", "breached", "open", "closed", "excused", "connected", "delivered", "counted_before", "continued", "unready"
]


class SpeedVerdict(Struct, frozen=True, kw_only=True):
    """What became of a promise of speed."""

    head: Inline[VerdictHead]
    run: Inline[ClockRun]
    follow_up: FollowUp | None
    """None where none came."""
    attempts: tuple[Attempt, ...]
    """All of the cycle."""
    status: Status
    """What it amounts to."""
    verdict: CycleReason
    """Why."""
    notices: tuple[Breach, ...]
    """What was published of it."""


class DepthVerdict(Struct, frozen=True, kw_only=True):
    """What became of a promise of depth."""

    head: Inline[VerdictHead]
    run: Inline[ClockRun]
    attempts_wanted: Count
    """So many are agreed."""
    attempts_made: Count
    """So many count."""
    reached: Reached | None
    """None where they were not made."""
    attempts: tuple[Attempt, ...]
    """All of the cycle."""
    status: Status
    """What it amounts to."""
    verdict: CycleReason
    """Why."""
    notices: tuple[Breach, ...]
    """What was published of it."""


class CountedVerdict(Struct, frozen=True, kw_only=True):
    """Whether a hand-off counts as a lead delivered; under other obligations, that it counts for no one, or with another."""

    head: Inline[VerdictHead]
    value: Money | None
    """What it is worth; None where it does not count."""
    status: Status
    """What it amounts to."""
    verdict: CycleReason
    """Why."""


class ExcusedTime(Struct, frozen=True, kw_only=True):
    """Time that somebody waived, as for maintenance, and whether it is left out."""

    event: Inline[Event]
    start: Time
    """From when."""
    end: Time
    """To when."""
    by: str
    """Who waived it."""
    reason: str
    """Why, in their words."""
    counts: bool
    """Whether it is left out; not where it was announced too late."""


class AvailabilityVerdict(Struct, frozen=True, kw_only=True):
    """How long a service was up under one version."""

    head: Inline[VerdictHead]
    available: Duration = field(name="available_seconds")
    """In which it was to be up, of the days that have begun."""
    downtime: Duration = field(name="downtime_seconds")
    """In which it was not."""
    excused: Duration = field(name="excused_seconds")
    """Left out, neither for nor against anybody."""
    announcements: tuple[ExcusedTime, ...]
    """Time that was waived by events."""
    status: Status
    """Whether the share agreed was reached over all of that time."""
    verdict: Watched
    """What it comes to."""


class OutageVerdict(Struct, frozen=True, kw_only=True):
    """What became of one time that a service was down."""

    head: Inline[VerdictHead]
    lasted: Duration = field(name="lasted_seconds")
    """So much of it counts, while it goes on by the minute."""
    spans: tuple[Span, ...]
    """The time that adds up to it: where it is in many spans, the first few and the last few."""
    spans_left_out: SpansLeftOut | None
    """Those between them; None where they are all there."""
    status: Status
    """What it amounts to."""
    verdict: OutageReason
    """Why."""
    notices: tuple[Breach, ...]
    """What was published of it."""


class CountedPeriod(Struct, frozen=True, kw_only=True):
    """A period that a customer counts in, and as what."""

    interval: Granularity
    """How long it is."""
    first: Day
    """Its first day."""
    outcome: Tenure
    """What the customer is in it."""


class TenureVerdict(Struct, frozen=True, kw_only=True):
    """What became of a customer from being won to being lost."""

    head: Inline[VerdictHead]
    periods: tuple[CountedPeriod, ...]
    """Those it counts in."""
    status: Status
    """Open while it is there."""
    verdict: TenureReason
    """Why."""
    notices: tuple[Breach, ...]
    """What was published of it."""


class Confirmation(Struct, frozen=True, kw_only=True):
    """A confirmation of a delivery, and whether it counts."""

    event: Inline[Event]
    quantity: Number
    """How much."""
    counted: Number
    """How much of it counts; of what its recipient is owed no more, nothing."""
    by: str | None
    """Who confirmed it."""
    to: str | None
    """Who received it."""
    counts: bool
    """Whether any of it counts."""
    why_not: ConfirmationReason | None
    """None where it counts."""


class RecipientQuantity(Struct, frozen=True, kw_only=True):
    """What was confirmed to one of the recipients of a delivery, each of whom has a quantity of its own."""

    to: str
    """Who or where it goes to."""
    quantity: Number
    """How much was confirmed, up to what is wanted; what names nobody is left out."""
    wanted: Number
    """How much was agreed for this recipient."""


class DeliveryVerdict(Struct, frozen=True, kw_only=True):
    """What became of one delivery."""

    agreement: str
    """Identifier of the agreement."""
    version: str
    """Version of the agreement."""
    obligation: str
    """Identifier of the obligation."""
    kind: Literal["deliverable"]
    """What kind of obligation it is."""
    deadline: Time
    """When it was due."""
    moved_from: Day | None
    """The day by the schedule, where that was closed and it was due on an open one."""
    status: Status
    """What it amounts to."""
    verdict: DeliveryReason
    """Why."""
    quantity: Number
    """How much was confirmed."""
    wanted: Number
    """How much was agreed."""
    recipients: tuple[RecipientQuantity, ...]
    """Nothing where the recipients divide one quantity among them."""
    confirmations: tuple[Confirmation, ...]
    """Those about this delivery."""
    notices: tuple[Breach, ...]
    """What was published of it."""


Verdict: TypeAlias = (
    SpeedVerdict | DepthVerdict | CountedVerdict | DeliveryVerdict | AvailabilityVerdict | OutageVerdict | TenureVerdict
)
