"""The goal line: how much should have been delivered by now, and by the end of each day."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from itertools import accumulate

from sla_rules.agreement.obligations import Volume
from sla_rules.agreement.rulebook import Term
from sla_rules.instants import Instant
from sla_rules.time.periods import Period, days_of


def goal_line(term: Term, terms: Volume, period: Period) -> Sequence[tuple[Period, Fraction]]:
    """The days of the goal's period, each with the cumulative goal at its end: goal x day / days, unrounded.

    With `goal_line: working_days` only days with open hours count; a period without any is due as a whole at its end.
    """
    return _goal_line(term, terms.agreed, terms.goal_line, period)


def counted_days(term: Term, terms: Volume, period: Period) -> Sequence[bool]:
    """Of each day of the goal's period, whether the goal is spread over it."""
    return _counted(term, terms.goal_line, period)


def goal_to_date(line: Sequence[tuple[Period, Fraction]], now: Instant) -> Fraction:
    """The goal at the end of the last day that has ended."""
    return max((goal for day, goal in line if day.end <= now), default=Fraction(0))


@lru_cache(maxsize=1_000)
def _goal_line(term: Term, agreed: Decimal, by: str, period: Period) -> tuple[tuple[Period, Fraction], ...]:
    goal = Fraction(agreed)
    days, counted = days_of(period, term.zone), _counted(term, by, period)
    total = sum(counted)
    if not total:
        return tuple((day, goal if day is days[-1] else Fraction(0)) for day in days)
    return tuple((day, goal * done / total) for day, done in zip(days, accumulate(counted), strict=True))


@lru_cache(maxsize=1_000)
def _counted(term: Term, by: str, period: Period) -> tuple[bool, ...]:
    days = days_of(period, term.zone)
    return tuple(by == "calendar_days" or term.calendar.between(day.start, day.end) > 0 for day in days)
