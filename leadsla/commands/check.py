"""`leadsla check`: is every agreement file right, can the goals be served, and would a worker take the files over?"""

import asyncio
from collections.abc import Iterator, Sequence
from typing import Annotated, get_args

import typer
from aiokafka.errors import KafkaError

from leadsla.cli.agreements import AgreementPaths, agreements_of
from leadsla.cli.broker import settings_of
from leadsla.cli.exit_codes import FAILED, UNABLE
from leadsla.tables.periods import label_of
from sla_rules.agreement.amendments import amendments
from sla_rules.agreement.model import Agreement
from sla_rules.agreement.obligations import Capacity, Volume
from sla_rules.agreement.rulebook import RuleBook, Term
from sla_rules.events.vocabulary import LEAD, Part
from sla_rules.figures.capacity import Feasibility, capacity_for, feasibility
from sla_rules.reports.calendar_period import CalendarPeriod
from streams.agreed import agreed, refusal
from streams.group_memory import remembered
from streams.settings import SettingsError
from streams.topics import TopicsError

AgainstBroker = Annotated[
    bool, typer.Option("--against-broker", help="Say too whether the workers there have worked with other terms.")
]


def check(agreements: AgreementPaths = None, *, against_broker: AgainstBroker = False) -> None:
    """Check agreement files: every error at once, with file and line; exit status 2 if there is any.

    Where an agreement says who serves its leads, it is said whether they can. Against a broker (`LEADSLA_BROKER`),
    terms that were rewritten after workers had worked with them are named, with exit status 1.
    """
    loaded = agreements_of(agreements)
    for agreement in loaded:
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
    if against_broker:
        _compare(loaded)


def _compare(agreements: Sequence[Agreement]) -> None:
    settings = settings_of()
    try:
        known = agreed(asyncio.run(remembered(settings)))
    except (KafkaError, SettingsError, TopicsError) as wrong:
        typer.echo(f"leadsla check: {settings.broker}: {wrong}", err=True)
        raise typer.Exit(UNABLE if isinstance(wrong, SettingsError) else FAILED) from None
    if found := list(amendments(known.values(), agreements, settings.new_clock()())):
        typer.echo(refusal(found), err=True)
        raise typer.Exit(FAILED)
    typer.echo(f"{settings.broker}: a worker would take these over")


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
    label = label_of(CalendarPeriod.of(found.period), term.zone, term.year_begins)
    return f"the tightest {found.period.interval} of the year ({label})"
