"""An agreement that is right, looked at: what `sla_rules.reports.checked` holds of it."""

from datetime import date

from sla_rules.agreement.model import Agreement
from sla_rules.agreement.obligations import Volume
from sla_rules.agreement.rulebook import RuleBook, Term
from sla_rules.figures.capacity import capacity_for, feasibility
from sla_rules.reports.agreement_notes import notes_of
from sla_rules.reports.calendar_period import CalendarPeriod
from sla_rules.reports.checked import CapacityOf, CheckedAgreement
from sla_rules.reports.worked_deadlines import days_as_hours, worked_deadlines


def checked(agreement: Agreement, today: date, until: date | None = None) -> CheckedAgreement:
    """All there is to say of an agreement on a day; `until` is the one that another version holds from."""
    terms = RuleBook([agreement]).terms
    return CheckedAgreement(
        agreement=agreement.agreement,
        version=agreement.version,
        effective_from=agreement.effective_from,
        obligations=tuple(term.obligation.id for term in terms),
        deadlines=tuple(worked for term in terms for worked in worked_deadlines(term)),
        days_as_hours=tuple(found for term in terms if (found := days_as_hours(term)) is not None),
        capacity=tuple(served for term in terms if (served := capacity_of(term)) is not None),
        notes=notes_of(agreement, today, until),
    )


def capacity_of(term: Term) -> CapacityOf | None:
    """Whether the reps can serve the goal of an obligation of volume; None where nobody says who serves it."""
    terms, capacity = term.obligation, capacity_for(term.agreement, term.obligation.id)
    if capacity is None or not isinstance(terms, Volume):
        return None
    found = feasibility(term, terms, capacity)
    return CapacityOf(
        obligation=terms.id,
        tightest=CalendarPeriod.of(found.period),
        agreed=found.agreed,
        capacity=found.capacity,
        own=found.own,
        reps=capacity.reps,
        reps_wanted=found.reps,
        is_limited=found.is_limited,
    )
