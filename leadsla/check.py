"""`leadsla check`: is every agreement file right?"""

from typing import get_args

import typer

from leadsla.agreements import AgreementPaths, agreements_of
from sla_rules.vocabulary import LEAD, Part


def check(agreements: AgreementPaths = None) -> None:
    """Check agreement files: every error at once, with file and line; exit status 2 if there is any."""
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
