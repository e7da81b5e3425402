"""A plan: how many leads marketing has to deliver, what follows from it, and what it rests on."""

from typing import Literal

from msgspec import Struct, field

from sla_rules.figures.units import Count, Day, Duration, Inline, Number, Rate, Ratio, Time
from sla_rules.reports.calendar_period import CalendarPeriod
from sla_rules.reports.checked import CapacityOf
from sla_rules.reports.ledger_reasons import LedgerRemark
from sla_rules.reports.ledger_rows import MaturedCohorts


class PlannedPart(Struct, frozen=True, kw_only=True):
    """What is needed of one segment, or of all leads where there is one quota."""

    segment: str | None
    """Which one; None for all leads."""
    quota: Rate
    """What sales has to sell in one interval."""
    marketing_share: Ratio
    """Share of it that has to come from marketing's leads."""
    average_deal: Rate
    """What one customer brings."""
    close_rate: Ratio
    """Share of the leads that become customers."""
    value_per_lead: Rate
    """What one lead is worth: as agreed for its segment, else close rate x average deal."""
    is_value_agreed: bool
    """Whether the worth of a lead is agreed."""
    revenue_goal: Rate
    """Quota x marketing's share."""
    customers_needed: Count
    """Revenue goal / average deal, rounded up."""
    leads_needed: Count
    """Revenue goal / average deal / close rate, rounded up."""
    value_needed: Rate
    """What so many leads are worth."""
    leads_if_rate_falls: Count
    """The leads needed if the close rate were a tenth of itself lower."""
    leads_if_rate_rises: Count
    """The leads needed if it were a tenth of itself higher, and at most all."""


class DueByDay(Struct, frozen=True):
    """A day of the goal line."""

    day: Day
    """Which one."""
    counts: bool
    """Whether the goal is spread over this day."""
    due: Number
    """How much is due by its end, unrounded."""


class Serving(Struct, frozen=True, kw_only=True):
    """Who serves the leads, and what one takes of their time."""

    feasible: Inline[CapacityOf]
    time_per_attempt: Duration = field(name="time_per_attempt_seconds")
    """Working time of one attempt."""
    attempts_per_lead: Number
    """On average."""
    share_for_marketing: Ratio
    """Share of the reps' working time that goes into these leads."""
    working_time: Duration = field(name="working_time_seconds")
    """How long one rep works in the tightest period."""


class RecalculatedPart(Struct, frozen=True, kw_only=True):
    """Rates of one segment as they were measured, beside those agreed."""

    segment: str | None
    """Which one; None for all leads."""
    matured: MaturedCohorts
    """The leads that the rates come from."""
    is_taken: bool
    """Whether the plan goes by these rates; else by those agreed."""
    remark: LedgerRemark | None
    """Why there are none, or why not to trust them."""
    leads_needed_by_rates: Count | None
    """By these rates and the share agreed; None where there are no rates."""
    leads_needed_at_measured_share: Count | None
    """By marketing's share of the revenue as it was, where rates are known: whoever brings less would owe less."""


class Recalculation(Struct, frozen=True, kw_only=True):
    """What the rates of a plan were measured from."""

    at: Time = field(name="as_of")
    """As of when."""
    currency: str | None
    """Of the rates; None where deals are in several and none is agreed."""
    parts: tuple[RecalculatedPart, ...]
    """One for each of the plan's."""


class Plan(Struct, frozen=True, kw_only=True):
    """How many leads marketing has to deliver in an interval, and how much of that by each day."""

    agreement: str | None
    """Whose goal it is; None where no agreement was asked."""
    version: str | None
    """The version that the plan begins from."""
    obligation: str | None
    """The obligation of volume."""
    currency: str | None
    """Of all amounts."""
    period: Inline[CalendarPeriod]
    """The first that the plan is for."""
    revenue_goal: Rate
    """What has to come from marketing's leads."""
    customers_needed: Count
    """How many customers that takes: each segment rounded up, then added."""
    leads_needed: Count
    """How many leads that takes: each segment rounded up, then added."""
    value_needed: Rate
    """What so many leads are worth."""
    leads_agreed: Number | None
    """The goal agreed now; None where no agreement was asked."""
    parts: tuple[PlannedPart, ...]
    """One for each quota."""
    leads_if_rate_falls: Count
    """The leads needed if every close rate were a tenth of itself lower."""
    leads_if_rate_rises: Count
    """The leads needed if every one were a tenth of itself higher, and at most all."""
    spread_over: Literal["calendar_days", "working_days"]
    """Which days the goal is spread over."""
    a_day: Number | None
    """How much that is a day of those; None where the period has none."""
    days: tuple[DueByDay, ...]
    """The goal line of the period."""
    serving: Serving | None
    """Whether the reps can serve it; None where nobody says who they are."""
    recalculation: Recalculation | None
    """What rates were measured; None where the plan goes by those given or agreed."""
