"""What a tally says, by kind of obligation: sums, averages, quantiles and the goal line as typed figures."""

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Final, Literal, NamedTuple, assert_never

from sla_rules.agreement.obligations import Availability, Deliverable, Depth, Retention, Speed, Volume
from sla_rules.agreement.rulebook import Term
from sla_rules.evaluation.availability import OUTAGE, uptime
from sla_rules.evaluation.flags import FLAGGED
from sla_rules.evaluation.quantiles import quantile
from sla_rules.evaluation.tallies import VALUE_UNIT, Tally, ratio
from sla_rules.figures.capacity import capacity_for, leads_served
from sla_rules.figures.flags import by_team
from sla_rules.figures.goals import goal_line, goal_to_date
from sla_rules.figures.obligation_figures import (
    AvailabilityFigures,
    ClockFigures,
    DealFigures,
    DeliverableFigures,
    DepthFigures,
    GoalDay,
    ObligationFigures,
    RetentionFigures,
    SpeedFigures,
    VolumeFigures,
)
from sla_rules.instants import Instant, format_duration
from sla_rules.time.periods import Period

HALF: Final = Fraction(1, 2)
NINE_TENTHS: Final = Fraction(9, 10)


class Waterfall(NamedTuple):
    """The goal of a period, None where these leads have none of their own, and how much of it by the end of each day."""

    goal: Fraction | None
    line: Sequence[tuple[Period, Fraction]]


def figures_of(
    term: Term, period: Period, tally: Tally, segment: str | None, days: Mapping[date, Tally], now: Instant
) -> ObligationFigures:
    """The figures of a segment in a period, or of all segments together (None), by the terms of the obligation.

    Of a volume, `days` says what came on which day, and `now` how far the goal line has come.
    """
    terms = term.obligation
    match terms:
        case Speed():
            return _speed(tally, terms)
        case Depth():
            return _depth(tally)
        case Volume():
            fall = waterfall(term, terms, period, segment) if period.interval == terms.interval else None
            capacity = capacity_for(term.agreement, terms.id) if segment is None else None
            served = None if capacity is None else leads_served(term, capacity, period)
            return _volume(tally, fall, days, now, served)
        case Deliverable():
            return _deliverable(tally)
        case Availability():
            return _availability(tally, period)
        case Retention():
            return _retention(tally)
        case _:
            assert_never(terms)


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


def by_currency(tally: Tally, name: str) -> dict[str, int]:
    """Sums of money in millionths, by currency."""
    sums = ((key.removeprefix(f"{name}:"), amount) for key, amount in tally.items() if key.startswith(f"{name}:"))
    return dict(sorted(sums))


def _speed(tally: Tally, terms: Speed) -> SpeedFigures:
    return SpeedFigures(
        leads=tally.get("leads", 0),
        followed_up=tally.get("followed_up", 0),
        untouched=tally.get("untouched", 0),
        open=tally.get("open", 0),
        closed=tally.get("closed", 0),
        excused=tally.get("excused", 0),
        met=tally.get("met", 0),
        breached=tally.get("breached", 0),
        wall_clock=_times(tally, "wall", terms),
        working=_times(tally, "working", terms),
        anomalies=tally.get("anomalies", 0),
        flagged=tally.get(FLAGGED, 0),
        flags=by_team(tally),
        unready=tally.get("unready", 0),
    )


def _times(tally: Tally, clock: Literal["wall", "working"], terms: Speed) -> ClockFigures:
    return ClockFigures(
        total=tally.get(f"{clock}_sum", 0),
        average=ratio(tally, f"{clock}_sum", "followed_up"),
        p50=quantile(tally, clock, HALF),
        p90=quantile(tally, clock, NINE_TENTHS),
        within={band.text: tally.get(f"{clock}_within:{format_duration(band)}", 0) for band in terms.bands},
    )


