"""What published figures entail: goals met and missed, credits, remedies, the right to end the agreement."""

from typing import Literal

from msgspec import Struct, field

from sla_rules.figures.obligation_figures import Kind
from sla_rules.figures.units import Count, Duration, Exact, Inline, Money, Number, Time
from sla_rules.notation import Granularity
from sla_rules.reports.calendar_period import CalendarPeriod

Result = Literal["met", "missed"]


class Target(Struct, frozen=True):
    """One part of what was agreed, and what came of it."""

    name: Literal["share", "average_seconds", "average_attempts", "delivered", "value"] = field(name="target")
    """Which part."""
    agreed: Number
    """What was agreed: a share, seconds, attempts, leads or value."""
    found: Number | None
    """What came of it; None where there is nothing to average."""
    result: Result | None
    """None where there was nothing to judge."""


class Judgement(Struct, frozen=True, kw_only=True):
    """Whether a goal was met."""

    result: Result | None
    """Missed if any part is, met if every part that could be judged is, None if none could."""
    attainment: Number | None
    """What was met of what was decided, of a volume what was delivered of the goal, of availability the time that services
    were up, of retention the customers kept; None where nothing was due.
    """
    targets: tuple[Target, ...]
    """The parts of the goal."""


class Tier(Struct, frozen=True, kw_only=True):
    """A step of the credits agreed."""

    below: Exact
    """It applies to less than this attainment."""
    credit: Exact
    """Share of the fee that it gives back."""


class CreditDue(Struct, frozen=True, kw_only=True):
    """What of the fee of a period is given back."""

    tier: Tier | None
    """The lowest step that applies; None where none does."""
    credit: Exact
    """Share of the fee."""
    is_capped: bool
    """Whether the step gives back more than the cap allows."""
    amount: Money | None
    """That share in the agreement's currency; None where no fee is agreed."""


class Credit(Struct, frozen=True, kw_only=True):
    """Service credits agreed on an obligation, and what is due of them."""

    fee: Exact | None
    """What the period costs."""
    currency: str | None
    """The agreement's currency."""
    cap: Exact
    """Share of the fee that is given back at most."""
    claim_until: Time | None
    """Until when the credit may be claimed; None without a limit."""
    exclusions: tuple[str, ...]
    """What is not held against the provider, in words."""
    published: CreditDue | None
    """By the figures published, which decide; None until then."""
    known: CreditDue = field(name="restated")
    """By the figures known now."""


class RemedyDue(Struct, frozen=True, kw_only=True):
    """What somebody has to do since a goal was missed."""

    owner: str
    """Who does it."""
    action: str
    """What."""
    by: Time
    """By when."""
    status: Literal["due", "confirmed", "overdue"]
    """Whether somebody said that it was done; if nobody did, whether it is late."""
    confirmed_at: Time | None
    """When it was done; None until somebody says so."""
    confirmed_by: str | None
    """Who did it."""
    late_by: Duration | None = field(name="late_by_seconds")
    """How long after that it was done; None where it was in time, or was not yet."""


class SettledGoal(Struct, frozen=True, kw_only=True):
    """One obligation in one period that its goal is judged by."""

    obligation: str
    """Identifier of the obligation."""
    kind: Kind
    """What kind of obligation it is."""
    version: str
    """Version of the agreement in force at the end of the period."""
    provider: str
    """Party that owes it."""
    recipient: str
    """Party that it is owed to."""
    period: Inline[CalendarPeriod]
    status: Literal["open", "published", "restated"]
    """Restated where other figures are known now than were published."""
    published_at: Time
    """When figures are published: the end of the period and the grace."""
    published: Judgement | None
    """By the figures published, which decide; None until then."""
    known: Judgement = field(name="restated")
    """By the figures known now."""
    credits: tuple[Credit, ...]
    """Credits agreed on it."""
    remedies: tuple[RemedyDue, ...]
    """What has to be done since it was missed."""
    history: bool = False
    """Whether the period was over when the service began to listen: nobody was held to it then."""


class RowOfMisses(Struct, frozen=True, kw_only=True):
    """Periods missed one after the other, so many that the agreement may be ended."""

    at: Time
    """When the last of so many was published."""
    periods: tuple[Time, ...]
    """The start of each."""


class CancellationStatus(Struct, frozen=True, kw_only=True):
    """How near the right to end the agreement is, by published figures."""

    missed_in_a_row: Count
    """So many periods missed in a row give the right."""
    interval: Granularity
    """Which periods are counted."""
    obligations: tuple[str, ...]
    """A period is missed if any of the goals of these is."""
    in_a_row: tuple[Time, ...]
    """The start of each of the latest periods, all missed."""
    is_reached: bool
    """Whether the right stands now."""
    reached: tuple[RowOfMisses, ...]
    """Every time that it came to stand."""


class Consequences(Struct, frozen=True, kw_only=True):
    """What follows from the periods of an agreement."""

    periods: tuple[SettledGoal, ...]
    """Periods of the same obligation together."""
    cancellation: CancellationStatus | None
    """None where no right to end the agreement is agreed."""
