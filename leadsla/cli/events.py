"""A file of events as an option."""

from typing import Annotated, Final

import typer

EVENTS: Final = "Events, one CloudEvent a line, packed by gzip or not; - is stdin."
"""What such a file is, in help."""

EventsOption = Annotated[str, typer.Option("--events", help=EVENTS)]
