"""The figures of one period, a type for each kind of obligation. What is undefined, as the average of nothing, is None."""

from collections.abc import Mapping
from typing import Literal

from msgspec import Struct, field

from sla_rules.figures.units import (
    AverageDuration,
    ByCurrency,
    Count,
    Day,
    Duration,
    Money,
    Number,
    Ratio,
)

Kind = Literal["speed", "depth", "volume", "deliverable", "availability", "retention"]


class ClockFigures(Struct, frozen=True, kw_only=True):
    """Times to the first follow-up, by one clock."""

    total: Duration = field(name="sum_seconds")
    """Of all follow-ups together."""
    average: AverageDuration | None = field(name="average_seconds")
    """Of one follow-up."""
    p50: Duration | None = field(name="p50_seconds")
    """What half of the follow-ups did not exceed; at most 1 % more than the longest of that half."""
    p90: Duration | None = field(name="p90_seconds")
    """What nine in ten follow-ups did not exceed; at most 1 % more than the longest of those."""
    within: Mapping[str, Count]
    """Follow-ups within each band, cumulative."""


class TeamFlags(Struct, frozen=True, kw_only=True):
    """Attempts that count and were made while the lead was a team's, by flag; one attempt may have several."""

    team: str
    """`unassigned` where the lead had none."""
    bulk: Count
    """One of several by one rep on the lead within seconds."""
    backdated: Count
    """Stamped by the deadline, and received long after it."""
    zero_seconds: Count
    """Lasted no time, as they say."""
    outside_hours: Count
    """Made outside the working hours of the team."""


class SpeedFigures(Struct, frozen=True, kw_only=True):
    """Follow-ups, and their times by both clocks."""

    leads: Count
    """Cycles that were due a follow-up, those excused left out."""
    followed_up: Count
    """Cycles followed up, in time or late."""
    untouched: Count
    """Cycles without any follow-up."""
    open: Count
    """Cycles not decided yet."""
    closed: Count
    """Cycles closed before they were decided."""
    excused: Count
    """Cycles waived."""
    met: Count
    """Cycles followed up in time."""
    breached: Count
    """Cycles not followed up in time."""
    wall_clock: ClockFigures
    """Times by the clock on the wall."""
    working: ClockFigures
    """Times in working hours."""
    anomalies: Count
    """Follow-ups stamped before their clock began; they took no time."""
    flagged: Count
    """Follow-ups with any flag; they count as any other."""
    flags: tuple[TeamFlags, ...]
    """Teams with flagged follow-ups."""
    unready: Count
    """Hand-offs below the agreed quality; they count for no one."""


class DepthFigures(Struct, frozen=True, kw_only=True):
    """Attempts on leads that were not connected, those that were closed in and out."""

    leads: Count
    """Cycles that were due attempts, those excused left out."""
    unconnected: Count
    """Cycles not connected."""
    attempts: Count
    """Qualifying attempts on those."""
    average_attempts: Ratio | None
    """Of one cycle not connected."""
    unconnected_open: Count
    """Cycles neither connected nor closed."""
    attempts_open: Count
    """Qualifying attempts on those."""
    average_attempts_open: Ratio | None
    """Of one cycle neither connected nor closed."""
    met: Count
    """Cycles with all attempts agreed by the deadline."""
    breached: Count
    """Cycles with fewer by the deadline."""
    open: Count
    """Cycles not decided yet."""
    closed: Count
    """Cycles closed before they were decided."""
    connected: Count
    """Cycles connected before they were decided."""
    excused: Count
    """Cycles waived."""
    human_attempts: Count
    """Attempts by people, qualifying or not."""
    automated_attempts: Count
    """Attempts by automation, qualifying or not."""
    flagged: Count
    """Qualifying attempts with any flag, on cycles connected or not; they count as any other."""
    flags: tuple[TeamFlags, ...]
    """Teams with flagged attempts."""
    unready: Count
    """Hand-offs below the agreed quality; they count for no one."""


class GoalDay(Struct, frozen=True, kw_only=True):
    """One day of the goal's period; all is cumulative, and None of days that have not begun."""

    day: Day
    """The day, in the agreement's zone."""
    delivered: Count | None
    """Leads delivered by its end."""
    goal: Number | None
    """How much should have been delivered by its end; None where these leads have no goal of their own."""
    value: Money | None
    """What was delivered by its end is worth."""


