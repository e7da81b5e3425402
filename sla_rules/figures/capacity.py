"""Can these reps serve the leads that were agreed? The working time they have, by the time one lead takes.

A lead takes attempts x time per attempt. Time is what the calendar gives, holidays and breaks taken out, times the share
of it that goes into marketing's leads; so many leads are served as fit in, rounded down.
"""

from datetime import timedelta
from fractions import Fraction
from functools import lru_cache
from math import ceil
from typing import Final, NamedTuple

from sla_rules.agreement.model import Agreement
from sla_rules.agreement.obligations import Volume
from sla_rules.agreement.reps import Capacity
from sla_rules.agreement.rulebook import Term
from sla_rules.instants import Duration
from sla_rules.time.calendar import Calendar
from sla_rules.time.periods import Period, start_of

A_YEAR: Final = timedelta(days=365)


class Feasibility(NamedTuple):
    """The tightest period of the year from the day an agreement takes effect; `reps` None where nobody works in it."""

    period: Period
    agreed: int
    capacity: int
    own: int
    reps: int | None

    @property
    def is_feasible(self) -> bool:
        """Whether the reps can serve the leads of every period of the year."""
        return self.capacity >= self.agreed


def capacity_for(agreement: Agreement, obligation: str) -> Capacity | None:
    """What was said of the reps who serve an obligation."""
    found = agreement.capacity
    return found if found is not None and found.obligation == obligation else None


def leads_served(term: Term, capacity: Capacity, period: Period) -> int:
    """How many of marketing's leads the reps have the time for in a period."""
    return int(_time(term, capacity, period) * Fraction(capacity.share_for_marketing) * capacity.reps / _lead(capacity))


def own_leads_served(term: Term, capacity: Capacity, period: Period) -> int:
    """How many that sales finds itself they have the time for beside."""
    if capacity.share_for_own is None:
        return 0
    return int(_time(term, capacity, period) * Fraction(capacity.share_for_own) * capacity.reps / _lead(capacity))


def feasibility(term: Term, terms: Volume, capacity: Capacity) -> Feasibility:
    """Of the goal of a volume in the year from the agreement's first day, in its tightest period."""
    first = term.agreement.effective_from
    periods = []
    period = term.period(terms.interval, start_of(first, term.zone))
    while period.first < first + A_YEAR:
        periods.append(period)
        period = term.period(terms.interval, period.end)
    tightest = min(periods, key=lambda one: (leads_served(term, capacity, one), one.start))
    agreed = ceil(terms.agreed)
    one_rep = _time(term, capacity, tightest) * Fraction(capacity.share_for_marketing) / _lead(capacity)
    return Feasibility(
        tightest,
        agreed,
        leads_served(term, capacity, tightest),
        own_leads_served(term, capacity, tightest),
        ceil(agreed / one_rep) if one_rep else None,
    )


def _lead(capacity: Capacity) -> Fraction:
    """The working time that one lead takes."""
    return Fraction(capacity.attempts_per_lead) * capacity.time_per_attempt


def _time(term: Term, capacity: Capacity, period: Period) -> Duration:
    return _hours(term, capacity.calendar).between(period.start, period.end)


@lru_cache(maxsize=100)
def _hours(term: Term, name: str | None) -> Calendar:
    return term.calendar if name is None else Calendar(term.agreement.calendars[name])
