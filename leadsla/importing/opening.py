"""A file as a table, by what its first bytes say it is."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from leadsla.event_files.opening import STANDARD_STREAM
from leadsla.importing.csv_table import csv_table
from leadsla.importing.spreadsheet import BEGINNINGS, spreadsheet
from leadsla.importing.table import Layout, Table, TableError


@contextmanager
def opened_table(name: str, layout: Layout) -> Iterator[Table]:
    """The table of a CSV file or a spreadsheet.

    Raises:
        TableError: it cannot be read.

    """
    if name == STANDARD_STREAM:
        raise TableError(why="a table is read more than once, so it has to be a file")
    try:
        with Path(name).open("rb") as file:
            head = file.read(8)
    except FileNotFoundError:
        raise TableError(why="there is no such file") from None
    except IsADirectoryError:
        raise TableError(why="it is a folder, not a file") from None
    except OSError as wrong:
        raise TableError(wrong.strerror or str(wrong)) from None
    reading = spreadsheet if head.startswith(BEGINNINGS) else csv_table
    with reading(name, layout) as table:
        yield table
