"""What an explanation holds: every number of one lead with the events, hours and terms that it comes from."""

from msgspec import Struct, field

from sla_rules.figures.units import Duration, Inline, Money, Time
from sla_rules.reports.explained_events import Event, EventName, MergedInto, SeenEvent, StrayAttempt
from sla_rules.reports.explained_head import Started
from sla_rules.reports.explained_verdicts import Verdict
from sla_rules.reports.reasons import Clock, NotApplyingReason, Uncovered


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


class RemedyExplained(Struct, frozen=True, kw_only=True):
    """What was done first of what a period calls for if its goal is missed."""

    period: str
    """The name of the period, as 2026-03."""
    owner: str | None
    """Whose remedy it is; None of all that the period calls for."""
    confirmed_at: Time
    """When it was done."""
    confirmed_by: str
    """Who did it."""


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
    """Its identifier; `agreement:obligation` of a delivery or a remedy."""
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
    remedies: tuple[RemedyExplained, ...] = ()
    """Under `agreement:obligation`, the remedies that were carried out."""
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
