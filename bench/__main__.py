"""`make bench`: measure against peers and limits, and keep the results."""

from typing import Annotated

import typer

from bench import throughput as _throughput
from bench.workload import EVENTS

app = typer.Typer(help=__doc__, no_args_is_help=True, add_completion=False, rich_markup_mode=None)

Rounds = Annotated[int, typer.Option(min=1, help="How often each is measured.")]


@app.callback()
def main() -> None:
    """Measure against peers and limits, and keep the results in bench/results."""


@app.command()
def throughput(
    events: Annotated[int, typer.Option(min=1_000, help="Events on the topics.")] = EVENTS,
    rounds: Rounds = 3,
    only: Annotated[
        list[str] | None, typer.Option(help="A contender to run; may be given again. All otherwise.")
    ] = None,
) -> None:
    """Events a second of one process, from topics on a real Kafka to committed offsets, beside peers and limits."""
    names = [contender.name for contender in _throughput.CONTENDERS]
    for name in only or ():
        if name not in names:
            message = f"{name} is none of {', '.join(names)}"
            raise typer.BadParameter(message, param_hint="--only")
    _throughput.throughput(only or names, events, rounds)


app()
