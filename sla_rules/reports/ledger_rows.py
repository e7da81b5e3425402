"""The ledger of an obligation of volume: a row for each period of the goal's interval."""

from typing import Literal

from msgspec import Struct, field

from sla_rules.figures.units import (
    AverageCycle,
    ByCurrency,
    Count,
    Duration,
    Inline,
    Money,
    Number,
    Rate,
    Ratio,
    Time,
)
from sla_rules.reports.calendar_period import CalendarPeriod
from sla_rules.reports.ledger_reasons import LedgerRemark


class MaturedCohorts(Struct, frozen=True, kw_only=True):
    """The leads that rates come from: of periods that ended at least one average sales cycle before."""

    since: Time | None
    """Start of the first of those periods; None if there are none."""
    until: Time | None
    """End of the last of them."""
    leads: Count
    """Leads delivered in them."""
    converted: Count
    """Those of them that became customers."""
    close_rate: Number | None
    """Share of the leads that became customers; with no customer it is not known."""
    average_deal: Rate | None
    """What one customer brought, in the currency of the row."""
    marketing_share: Number | None
    """Of all revenue closed in the year, the share from marketing's leads."""
    value_per_lead: Rate | None
    """Close rate by what a customer brings."""
    sales_cycle: Duration | None = field(name="sales_cycle_seconds")
    """From delivery to deal on average, of the deals won in the year."""
    sales_cycles: Count
    """Of how many deals that is the average."""
    is_small: bool
    """So few customers that chance alone moves the close rate by a fifth or more."""


class LedgerFigures(Struct, frozen=True, kw_only=True):
    """What leads came to in the period, and the next goal by the rates of matured leads."""

    leads: Count
    """Leads delivered."""
    value: Money
    """What they are worth by their segments."""
    converted: Count
    """Those of them that became customers, whenever, as far as is known."""
    close_rate_so_far: Ratio | None
    """Converted by leads; None without leads."""
    customer_revenue: ByCurrency
    """What those customers brought, by currency."""
    won: Count
    """Deals of marketing's leads won."""
    lost: Count
    """Deals of marketing's leads lost."""
    revenue: ByCurrency
    """What the deals won brought, by currency."""
    all_won: Count
    """Deals won, others' among them."""
    all_revenue: ByCurrency
    """What they brought, by currency."""
    average_sales_cycle: AverageCycle | None = field(name="average_sales_cycle_seconds")
    """From delivery to deal, of the deals won in the period."""
    matured: MaturedCohorts
    """What the next goal rests on: leads that had matured by the end of the period."""
    goal: Count | None
    """Leads that the quota agreed comes to; None where none is agreed for these leads."""
    next_goal: Count | None
    """Leads that take the quota by measured rates and marketing's measured share."""
    next_goal_at_agreed_share: Count | None
    """Leads that take the quota by measured rates and the share agreed."""
    next_value: Money | None
    """What so many leads of the same mix are worth."""
    next_value_at_agreed_share: Money | None
    """What so many leads of the same mix are worth, by the share agreed."""
    remark: LedgerRemark | None
    """Why there is no next goal, or why not to trust it."""


class LedgerSegment(Struct, frozen=True, kw_only=True):
    """One segment in a row of the ledger."""

    segment: str
    """Which one."""
    figures: Inline[LedgerFigures]


class KnownAtEnd(Struct, frozen=True, kw_only=True):
    """A row as somebody had it who looked at the end of its period: by what had been received until then."""

    currency: str | None
    """Of all rates: that agreed, else that of all deals; None where deals are in several."""
    whole: Inline[LedgerFigures]
    segments: tuple[LedgerSegment, ...]
    """Each segment that had leads or deals in the year."""


class LedgerRow(Struct, frozen=True, kw_only=True):
    """One period of the goal's interval, by what is known now: all segments together, and each by itself."""

    period: Inline[CalendarPeriod]
    status: Literal["over", "open"]
    """A period that is not over is worked out as of the report's instant."""
    currency: str | None
    """Of all rates: that agreed, else that of all deals; None where deals are in several."""
    whole: Inline[LedgerFigures]
    segments: tuple[LedgerSegment, ...]
    """Each segment that had leads or deals in the year."""
    at_end: KnownAtEnd | None = None
    """What was known at the end of the period; None while it is open, and where nobody can tell any more."""
