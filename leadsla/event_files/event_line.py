"""A line of a file as the event that it tells of, or as one that is refused."""

from rich.console import Console

from leadsla.event_files.lines import Line
from sla_rules.events.decode import read_event
from sla_rules.events.named import NamedEvent
from sla_rules.events.rejection import RejectionError
from sla_rules.events.schema import Event
from sla_rules.events.vocabulary import Vocabulary
from sla_rules.visible import one_line
from streams.kafka.connection import LARGEST_EVENT


def event_of(line: Line, words: Vocabulary) -> Event | NamedEvent:
    """The event, read by the decoder of the workers.

    Raises:
        RejectionError: it is none that they would take.

    """
    if line.cut:
        raise RejectionError(reason="too_large", detail=f"the line is longer than {LARGEST_EVENT} bytes")
    return read_event(line.value, None, words)


def show_refused(console: Console, line: Line, rejection: RejectionError) -> None:
    """Print which line it is, as whoever reads along is told of it, and why it is refused."""
    said = one_line(f"line {line.number}: {rejection.reason}: {rejection.detail}")
    console.print(said, markup=False, highlight=False, soft_wrap=True)
