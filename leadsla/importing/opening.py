"""A file as a table, by what its first bytes say it is."""

from collections.abc import Iterator
from contextlib import contextmanager

from leadsla.event_files.opening import STANDARD_STREAM, EventFileError, bytes_of
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
        with bytes_of(name) as file:
            head = file.read(8)
    except EventFileError as wrong:
        raise TableError(str(wrong)) from None
    reading = spreadsheet if head.startswith(BEGINNINGS) else csv_table
    with reading(name, layout) as table:
        yield table
