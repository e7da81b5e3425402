"""Lines that a command prints, with everything in them visible, whoever wrote it."""

import typer

from sla_rules.visible import visible, visible_json


def say(text: object, *, err: bool = False) -> None:
    """Print lines."""
    typer.echo(visible(str(text)), err=err)  # noqa: TID251 - this is the place


def say_json(text: str) -> None:
    """Print JSON."""
    typer.echo(visible_json(text))  # noqa: TID251 - as above
