"""Agreement events: applause and trouble, each of which happens once, as results hold them."""

from typing import Literal, TypeAlias

from msgspec import Struct, field

from sla_rules.figures.obligation_figures import Kind
from sla_rules.figures.units import Count, Day, Exact, Inline, Money, Number, Time
from sla_rules.notation import Granularity
from sla_rules.reports.calendar_period import CalendarPeriod
from sla_rules.reports.consequences import Target, Tier

EventType = Literal[
    "sla.goal_reached.v1",
    "sla.period_met.v1",
    "sla.period_missed.v1",
    "sla.credit_due.v1",
    "sla.remedy_due.v1",
    "sla.remedy_overdue.v1",
    "sla.cancellation_near.v1",
    "sla.cancellation_reached.v1",
    "sla.best_week.v1",
]


class ObligationInPeriod(Struct, frozen=True, kw_only=True):
    """Whose promise to whom an agreement event is about, and which period of it."""

    agreement: str
    """Identifier of the agreement."""
    version: str
    """Version of the agreement that the period is judged by."""
    obligation: str
    """Identifier of the obligation."""
    title: str | None
    """Its title; None where it has none."""
    kind: Kind
    """What kind of obligation it is."""
    provider: str
    """Party that owes it."""
    provider_name: str
    """What that party is called."""
    recipient: str
    """Party that it is owed to."""
    recipient_name: str
    """What that party is called."""
    period: Inline[CalendarPeriod]
    name: str
    """What the period is called: `2026-03`."""


class GoalReached(Struct, frozen=True, kw_only=True):
    """As much has come as was agreed for the whole of a period, which may still run."""

    of: Inline[ObligationInPeriod]
    measure: Literal["leads", "value"]
    """What is counted."""
    agreed: Number
    """How much was agreed."""
    day: Day
    """On which day it was reached."""


class PeriodJudged(Struct, frozen=True, kw_only=True):
    """The goal of a period was met or missed, by the figures published."""

    of: Inline[ObligationInPeriod]
    attainment: Number | None
    """What was met of what was decided, of a volume what was delivered of the goal; None where nothing was due."""
    targets: tuple[Target, ...]
    """The parts of the goal."""


class CreditFallsDue(Struct, frozen=True, kw_only=True):
    """A part of the fee of a period is given back."""

    of: Inline[ObligationInPeriod]
    attainment: Number
    """What was reached, as a share."""
    tier: Tier
    """The lowest step that applies."""
    credit: Exact
    """Share of the fee."""
    is_capped: bool
    """Whether the step gives back more than the cap allows."""
    amount: Money | None
    """That share in the agreement's currency; None where no fee is agreed."""
    currency: str | None
    """The agreement's currency."""
    claim_until: Time | None
    """Until when it may be claimed; None without a limit."""
    exclusions: tuple[str, ...]
    """What is not held against the provider, in words."""


class RemedyFallsDue(Struct, frozen=True, kw_only=True):
    """Somebody has to do something since a goal was missed; or has not done it by when it was due."""

    of: Inline[ObligationInPeriod]
    owner: str
    """Who does it."""
    action: str
    """What."""
    by: Time
    """By when."""


class CancellationNears(Struct, frozen=True, kw_only=True):
    """So many periods were missed in a row that the agreement may be ended, or that one more gives that right."""

    agreement: str
    """Identifier of the agreement."""
    version: str
    """Version of the agreement whose terms these are."""
    interval: Granularity
    """Which periods are counted."""
    missed_in_a_row: Count
    """So many periods missed in a row give the right."""
    obligations: tuple[str, ...]
    """A period is missed if any of the goals of these is."""
    periods: tuple[str, ...]
    """What each period missed is called."""


class BestWeek(Struct, frozen=True, kw_only=True):
    """A week better than every week before it."""

    of: Inline[ObligationInPeriod]
    measure: Literal["share", "leads", "value"]
    """What weeks are compared by: a share, or of a volume leads or value."""
    found: Number
    """What it came to."""
    best_before: Number
    """What the best week before came to."""
    weeks_before: Count
    """How many weeks before it are compared with."""


EventData: TypeAlias = GoalReached | PeriodJudged | CreditFallsDue | RemedyFallsDue | CancellationNears | BestWeek


class AgreementEvent(Struct, frozen=True, kw_only=True):
    """Applause or trouble: something that happened to an agreement as a whole, once."""

    id: str
    """The same for the same event, whoever works it out and however often."""
    type: EventType
    """What happened."""
    at: Time = field(name="time")
    """When: the publication or the deadline that it follows from; of a goal, the start of the day on which it was reached."""
    data: EventData
    """Of what, and how much."""
