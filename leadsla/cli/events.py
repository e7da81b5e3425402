"""A file of events as an option."""

from typing import Annotated

import typer

EventsOption = Annotated[
    str, typer.Option("--events", help="Events, one CloudEvent a line, packed by gzip or not; - is stdin.")
]
