"""Can these reps serve the leads that were agreed? The working time they have, by the time one lead takes.

A lead takes attempts x time per attempt. Time is what the calendar gives, holidays and breaks taken out, times the share
of it that goes into marketing's leads; so many leads are served as fit in, rounded down. A rep who may have no more than so
many leads a month serves no more than that in each month that a period touches; one who may have no more than so many open at a
time serves that many in the time for which a lead stays open (Little's law: J. D. C. Little, 1961).
"""

from datetime import timedelta
from fractions import Fraction
from functools import lru_cache
from math import ceil
from typing import Final, NamedTuple

from sla_rules.agreement.model import Agreement
from sla_rules.agreement.obligations import Volume
from sla_rules.agreement.reps import Capacity, Limits, Rep
from sla_rules.agreement.rulebook import Term
from sla_rules.instants import Duration, moment
from sla_rules.time.calendar import Calendar
from sla_rules.time.periods import Period, start_of

A_YEAR: Final = timedelta(days=365)


class Feasibility(NamedTuple):
    """The tightest period of the year from the day an agreement takes effect.

    `reps` is how many it takes; None where nobody works then. `is_limited` says whether they have the time for more than they may have.
    """

    period: Period
    agreed: int
    capacity: int
    own: int
    reps: int | None
    is_limited: bool

    @property
    def is_feasible(self) -> bool:
        """Whether the reps can serve the leads of every period of the year."""
        return self.capacity >= self.agreed


def capacity_for(agreement: Agreement, obligation: str) -> Capacity | None:
    """What was said of the reps who serve an obligation."""
    found = agreement.capacity
    return found if found is not None and found.obligation == obligation else None


def leads_served(term: Term, capacity: Capacity, period: Period) -> int:
    """How many of marketing's leads the reps can serve in a period: the time they have, as far as they may have leads."""
    return int(_served(term, capacity, period))


def own_leads_served(term: Term, capacity: Capacity, period: Period) -> int:
    """How many that sales finds itself they have the time for beside."""
    if capacity.share_for_own is None:
        return 0
    return int(
        working_time(term, capacity, period) * Fraction(capacity.share_for_own) * capacity.reps / _lead(capacity)
    )


def working_time(term: Term, capacity: Capacity, period: Period) -> Duration:
    """How long one rep works in a period, whatever it goes into."""
    return _hours(term, capacity.calendar).between(period.start, period.end)


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
    served, unlimited = _served(term, capacity, tightest), _fit_in(term, capacity, tightest) * capacity.reps
    another = _at_most(term, capacity, tightest, capacity.limits)
    return Feasibility(
        tightest,
        agreed,
        leads_served(term, capacity, tightest),
        own_leads_served(term, capacity, tightest),
        capacity.reps + ceil((agreed - served) / another) if another else None,
        is_limited=served < unlimited,
    )


def _fit_in(term: Term, capacity: Capacity, period: Period) -> Fraction:
    """How many leads one rep has the time for."""
    return working_time(term, capacity, period) * Fraction(capacity.share_for_marketing) / _lead(capacity)


def _served(term: Term, capacity: Capacity, period: Period) -> Fraction:
    """How many leads all reps can serve; those who are named come first, with their limits."""
    named = [_limits(rep, capacity) for rep in term.agreement.reps[: capacity.reps]]
    others = _at_most(term, capacity, period, capacity.limits) * (capacity.reps - len(named))
    return sum((_at_most(term, capacity, period, limits) for limits in named), start=others)


def _limits(rep: Rep, capacity: Capacity) -> Limits:
    own, others = rep.limits, capacity.limits
    return Limits(
        open_leads=own.open_leads or others.open_leads, leads_a_month=own.leads_a_month or others.leads_a_month
    )


def _at_most(term: Term, capacity: Capacity, period: Period, limits: Limits) -> Fraction:
    """How many leads one rep can serve, with these limits."""
    most = [_fit_in(term, capacity, period)]
    if limits.leads_a_month is not None:
        most.append(Fraction(limits.leads_a_month * _months(term, period)))
    if limits.open_leads is not None and capacity.open_for is not None:
        most.append(Fraction(limits.open_leads * period.span.length, capacity.open_for))
    return min(most)


def _months(term: Term, period: Period) -> int:
    """How many months a period touches."""
    first, last = (moment(at).astimezone(term.zone) for at in (period.start, period.end - 1))
    return (last.year - first.year) * 12 + last.month - first.month + 1


def _lead(capacity: Capacity) -> Fraction:
    """The working time that one lead takes."""
    return Fraction(capacity.attempts_per_lead) * capacity.time_per_attempt


@lru_cache(maxsize=100)
def _hours(term: Term, name: str | None) -> Calendar:
    return term.calendar if name is None else Calendar(term.agreement.calendars[name])
