"""What a benchmark says while it runs: on standard error, so that results can be piped."""

import sys
from collections.abc import Iterator, Sequence
from typing import TypeVar

from rich.console import Console
from rich.progress import track

_T = TypeVar("_T")
CONSOLE = Console(stderr=True, highlight=False, soft_wrap=True)


def say(sentence: str) -> None:
    """One line."""
    CONSOLE.print(sentence, markup=False)


def shown(items: Sequence[_T], what: str) -> Iterator[_T]:
    """The items, with a bar on a terminal and a line elsewhere."""
    if not sys.stderr.isatty():
        say(f"{what}: {len(items):,}")
        return iter(items)
    return iter(track(items, what, console=CONSOLE, transient=True))
