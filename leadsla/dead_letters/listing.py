"""`leadsla deadletter list`: a table for people, lines for machines, and how many of each reason."""

import json
import sys
from collections import Counter, deque
from collections.abc import Iterable
from typing import Any, Final, NamedTuple

from rich.markup import escape
from rich.table import Table
from rich.text import Text

from leadsla.cli.terminal import say_json
from leadsla.console import Console
from leadsla.dead_letters.selection import Selection, Shown
from leadsla.dead_letters.text import NOTHING, as_json, printable
from sla_rules.instants import Instant, iso, moment
from streams.dead_letters.letters import DeadLetter
from streams.dead_letters.topic import DeadLetterTopic

_WIDE: Final = 160
_WIDE_ENOUGH: Final = 120
"""Columns that a table takes whose places are whole."""
LONGEST_KEY: Final = 40


async def print_lines(topic: DeadLetterTopic, selection: Selection, limit: int | None, shown: Shown) -> None:
    """One JSON object a letter, oldest first; all of them unless limited to the newest."""
    newest = None if limit is None else await selection.newest(topic, limit, shown)
    async for letter in selection.of(topic, shown):
        if newest is None or (letter.partition, letter.offset) in newest:
            say_json(json.dumps(line_of(letter), ensure_ascii=False))


class Listed(NamedTuple):
    """The newest letters, newest last, and how many of all there are by topic and reason."""

    newest: deque[DeadLetter]
    counts: Counter[tuple[str, str]]


async def listed_of(topic: DeadLetterTopic, selection: Selection, limit: int, shown: Shown) -> Listed:
    """What people are shown."""
    listed = Listed(deque(maxlen=limit), Counter())
    async for letter in selection.of(topic, shown):
        listed.newest.append(letter)
        listed.counts[letter.original_topic or NOTHING, letter.reason] += 1
    return listed


def show_listed(listed: Listed) -> None:
    """Print a table, or where that does not fit, two lines a letter; and the counts."""
    newest, counts = listed
    console = Console(highlight=False, width=None if sys.stdout.isatty() else _WIDE)
    if not counts:
        console.print("no dead letters")
        return
    if console.width < _WIDE_ENOUGH:
        show_blocks(console, newest)
    else:
        console.print(table_of(newest))
    if counts.total() > len(newest):
        console.print(f"[dim]{counts.total() - len(newest):,} older ones: see --limit[/dim]")
    console.print()
    console.print(summary_of(counts))


def table_of(letters: deque[DeadLetter]) -> Table:
    """A row a letter."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("dead-lettered", "reason", "topic", "partition", "offset", "key"):
        table.add_column(heading, no_wrap=True, justify="right" if heading in {"partition", "offset"} else "left")
    table.add_column("detail", no_wrap=True, overflow="ellipsis")
    for letter in letters:
        cells = (
            _stamp(letter),
            printable(letter.reason),
            printable(letter.original_topic or NOTHING),
            _number(letter.original_partition),
            _number(letter.original_offset),
            printable(letter.key, LONGEST_KEY),
            printable(letter.detail),
        )
        table.add_row(*map(escape, cells))
    return table


def show_blocks(console: Console, letters: Iterable[DeadLetter]) -> None:
    """Two lines a letter: its place whole, as `leadsla deadletter show` takes it, with the reason; the rest as far as it fits."""
    for letter in letters:
        place = (
            f"{letter.original_topic or NOTHING} {_number(letter.original_partition)} {_number(letter.original_offset)}"
        )
        rest = f"  {_stamp(letter)}  {printable(letter.key, LONGEST_KEY)}  {printable(letter.detail)}"
        console.print(f"[bold]{escape(printable(place))}[/bold]  {escape(printable(letter.reason))}", soft_wrap=True)
        console.print(Text(rest), no_wrap=True, overflow="ellipsis")


def summary_of(counts: Counter[tuple[str, str]]) -> Table:
    """How many, by topic and reason."""
    table = Table(box=None, pad_edge=False, header_style="bold", show_footer=True)
    table.add_column("topic", footer="all")
    table.add_column("reason")
    table.add_column("letters", justify="right", footer=f"{counts.total():,}")
    for (name, reason), count in counts.most_common():
        table.add_row(escape(printable(name)), escape(printable(reason)), f"{count:,}")
    return table


def line_of(letter: DeadLetter) -> dict[str, Any]:
    """A letter for machines; `letter` says where it lies in the rejected topic."""
    return {
        "topic": letter.original_topic,
        "partition": letter.original_partition,
        "offset": letter.original_offset,
        **({} if letter.last_offset is None else {"last_offset": letter.last_offset}),
        "arrived": _iso(letter.arrival),
        "reason": letter.reason,
        "detail": letter.detail,
        **as_json("key", letter.key),
        **as_json("value", letter.value),
        "headers": [{"name": name, **as_json("value", value)} for name, value in letter.headers],
        "missing": letter.missing,
        "letter": {"partition": letter.partition, "offset": letter.offset, "put_away": iso(letter.dead_lettered_at)},
    }


def _stamp(letter: DeadLetter) -> str:
    return f"{moment(letter.dead_lettered_at):%Y-%m-%d %H:%M:%S}Z"


def _iso(at: Instant | None) -> str | None:
    return None if at is None else iso(at)


def _number(number: int | None) -> str:
    return NOTHING if number is None else str(number)