class DealFigures(Struct, frozen=True, kw_only=True):
    """What leads came to in money: conversions of those delivered in the period, and what was closed in it."""

    converted: Count
    """Leads delivered in the period that became customers, whenever."""
    customer_revenue: ByCurrency
    """What those customers brought, by currency."""
    won: Count
    """Deals of marketing's leads won in the period."""
    lost: Count
    """Deals of marketing's leads lost in the period."""
    revenue: ByCurrency
    """What the deals won brought, by currency."""
    other_won: Count
    """Deals of others won in the period."""
    other_lost: Count
    """Deals of others lost in the period."""
    other_revenue: ByCurrency
    """What the others' deals brought, by currency."""
    average_sales_cycle: AverageDuration | None = field(name="average_sales_cycle_seconds")
    """From the delivery of a lead to its deal, of those won in the period."""
    before_delivery: Count
    """Deals closed before their lead was delivered."""


class VolumeFigures(Struct, frozen=True, kw_only=True):
    """What was delivered, beside the goal where the period is one of the goal's own interval."""

    delivered: Count
    """Leads delivered."""
    value: Money
    """What they are worth by their segments."""
    goal: Number | None
    """Leads or value agreed for the period; None where these leads or this interval have no goal of their own."""
    goal_to_date: Number | None
    """How much of it should have been delivered by the end of the last day that is over."""
    by_day: tuple[GoalDay, ...] | None
    """The period day by day; None where it is not of the goal's own interval."""
    unready: Count
    """Hand-offs below the agreed quality; they count for no one."""
    capacity: Count | None
    """Leads that the reps can serve in the period, for all segments together; None where that is not agreed."""
    load: Ratio | None
    """Delivered by capacity: more than 1 is too much. None without capacity."""
    deals: DealFigures
    """What leads came to in money."""


class DeliverableFigures(Struct, frozen=True, kw_only=True):
    """Deliveries that were due, and how much of what was wanted has been confirmed."""

    due: Count
    """Deliveries due."""
    met: Count
    """Deliveries confirmed in time."""
    breached: Count
    """Deliveries not confirmed in time."""
    open: Count
    """Deliveries not decided yet."""
    quantity: Number
    """How much was confirmed."""
    wanted: Number
    """How much was agreed."""
    wrong_recipient: Count
    """Confirmations of deliveries to somebody else than agreed."""


class AvailabilityFigures(Struct, frozen=True, kw_only=True):
    """How long services were up of the time in which they were to be; a day counts as a whole once it has begun."""

    available: Duration = field(name="available_seconds")
    """In which they were to be up: the maximum, with what was down and without what was excused."""
    ahead: Duration = field(name="ahead_seconds")
    """The same of the days of the period that are still to come."""
    downtime: Duration = field(name="downtime_seconds")
    """In which they were not."""
    excused: Duration = field(name="excused_seconds")
    """Waived, as for maintenance: neither for nor against anybody."""
    uptime: Ratio | None
    """Share of the time available in which they were up; None of no time."""
    outages: Count
    """How often a service went down in the period, whenever it came up again."""
    still_down: Count
    """Of those, the ones that are not over."""
    longest_outage: Duration | None = field(name="longest_outage_seconds")
    """What the longest of those lasted; what is shown is at most 1 % more. None of none."""
    unready: Count
    """Services below the agreed quality; they count for no one."""


class RetentionFigures(Struct, frozen=True, kw_only=True):
    """How many of the customers who were there when the period began are still there; whoever has not left is."""

    at_start: Count
    """Customers who were there when it began, those excused left out."""
    kept: Count
    """Of those, the ones who are there at its end, or have not left so far; whoever came back is."""
    lost: Count
    """Of those, the ones who are not."""
    retention: Ratio | None
    """Share of the customers at its start that was kept; None where there were none. What it lacks of 1 is the churn."""
    won: Count
    """New customers in it, who were not there at its start; they count for the next period."""
    losses: Count
    """How often customers were lost in it, those included who were won in it or came back."""
    excused: Count
    """Customers at its start who were lost, which was waived: neither for nor against anybody."""
    unready: Count
    """Customers below the agreed quality; they count for no one."""


ObligationFigures = (
    SpeedFigures | DepthFigures | VolumeFigures | DeliverableFigures | AvailabilityFigures | RetentionFigures
)
