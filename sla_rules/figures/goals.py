"""The goal line: how much should have been delivered by now, and by the end of each day."""

from collections.abc import Sequence
from fractions import Fraction
from itertools import accumulate

from sla_rules.agreement.obligations import Volume
from sla_rules.agreement.rulebook import Term
from sla_rules.instants import Instant
from sla_rules.time.periods import Period, days_of


def goal_line(term: Term, terms: Volume, period: Period) -> list[tuple[Period, Fraction]]:
    """The days of the goal's period, each with the cumulative goal at its end: goal x day / days, unrounded.

    With `goal_line: working_days` only days with open hours count; a period without any is due as a whole at its end.
    """
    goal = Fraction(terms.agreed)
    days = days_of(period, term.zone)
    counted = counted_days(term, terms, period)
    total = sum(counted)
    if not total:
        return [(day, goal if day is days[-1] else Fraction(0)) for day in days]
    return [(day, goal * done / total) for day, done in zip(days, _running(counted), strict=True)]


def counted_days(term: Term, terms: Volume, period: Period) -> list[bool]:
    """Of each day of the goal's period, whether the goal is spread over it."""
    return [_counts(term, terms, day) for day in days_of(period, term.zone)]


def goal_to_date(line: Sequence[tuple[Period, Fraction]], now: Instant) -> Fraction:
    """The goal at the end of the last day that has ended."""
    return max((goal for day, goal in line if day.end <= now), default=Fraction(0))


def _counts(term: Term, terms: Volume, day: Period) -> bool:
    return terms.goal_line == "calendar_days" or term.calendar.between(day.start, day.end) > 0


def _running(counted: Sequence[bool]) -> list[int]:
    return list(accumulate(map(int, counted)))
