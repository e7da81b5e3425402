"""A plan for what was asked: from numbers alone, or from the goal of an agreement, agreed or measured anew."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from pydantic import TypeAdapter, ValidationError

from leadsla.planning.assumed import OBLIGATION, assumed_agreement
from leadsla.planning.chosen import Chosen
from leadsla.planning.given import Given, GivenError, segment_of
from leadsla.planning.measured import Measured
from leadsla.planning.serving import Reps, capacity_given
from sla_rules.agreement.goals import Quota
from sla_rules.agreement.model import Agreement
from sla_rules.agreement.segments import Segment
from sla_rules.agreement.sentences import sentence
from sla_rules.figures.capacity import capacity_for
from sla_rules.instants import Instant, moment
from sla_rules.notation import MONTHS, Currency, Granularity
from sla_rules.reports.plan import plan, planned_agreement, quotas_of
from sla_rules.reports.planned import Plan
from sla_rules.time.periods import JANUARY, first_day, next_first_day


class Asked(NamedTuple):
    """What was said beside the goal; `first` is the day that the plan holds from, None for the next period's first."""

    numbers: Given
    reps: Reps
    currency: str | None
    first: date | None
    now: Instant


class WorkedOut(NamedTuple):
    """A plan, the agreement as it is planned, and its quotas."""

    plan: Plan
    agreement: Agreement
    quotas: Mapping[str | None, Quota]


def without_agreement(asked: Asked, interval: Granularity, goal_line: str) -> WorkedOut:
    """From numbers alone, for an office as it is assumed.

    Raises:
        GivenError: a number is wrong or missing.
        UnplannableError: it is more than anybody delivers.

    """
    quotas = asked.numbers.quotas(None)
    segments = tuple(segment_of(name, asked.numbers.worth.get(name)) for name in quotas if name is not None)
    first = asked.first or _next_period(interval, asked.now, "UTC")
    capacity = capacity_given(OBLIGATION, asked.reps, None)
    office = assumed_agreement(
        segments, first, interval=interval, goal_line=goal_line, currency=_currency(asked.currency)
    )
    agreement = planned_agreement(office, OBLIGATION, quotas, first, capacity)
    return WorkedOut(plan(agreement, OBLIGATION), agreement, quotas)


def from_agreement(asked: Asked, goal: Chosen, measured: Measured | None) -> WorkedOut:
    """From the goal of an agreement: by the rates measured, if any were, and by what was given in place of either.

    Raises:
        GivenError: a number is wrong, or does not belong to this goal.
        UnplannableError: the goal is from no quota, or more than anybody delivers.

    """
    agreement, terms = goal.agreement, goal.obligation
    is_given_whole = terms.goal_from is None and measured is None and bool(asked.numbers.of_all)
    base = None if is_given_whole else quotas_of(terms)
    quotas, recalculation = (base, None) if measured is None or base is None else measured.recalculate(base)
    quotas = asked.numbers.quotas(quotas)
    if asked.reps != Reps() and terms.measure == "value":
        raise GivenError("--reps", f"{terms.id!r} counts value; reps serve leads")
    begins = MONTHS.index(agreement.year_begins) + 1
    until = asked.now if measured is None else measured.until
    first = asked.first or _next_period(terms.interval, until, agreement.calendar.time_zone, begins)
    capacity = capacity_given(terms.id, asked.reps, capacity_for(agreement, terms.id))
    worth = asked.numbers.worth
    laid_over = agreement.model_copy(
        update={
            "currency": _currency_of(agreement, asked.currency),
            "segments": tuple(_worth(one, worth.get(one.id)) for one in agreement.segments),
        }
    )
    planned = planned_agreement(laid_over, terms.id, quotas, first, capacity)
    return WorkedOut(plan(planned, terms.id, agreed=terms, recalculation=recalculation), planned, quotas)


def _worth(segment: Segment, value: str | None) -> Segment:
    """The segment, where one of its leads is worth something else."""
    return segment if value is None else segment.model_copy(update={"value": segment_of(segment.id, value).value})


def _next_period(interval: Granularity, now: Instant, zone_name: str, year_begins: int = JANUARY) -> date:
    today = moment(now).astimezone(ZoneInfo(zone_name)).date()
    return next_first_day(interval, first_day(interval, today, year_begins))


def _currency(code: str | None) -> str | None:
    if code is None:
        return None
    try:
        return _CURRENCY(code)
    except ValidationError as wrong:
        raise GivenError("--currency", sentence(wrong.errors(include_url=False)[0], ())) from None


def _currency_of(agreement: Agreement, code: str | None) -> str | None:
    found = _currency(code)
    if found is not None and agreement.currency not in {None, found}:
        raise GivenError("--currency", f"the agreement is in {agreement.currency}")
    return found or agreement.currency


_CURRENCY: Final[Callable[[str], str]] = TypeAdapter(Currency).validate_python
