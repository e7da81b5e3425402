"""Instants as options."""

from typing import Annotated, Any

import typer

from sla_rules.instants import EARLIEST, LATEST, Instant, iso, parse_instant


def until_option(default: str) -> Any:
    """The option `--until`; `default` says as of when it is without."""
    return typer.Option(
        "--until",
        metavar="INSTANT",
        help="As of when, as 2026-03-14T15:04:54Z; what arrives later is left out.",
        show_default=default,
    )


UntilOption = Annotated[str | None, until_option("the last event")]

ListeningSinceOption = Annotated[
    str | None,
    typer.Option(
        "--listening-since",
        metavar="INSTANT",
        help="Since when the service has listened: what happened before is published whenever it came.",
        show_default="always",
    ),
]


def instant_of(text: str) -> Instant:
    """The instant that an option names.

    Raises:
        typer.BadParameter: it is no instant, or has no offset.

    """
    try:
        return parse_instant(text)
    except (ValueError, OverflowError):
        message = f"{text!r} is not an instant with an offset; write for example 2026-03-14T15:04:54Z"
        raise typer.BadParameter(message) from None


def bounded_instant_of(text: str | None) -> Instant | None:
    """The instant that an option names, if it is given, where it is one that anything can be judged at.

    Raises:
        typer.BadParameter: it is no instant, or none that anything could be judged at.

    """
    if text is None:
        return None
    found = instant_of(text)
    if not EARLIEST <= found <= LATEST:
        message = f"{text!r} does not lie between {iso(EARLIEST)} and {iso(LATEST)}"
        raise typer.BadParameter(message)
    return found
