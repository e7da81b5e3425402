"""From quotas to the leads that marketing has to deliver: the goal, its line by day, and whether the reps can serve it.

The method of the leads waterfall (M. Volpe, HubSpot, 2012): quota x marketing's share / average deal / close rate. What is worked
out here is what an agreement with these quotas would have for its goal, by the same functions.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Final

from sla_rules.agreement.goals import Quota, Quotas, leads_needed
from sla_rules.agreement.model import Agreement
from sla_rules.agreement.obligation_misfits import MOST_DELIVERED
from sla_rules.agreement.obligations import Volume
from sla_rules.agreement.reps import Capacity
from sla_rules.agreement.rulebook import RuleBook, Term
from sla_rules.figures.capacity import capacity_for, working_time
from sla_rules.figures.goals import counted_days, goal_line
from sla_rules.reports.calendar_period import CalendarPeriod
from sla_rules.reports.checking import capacity_of
from sla_rules.reports.planned import DueByDay, Plan, PlannedPart, Recalculation, Serving
from sla_rules.time.periods import Period, start_of

TENTH: Final = Fraction(1, 10)
"""Of a close rate, by which it is made lower and higher to see what hangs on it."""


class UnplannableError(ValueError):
    """Nothing can be planned by what was given; says what would be right."""


def quotas_of(terms: Volume) -> Mapping[str | None, Quota]:
    """The quotas that a goal follows from by segment; under None where there is one for all leads.

    Raises:
        UnplannableError: it is agreed as a number.

    """
    match terms.goal_from:
        case Quota() as quota:
            return {None: quota}
        case dict() as quotas:
            return dict(quotas)
    message = (
        f"the goal of {terms.id!r} is agreed as {terms.goal}, and from no quota; "
        "write goal_from in its place, as goal_from: {revenue: 5000, average_deal: 100, close_rate: 50%}"
    )
    raise UnplannableError(message)


def volume_of(agreement: Agreement, obligation: str) -> Volume:
    """An obligation of volume of an agreement.

    Raises:
        UnplannableError: there is none of that name.

    """
    for one in agreement.obligations:
        if one.id == obligation and isinstance(one, Volume):
            return one
    message = f"{obligation!r} is no obligation of volume"
    raise UnplannableError(message)


def planned_agreement(
    agreement: Agreement,
    obligation: str,
    quotas: Mapping[str | None, Quota],
    first: date,
    capacity: Capacity | None = None,
) -> Agreement:
    """The agreement with these quotas, as if it took effect on a day; with other reps, where they are given.

    Raises:
        UnplannableError: the goal is more than anybody delivers.

    """
    goal_from: Quotas = quotas[None] if None in quotas else {str(name): quota for name, quota in quotas.items()}
    planned = volume_of(agreement, obligation).model_copy(update={"goal": None, "goal_from": goal_from})
    if planned.agreed > MOST_DELIVERED:
        message = f"these quotas take {planned.agreed:,} leads, which is more than {MOST_DELIVERED:,}"
        raise UnplannableError(message)
    return agreement.model_copy(
        update={
            "obligations": tuple(planned if one.id == obligation else one for one in agreement.obligations),
            "effective_from": first,
            "capacity": agreement.capacity if capacity is None else capacity,
        }
    )


def plan(
    agreement: Agreement,
    obligation: str,
    *,
    agreed: Volume | None = None,
    recalculation: Recalculation | None = None,
) -> Plan:
    """The plan that an agreement with a quota comes to, for the period that holds its first day.

    Args:
        agreement: as it is planned.
        obligation: which one of volume.
        agreed: the obligation as it stands now, where there is an agreement.
        recalculation: what the rates were measured from.

    Raises:
        UnplannableError: the goal is from no quota.

    """
    terms = volume_of(agreement, obligation)
    term = next(term for term in RuleBook([agreement]).terms if term.obligation.id == obligation)
    quotas = quotas_of(terms)
    period = term.period(terms.interval, start_of(agreement.effective_from, term.zone))
    worth = {segment.id: segment.value for segment in agreement.segments}
    parts = tuple(_part(segment, quota, worth.get(segment or "")) for segment, quota in quotas.items())
    needed, days = sum(part.leads_needed for part in parts), tuple(_days(term, terms, period))
    counted = sum(day.counts for day in days)
    return Plan(
        agreement=None if agreed is None else agreement.agreement,
        version=None if agreed is None else agreement.version,
        obligation=None if agreed is None else obligation,
        currency=agreement.currency,
        period=CalendarPeriod.of(period),
        revenue_goal=sum((part.revenue_goal for part in parts), start=Fraction(0)),
        customers_needed=sum(part.customers_needed for part in parts),
        leads_needed=needed,
        value_needed=sum((part.value_needed for part in parts), start=Fraction(0)),
        leads_agreed=None if agreed is None else Fraction(agreed.agreed),
        parts=parts,
        leads_if_rate_falls=sum(part.leads_if_rate_falls for part in parts),
        leads_if_rate_rises=sum(part.leads_if_rate_rises for part in parts),
        spread_over=terms.goal_line,
        a_day=Fraction(needed, counted) if counted else None,
        days=days,
        serving=_serving(term),
        recalculation=recalculation,
    )


def _part(segment: str | None, quota: Quota, value: Decimal | None) -> PlannedPart:
    per_lead = quota.value_per_lead if value is None else Fraction(value)
    return PlannedPart(
        segment=segment,
        quota=Fraction(quota.revenue),
        marketing_share=Fraction(quota.marketing_share),
        average_deal=Fraction(quota.average_deal),
        close_rate=Fraction(quota.close_rate),
        value_per_lead=per_lead,
        is_value_agreed=value is not None,
        revenue_goal=quota.revenue_goal,
        customers_needed=quota.customers_needed,
        leads_needed=quota.leads_needed,
        value_needed=quota.leads_needed * per_lead,
        leads_if_rate_falls=_leads_at(quota, Fraction(quota.close_rate) * (1 - TENTH)),
        leads_if_rate_rises=_leads_at(quota, Fraction(quota.close_rate) * (1 + TENTH)),
    )


def _leads_at(quota: Quota, close_rate: Fraction) -> int:
    return leads_needed(quota.revenue_goal, Fraction(1), Fraction(quota.average_deal), min(close_rate, Fraction(1)))


def _days(term: Term, terms: Volume, period: Period) -> Iterator[DueByDay]:
    counted = counted_days(term, terms, period)
    for (day, due), counts in zip(goal_line(term, terms, period), counted, strict=True):
        yield DueByDay(day.first, counts, due)


def _serving(term: Term) -> Serving | None:
    found, capacity = capacity_of(term), capacity_for(term.agreement, term.obligation.id)
    if found is None or capacity is None:
        return None
    tightest = term.period(found.tightest.interval, found.tightest.start)
    return Serving(
        feasible=found,
        time_per_attempt=capacity.time_per_attempt,
        attempts_per_lead=Fraction(capacity.attempts_per_lead),
        share_for_marketing=Fraction(capacity.share_for_marketing),
        working_time=working_time(term, capacity, tightest),
    )
