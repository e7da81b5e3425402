"""`leadsla check`: is every agreement file right?"""

import typer

from leadsla.agreements import AgreementPaths, agreements_of


def check(agreements: AgreementPaths = None) -> None:
    """Check agreement files: every error at once, with file and line; exit status 2 if there is any."""
    for agreement in agreements_of(agreements):
        obligations = ", ".join(obligation.id for obligation in agreement.obligations)
        year = "" if agreement.year_begins == "january" else f", years from {agreement.year_begins.capitalize()}"
        typer.echo(
            f"{agreement.agreement} {agreement.version}, in force from {agreement.effective_from}{year}: {obligations}"
        )
