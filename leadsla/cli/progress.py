"""How far a command is."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.progress import BarColumn, Progress, ProgressColumn, TextColumn, TimeRemainingColumn

from leadsla.console import Console


def progress(*measures: ProgressColumn, beside_lines: bool = False) -> Progress:
    """A bar on standard error that is gone when the work is done; none where lines come to the same terminal meanwhile.

    Behind the bar stand other measures of the work, if any, and what is done in words.
    """
    console = Console(stderr=True)
    columns = (
        TextColumn("[bold]{task.description}"),
        BarColumn(),
        *measures,
        TextColumn("{task.fields[done]}"),
        TimeRemainingColumn(),
    )
    return Progress(
        *columns,
        console=console,
        disable=not console.is_terminal or (beside_lines and sys.stdout.isatty()),
        transient=True,
    )


@contextmanager
def reading() -> Iterator[Callable[[int, int], None]]:
    """Shows how many records have been read, of how many."""
    with progress() as bar:
        task = bar.add_task("reading", total=None, done="")

        def shown(done: int, of: int) -> None:
            bar.update(task, completed=done, total=of, done=f"{done:,} records")

        yield shown
