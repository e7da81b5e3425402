"""`leadsla check`: is every agreement file right, and can the goals be served?"""

from collections.abc import Iterator
from typing import get_args

import typer

from leadsla.agreements import AgreementPaths, agreements_of
from leadsla.replay_periods import label_of
from sla_rules.agreement import Agreement
from sla_rules.capacity import Feasibility, capacity_for, feasibility
from sla_rules.instants import iso
from sla_rules.rulebook import RuleBook, Term
from sla_rules.terms import Capacity, Volume
from sla_rules.vocabulary import LEAD, Part


def check(agreements: AgreementPaths = None) -> None:
    """Check agreement files: every error at once, with file and line; exit status 2 if there is any.

    Where an agreement says who serves its leads, it is said whether they can.
    """
    for agreement in agreements_of(agreements):
        obligations = ", ".join(obligation.id for obligation in agreement.obligations)
        year = "" if agreement.year_begins == "january" else f", years from {agreement.year_begins.capitalize()}"
        about = "" if agreement.subject == LEAD else f", about a {agreement.subject}"
        typer.echo(
            f"{agreement.agreement} {agreement.version}, in force from {agreement.effective_from}{year}{about}: {obligations}"
        )
        for part in get_args(Part):
            if part in agreement.events:
                typer.echo(f"  {part}: {', '.join(agreement.events[part])}")
        for said in _capacities(agreement):
            typer.echo(f"  {said}")


def _capacities(agreement: Agreement) -> Iterator[str]:
    for term in RuleBook([agreement]).terms:
        terms = term.obligation
        capacity = capacity_for(agreement, terms.id)
        if capacity is not None and isinstance(terms, Volume):
            yield f"{terms.id}: {_said(term, terms, capacity)}"


def _said(term: Term, terms: Volume, capacity: Capacity) -> str:
    found = feasibility(term, terms, capacity)
    reps = f"{capacity.reps} rep{'' if capacity.reps == 1 else 's'}"
    if not found.is_feasible:
        return f"not feasible: {reps} can serve {found.capacity:,} of {found.agreed:,} leads in {_when(found, term)}; {_needs(found)}"
    own = f", beside {found.own:,} of their own" if found.own else ""
    return (
        f"feasible: {reps} can serve {found.capacity:,} leads in {_when(found, term)}{own}; {found.agreed:,} are agreed, "
        f"{found.capacity - found.agreed:,} to spare"
    )


def _needs(found: Feasibility) -> str:
    return "nobody works then" if found.reps is None else f"it takes {found.reps:,} reps"


def _when(found: Feasibility, term: Term) -> str:
    period = {"interval": found.period.interval, "start": iso(found.period.start)}
    return f"the tightest {found.period.interval} of the year ({label_of(period, term.zone, term.year_begins)})"
