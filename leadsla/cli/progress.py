"""How far a command is."""

import sys

from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from leadsla.console import Console


def progress(*, beside_lines: bool = False) -> Progress:
    """A bar on standard error that is gone when the work is done; none where lines come to the same terminal meanwhile."""
    console = Console(stderr=True)
    columns = (
        TextColumn("[bold]{task.description}"),
        BarColumn(),
        TextColumn("{task.fields[done]}"),
        TimeRemainingColumn(),
    )
    return Progress(
        *columns,
        console=console,
        disable=not console.is_terminal or (beside_lines and sys.stdout.isatty()),
        transient=True,
    )
