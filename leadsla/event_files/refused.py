"""A line of a file that is refused, as whoever reads along is told of it."""

from rich.console import Console

from leadsla.event_files.lines import Line
from sla_rules.events.rejection import RejectionError
from sla_rules.visible import one_line


def show_refused(console: Console, line: Line, rejection: RejectionError) -> None:
    """Print which line it is, and why."""
    said = one_line(f"line {line.number}: {rejection.reason}: {rejection.detail}")
    console.print(said, markup=False, highlight=False, soft_wrap=True)
