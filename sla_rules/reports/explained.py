"""What an explanation holds: every number of one lead with the events, hours and terms that it comes from."""

from collections.abc import Mapping
from typing import Literal, TypeAlias

from msgspec import Struct, field

from sla_rules.evaluation.contributions import Tenure
from sla_rules.figures.units import Count, Day, Duration, Inline, Money, Number, Time
from sla_rules.notation import Granularity
from sla_rules.reports.explained_clock import Attempt, ClockRun, FollowUp, Reached, Span, SpansLeftOut
from sla_rules.reports.explained_events import Event, EventName, MergedInto, SeenEvent, StrayAttempt
from sla_rules.reports.promise_reasons import CycleReason, DeliveryReason, OutageReason, TenureReason, Watched
from sla_rules.reports.reasons import (
    Clock,
    ConfirmationReason,
    EndedBy,
    NotApplyingReason,
    SegmentReason,
    Uncovered,
    VersionInForce,
)
from sla_rules.reports.result import Breach

Status = Literal[
    "met", "breached", "open", "closed", "excused", "connected", "delivered", "counted_before", "continued", "unready"
]


class Owner(Struct, frozen=True, kw_only=True):
    """Who had the lead."""

    since: Time
    """From when on."""
    rep: str | None
    """Who."""
    team: str | None
    """Their team."""


class Started(Struct, frozen=True):
    """When a cycle began, and by which event."""

    at: Time
    """When."""
    event: EventName
    """By which event."""


class Ended(Struct, frozen=True):
    """When a cycle ended, and how."""

    at: Time
    """When."""
    by: EndedBy | None
    """How."""


class SegmentStay(Struct, frozen=True, kw_only=True):
    """What a lead was for a while, where its fields changed while a cycle ran."""

    applies: bool
    """Whether the agreement was about such a lead."""
    segment: str | None
    """The segment; None where the agreement has none, or was not about such a lead."""
    until: Time | None
    """Up to when; None of the last."""


class VerdictHead(Struct, frozen=True, kw_only=True):
    """Which promise to which cycle, and why it is this one."""

    agreement: str
    """Identifier of the agreement."""
    version: str
    """The version that the clock ran by."""
    version_because: VersionInForce
    """Why that version."""
    obligation: str
    """Identifier of the obligation."""
    kind: Literal["speed", "depth", "volume", "availability", "retention"]
    """What kind of obligation it is."""
    cycle: int
    """Which hand-off of the lead, outage of the service or tenure of the customer; 0 is its creation, or its watch."""
    message: EventName | None
    """The message of that cycle that waited for its answer; None of other promises."""
    segment: str | None
    """None where the agreement has none."""
    segment_because: SegmentReason
    """Why that segment."""
    fields: Mapping[str, str | float | bool]
    """What segments look at."""
    stays: tuple[SegmentStay, ...]
    """What the lead was one after the other; nothing where that did not change while the cycle ran."""
    owners: tuple[Owner, ...]
    """Who had the lead, one after the other."""
    started: Started
    """How the cycle began."""
    ended: Ended | None
    """How it ended; None while it goes on."""
    moved_by: tuple[Event, ...]
    """Events that began, moved or ended it."""


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


class DealCount(Struct, frozen=True, kw_only=True):
    """An obligation that a deal counts for."""

    agreement: str
    """Identifier of the agreement."""
    obligation: str
    """Identifier of the obligation."""
    segment: str | None
    """None where the agreement has none."""
    marketings: bool
    """Whether it comes from marketing's leads."""
    delivered_at: Time | None
    """When the lead was delivered; None where it was not."""
    converts_the_lead: bool
    """Whether it is the first that the lead won."""


class DealExplained(Struct, frozen=True, kw_only=True):
    """A deal as it stands, and what it counts for."""

    event: Inline[Event]
    deal: str
    """Its identifier."""
    outcome: str
    """Won or lost."""
    closed_at: Time
    """When."""
    amount: Money
    """What it is worth."""
    currency: str
    """In which currency."""
    counts_for: tuple[DealCount, ...]
    """Obligations of volume."""


class NearestDeadline(Struct, frozen=True, kw_only=True):
    """The next deadline of what is still owed."""

    agreement: str
    """Identifier of the agreement."""
    version: str
    """The version that its clock runs by."""
    obligation: str
    """Identifier of the obligation."""
    cycle: int | None
    """Which hand-off of the lead; 0 is its creation; None of a delivery."""
    message: EventName | None
    """The message of that cycle that waits for its answer; None of other promises."""
    deadline: Time
    """When it is due."""
    clock: Clock | None
    """Working hours, or every hour; None of a delivery, which no clock runs to."""
    left: Duration | None = field(name="left_seconds")
    """By that clock."""
    left_wall: Duration = field(name="left_wall_clock_seconds")
    """By the clock on the wall."""


class UncoveredCycle(Struct, frozen=True):
    """A cycle that no agreement applies to."""

    cycle: int
    """Which hand-off of the lead."""
    started: Started
    """How it began."""
    verdict: Uncovered
    """What follows from that."""


class NotApplying(Struct, frozen=True):
    """An agreement that a cycle does not fall under."""

    agreement: str
    """Identifier of the agreement."""
    cycle: int
    """Which hand-off of the lead."""
    why: NotApplyingReason
    """Why it does not."""


class Explanation(Struct, frozen=True, kw_only=True):
    """Everything about one lead as of an instant."""

    lead: str
    """Its identifier; `agreement:obligation` of a delivery."""
    until: Time
    """As of when."""
    merged_into: MergedInto | None = None
    """Where it went; None while it is itself."""
    nearest_deadline: NearestDeadline | None = None
    """Of what is still owed and not yet late; None where there is no such thing."""
    events: tuple[SeenEvent, ...]
    """All that was received."""
    verdicts: tuple[Verdict, ...] = ()
    """Every promise about it."""
    attempts_in_no_cycle: tuple[StrayAttempt, ...] = ()
    """Attempts that count for nothing."""
    deals: tuple[DealExplained, ...] = ()
    """Its deals."""
    uncovered: tuple[UncoveredCycle, ...] = ()
    """Cycles that nobody owes anything."""
    not_applying: tuple[NotApplying, ...] = ()
    """Agreements that its cycles do not fall under."""
    quarantined: str | None = None
    """Why it cannot be judged; None where it can."""


class ComparedExplanation(Struct, frozen=True, kw_only=True):
    """An explanation beside what other terms say of the same facts."""

    explanation: Inline[Explanation]
    also: Explanation
    """By the other terms."""
