"""What a goal's period comes to if what is left of it goes as the days that have ended.

By the goal's own days: where its line goes by working days, what came by Friday evening is not thinned out by the weekend. It
is not worked out before the first of them has ended, and is never less than what has come.
"""

from collections.abc import Mapping
from datetime import date
from fractions import Fraction

from sla_rules.agreement.obligations import Volume
from sla_rules.agreement.rulebook import Term
from sla_rules.evaluation.tallies import Tally
from sla_rules.figures.goals import goal_line
from sla_rules.instants import Instant
from sla_rules.reports.settlement import delivered
from sla_rules.time.periods import Period


def projection(term: Term, terms: Volume, period: Period, days: Mapping[date, Tally], now: Instant) -> Fraction | None:
    """Leads or value at the end of a period, by what came on its `days`; None before a day of its goal has ended."""
    ended = [(day.first, due) for day, due in goal_line(term, terms, period) if day.end <= now]
    due = ended[-1][1] if ended else Fraction(0)
    if not due:
        return None
    came = sum((delivered(terms, days.get(day, {})) for day, _ in ended), start=Fraction(0))
    so_far = sum((delivered(terms, tally) for tally in days.values()), start=Fraction(0))
    return max(came * Fraction(terms.agreed) / due, so_far)
