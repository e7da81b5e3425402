"""What a tally says, by kind of obligation: sums, averages, quantiles and shares as a document shows them.

Durations are seconds, value a decimal string, and what is undefined, as the average of nothing, is None.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final, NamedTuple

from sla_rules.agreement.obligations import Speed, Volume
from sla_rules.agreement.rulebook import Term
from sla_rules.evaluation.tallies import VALUE_UNIT, Tally, quantile, ratio
from sla_rules.figures.goals import goal_line, goal_to_date
from sla_rules.instants import SECOND, Instant, format_duration, seconds
from sla_rules.time.periods import Period

Document = dict[str, Any]
CENTS: Final = Decimal("0.01")


def speed_figures(tally: Tally, terms: Speed) -> Document:
    """Follow-ups, and their times by both clocks."""
    return {
        **_counts(tally, "leads", "followed_up", "untouched", "open", "closed", "excused", "met", "breached"),
        "wall_clock": _times(tally, "wall", terms),
        "working": _times(tally, "working", terms),
        **_counts(tally, "anomalies", "unready"),
    }


def depth_figures(tally: Tally) -> Document:
    """Attempts on leads that were not connected, those that were closed in and out."""
    return {
        **_counts(tally, "leads", "unconnected", "attempts"),
        "average_attempts": ratio(tally, "attempts", "unconnected"),
        **_counts(tally, "unconnected_open", "attempts_open"),
        "average_attempts_open": ratio(tally, "attempts_open", "unconnected_open"),
        **_counts(tally, "met", "breached", "open", "closed", "connected", "excused"),
        **_counts(tally, "human_attempts", "automated_attempts", "unready"),
    }


def due_figures(tally: Tally) -> Document:
    """Deliveries that were due, and how much of what was wanted has been confirmed."""
    return {
        "due": tally.get("leads", 0),
        **_counts(tally, "met", "breached", "open"),
        "quantity": _quantity(tally, "quantity"),
        "wanted": _quantity(tally, "wanted"),
        **_counts(tally, "wrong_recipient"),
    }


class Waterfall(NamedTuple):
    """The goal of a period, None where these leads have none of their own, and how much of it by the end of each day."""

    goal: Fraction | None
    line: Sequence[tuple[Period, Fraction]]


def waterfall(term: Term, terms: Volume, period: Period, segment: str | None) -> Waterfall:
    """For one segment, or for all together (None). A goal is for all together, unless each has a quota of its own."""
    line = goal_line(term, terms, period)
    whole = Fraction(terms.agreed)
    if segment is None:
        return Waterfall(whole, line)
    quota = terms.goal_from.get(segment) if isinstance(terms.goal_from, dict) else None
    if quota is None:
        return Waterfall(None, line)
    own = Fraction(quota.leads_needed)
    return Waterfall(own, [(day, goal * own / whole) for day, goal in line])


def volume_figures(
    tally: Tally, fall: Waterfall | None, days: Mapping[date, Tally], now: Instant, capacity: int | None = None
) -> Document:
    """What was delivered, beside the goal in the goal's own interval (`fall`); `days` says what came on which day.

    `capacity` is how many leads the reps can serve in the period, where that was agreed.
    """
    goal = None if fall is None else fall.goal
    return {
        **_counts(tally, "delivered"),
        "value": money(tally.get("value", 0)),
        "goal": None if goal is None else number(goal),
        "goal_to_date": None if fall is None or goal is None else number(goal_to_date(fall.line, now)),
        "by_day": None if fall is None else _by_day(fall, days, now),
        **_counts(tally, "unready"),
        "capacity": capacity,
        "load": None if not capacity else tally.get("delivered", 0) / capacity,
        "deals": deal_figures(tally),
    }


def deal_figures(tally: Tally) -> Document:
    """What leads came to in money: conversions of those delivered in the period, and what was closed in it."""
    cycle = ratio(tally, "sales_cycle_sum", "sales_cycles")
    return {
        **_counts(tally, "converted"),
        "customer_revenue": by_currency(tally, "customer_revenue"),
        **_counts(tally, "won", "lost"),
        "revenue": by_currency(tally, "revenue"),
        **_counts(tally, "other_won", "other_lost"),
        "other_revenue": by_currency(tally, "other_revenue"),
        "average_sales_cycle_seconds": None if cycle is None else cycle / SECOND,
        **_counts(tally, "before_delivery"),
    }


def by_currency(tally: Tally, name: str) -> dict[str, str]:
    """Sums of money that are never added together."""
    sums = ((key.removeprefix(f"{name}:"), amount) for key, amount in tally.items() if key.startswith(f"{name}:"))
    return {currency: money(amount) for currency, amount in sorted(sums)}


def _by_day(fall: Waterfall, days: Mapping[date, Tally], now: Instant) -> list[Document]:
    """Cumulative, as the goal is; of days that have not begun it is not known yet."""
    found = []
    delivered = value = 0
    for day, goal in fall.line:
        tally = days.get(day.first, {})
        delivered += tally.get("delivered", 0)
        value += tally.get("value", 0)
        has_begun = day.start <= now
        found.append(
            {
                "day": day.first.isoformat(),
                "delivered": delivered if has_begun else None,
                "goal": None if fall.goal is None else number(goal),
                "value": money(value) if has_begun else None,
            }
        )
    return found


def number(of: Fraction) -> int | float:
    """Whole numbers as such, others unrounded."""
    return int(of) if of.denominator == 1 else float(of)


def _quantity(tally: Tally, name: str) -> int | float:
    return number(Fraction(tally.get(name, 0), VALUE_UNIT))


def money(millionths: int) -> str:
    """With two decimals, with more where there are more."""
    value = Decimal(millionths) / VALUE_UNIT
    cents = value.quantize(CENTS)
    return str(cents) if cents == value else f"{value.normalize():f}"


def _counts(tally: Tally, *names: str) -> Document:
    return {name: tally.get(name, 0) for name in names}


def _times(tally: Tally, clock: str, terms: Speed) -> Document:
    average = ratio(tally, f"{clock}_sum", "followed_up")
    return {
        "sum_seconds": seconds(tally.get(f"{clock}_sum", 0)),
        "average_seconds": None if average is None else average / SECOND,
        "p50_seconds": _quantile(tally, clock, 0.5),
        "p90_seconds": _quantile(tally, clock, 0.9),
        "within": {band.text: tally.get(f"{clock}_within:{format_duration(band)}", 0) for band in terms.bands},
    }


def _quantile(tally: Tally, clock: str, share: float) -> float | None:
    found = quantile(tally, f"{clock}_bucket:", share)
    return None if found is None else found / SECOND