def _depth(tally: Tally) -> DepthFigures:
    return DepthFigures(
        leads=tally.get("leads", 0),
        unconnected=tally.get("unconnected", 0),
        attempts=tally.get("attempts", 0),
        average_attempts=ratio(tally, "attempts", "unconnected"),
        unconnected_open=tally.get("unconnected_open", 0),
        attempts_open=tally.get("attempts_open", 0),
        average_attempts_open=ratio(tally, "attempts_open", "unconnected_open"),
        met=tally.get("met", 0),
        breached=tally.get("breached", 0),
        open=tally.get("open", 0),
        closed=tally.get("closed", 0),
        connected=tally.get("connected", 0),
        excused=tally.get("excused", 0),
        human_attempts=tally.get("human_attempts", 0),
        automated_attempts=tally.get("automated_attempts", 0),
        flagged=tally.get(FLAGGED, 0),
        flags=by_team(tally),
        unready=tally.get("unready", 0),
    )


def _deliverable(tally: Tally) -> DeliverableFigures:
    return DeliverableFigures(
        due=tally.get("leads", 0),
        met=tally.get("met", 0),
        breached=tally.get("breached", 0),
        open=tally.get("open", 0),
        quantity=Fraction(tally.get("quantity", 0), VALUE_UNIT),
        wanted=Fraction(tally.get("wanted", 0), VALUE_UNIT),
        wrong_recipient=tally.get("wrong_recipient", 0),
    )


def _availability(tally: Tally, period: Period) -> AvailabilityFigures:
    return AvailabilityFigures(
        available=tally.get("available", 0),
        ahead=tally.get(f"ahead:{period.interval}", 0),
        downtime=tally.get("down", 0),
        excused=tally.get("excused_time", 0),
        uptime=uptime(tally),
        outages=tally.get("outages", 0),
        still_down=tally.get("down_now", 0),
        longest_outage=quantile(tally, OUTAGE, Fraction(1)),
        unready=tally.get("unready", 0),
    )


def _retention(tally: Tally) -> RetentionFigures:
    return RetentionFigures(
        at_start=tally.get("leads", 0),
        kept=tally.get("met", 0),
        lost=tally.get("breached", 0),
        retention=ratio(tally, "met", "leads"),
        won=tally.get("won", 0),
        losses=tally.get("losses", 0),
        excused=tally.get("excused", 0),
        unready=tally.get("unready", 0),
    )


def _volume(
    tally: Tally, fall: Waterfall | None, days: Mapping[date, Tally], now: Instant, capacity: int | None
) -> VolumeFigures:
    """`fall` is the goal in the goal's own interval; `capacity` how many leads the reps can serve, where agreed."""
    delivered = tally.get("delivered", 0)
    goal = None if fall is None else fall.goal
    return VolumeFigures(
        delivered=delivered,
        value=tally.get("value", 0),
        goal=goal,
        goal_to_date=None if fall is None or goal is None else goal_to_date(fall.line, now),
        by_day=None if fall is None else tuple(_by_day(fall, days, now)),
        unready=tally.get("unready", 0),
        capacity=capacity,
        load=None if not capacity else Fraction(delivered, capacity),
        deals=_deals(tally),
    )


def _deals(tally: Tally) -> DealFigures:
    return DealFigures(
        converted=tally.get("converted", 0),
        customer_revenue=by_currency(tally, "customer_revenue"),
        won=tally.get("won", 0),
        lost=tally.get("lost", 0),
        revenue=by_currency(tally, "revenue"),
        other_won=tally.get("other_won", 0),
        other_lost=tally.get("other_lost", 0),
        other_revenue=by_currency(tally, "other_revenue"),
        average_sales_cycle=ratio(tally, "sales_cycle_sum", "sales_cycles"),
        before_delivery=tally.get("before_delivery", 0),
    )


def _by_day(fall: Waterfall, days: Mapping[date, Tally], now: Instant) -> list[GoalDay]:
    """Cumulative, as the goal is; of days that have not begun it is not known yet."""
    found = []
    delivered = value = 0
    for day, goal in fall.line:
        tally = days.get(day.first, {})
        delivered += tally.get("delivered", 0)
        value += tally.get("value", 0)
        has_begun = day.start <= now
        found.append(
            GoalDay(
                day=day.first,
                delivered=delivered if has_begun else None,
                goal=None if fall.goal is None else goal,
                value=value if has_begun else None,
            )
        )
    return found
