"""A table of a file: what stands above its columns, and its rows one after the other, whatever program wrote it."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

Cell = str | int | float | bool | datetime | date | time | timedelta | None
"""Text, as CSV has it, or a value that a spreadsheet keeps as such; empty text and None are blank."""

Cells = Sequence[Cell]
"""Of a row; programs leave out blank ones at the end."""


def cell_at(cells: Cells, place: int) -> Cell:
    """The cell of a column."""
    return cells[place] if place < len(cells) else None


class TableError(Exception):
    """A file cannot be read, or is no table; `why` in words, without its name."""

    def __init__(self, why: str) -> None:
        super().__init__(why)


class Row(NamedTuple):
    """One row; numbers are those that a spreadsheet shows, so that the header's is mostly 1."""

    number: int
    cells: Cells


@dataclass(frozen=True, slots=True)
class Layout:
    """How the file is laid out where somebody says so; what is None, its bytes tell."""

    delimiter: str | None = None
    encoding: str | None = None
    sheet: str | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """The columns' names, and the rows below them that are not blank; reading on raises `TableError`, too.

    `read_as` says in words what the file was taken for, `layout` as what it can be opened again without being looked through;
    `size` and `position` tell how far it is read.
    """

    header: tuple[str, ...]
    rows: Iterator[Row]
    read_as: Sequence[str]
    layout: Layout
    size: int | None
    position: Callable[[], int]


def table_of(
    rows: Iterator[Row], read_as: Sequence[str], layout: Layout, size: int | None, position: Callable[[], int]
) -> Table:
    """The table whose header is the first row that says anything.

    Raises:
        TableError: there is none.

    """
    said = (row for row in rows if any(cell is not None and str(cell).strip() for cell in row.cells))
    first = next(said, None)
    if first is None:
        raise TableError(why="it is empty")
    header = tuple("" if cell is None else " ".join(str(cell).split()) for cell in first.cells)
    return Table(header, said, read_as, layout, size, position)
