"""Agreement files as an argument: load them all, or say all that is wrong with them and leave."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from sla_rules.agreement.file import AgreementErrors, load_agreements
from sla_rules.agreement.model import Agreement

WRONG_AGREEMENT = 2
"""Exit status where an agreement file is wrong."""

AgreementPaths = Annotated[
    list[Path] | None,
    typer.Argument(metavar="[AGREEMENT]...", help="Agreement files or folders of them.", show_default="agreements/"),
]


def agreements_of(paths: Sequence[Path] | None) -> tuple[Agreement, ...]:
    """The agreements of the paths given, or of the folder `agreements`.

    Raises:
        typer.Exit: with status 2, after every error has been printed with file and line.

    """
    try:
        return load_agreements(paths or [Path("agreements")])
    except AgreementErrors as wrong:
        typer.echo(str(wrong), err=True)
        count = len(wrong.errors)
        typer.echo(f"{count} error{'s' if count > 1 else ''} in the agreement files", err=True)
        raise typer.Exit(WRONG_AGREEMENT) from None
