"""Agreement files as an argument: load them all, or say all that is wrong with them and leave."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Annotated, Final

import typer

from leadsla.cli.exit_codes import UNABLE
from leadsla.cli.terminal import say
from sla_rules.agreement.file import AgreementErrors, load_agreements
from sla_rules.agreement.model import Agreement
from sla_rules.agreement.rulebook import RuleBook
from sla_rules.events.vocabulary import ABOUT_LEADS, Vocabulary

AGREEMENTS: Final = Path("agreements")
"""Where agreements are looked for, unless somebody says."""

AgreementPaths = Annotated[
    list[Path] | None,
    typer.Argument(metavar="AGREEMENT", help="Agreement files or folders of them.", show_default="agreements/"),
]
AlsoOption = Annotated[
    Path | None,
    typer.Option("--also", metavar="FILE", help="Lay beside it what this other version of the agreement says."),
]

WordsOption = Annotated[
    list[Path] | None,
    typer.Option(
        "--agreements",
        help="Agreement files or folders whose own events are known, too; unless given, those about leads alone.",
    ),
]


def agreements_of(paths: Sequence[Path] | None) -> tuple[Agreement, ...]:
    """The agreements of the paths given, or of the folder `agreements`.

    Raises:
        typer.Exit: with status 2, after every error has been printed with file and line.

    """
    try:
        return load_agreements(paths or [AGREEMENTS])
    except AgreementErrors as wrong:
        say(str(wrong), err=True)
        count = len(wrong.errors)
        say(f"{count} error{'s' if count > 1 else ''} in the agreement files", err=True)
        raise typer.Exit(UNABLE) from None


def words_of(paths: Sequence[Path] | None) -> Vocabulary:
    """The events that the agreements of the paths given name; without any, none but those about leads are known.

    Raises:
        typer.Exit: with status 2, where an agreement file is wrong.

    """
    return RuleBook(agreements_of(paths)).vocabulary if paths else ABOUT_LEADS


def beside(agreed: Sequence[Agreement], also: Path | None) -> list[Agreement]:
    """The other terms, as if each had been in force from the day on that the agreement it stands beside was.

    Raises:
        typer.Exit: with status 2, where the file is wrong or has none of the agreements.

    """
    if also is None:
        return []
    first: dict[str, date] = {}
    for agreement in agreed:
        first.setdefault(agreement.agreement, agreement.effective_from)
    stretched: list[Agreement] = []
    for other in agreements_of([also]):
        name = other.agreement
        if name not in first:
            say(f"leadsla: {also}: agreement {name!r} is none of {', '.join(first)}", err=True)
            raise typer.Exit(UNABLE)
        is_first = all(one.agreement != name for one in stretched)
        since = min(first[name], other.effective_from) if is_first else other.effective_from
        stretched.append(other.model_copy(update={"effective_from": since}))
    return stretched
