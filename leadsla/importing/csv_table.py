"""A CSV file as a table: its encoding and its delimiter are found out, or given.

The standard library's reader takes it apart; a cell or a line that is longer than anybody writes ends it with an error, so that
a quote that is never closed does not swallow the file.
"""

import codecs
import csv
import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import Any, Final

from leadsla.event_files.opening import EventFileError, Source, opened
from leadsla.importing.table import Layout, Row, Table, TableError, table_of

DELIMITERS: Final = (",", ";", "\t", "|")
FALLBACK: Final = "windows-1252"
"""What spreadsheets save CSV in where they do not save it as UTF-8."""
_LOOKED_AT: Final = 50
"""Rows that the delimiter is told by."""
_LONGEST_LINE: Final = 1024 * 1024
_DECLARED: Final = "sep="
"""How a first line for Excel begins that names the delimiter."""


@contextmanager
def csv_table(name: str, layout: Layout) -> Iterator[Table]:
    """The table of a CSV file, packed by gzip or not.

    Raises:
        TableError: it cannot be read, or not as the layout says.

    """
    try:
        encoding = layout.encoding or _encoding_of(name)
        delimiter = layout.delimiter or _delimiter_of(name, encoding)
        with opened(name) as source:
            rows = _rows(source, encoding, delimiter)
            read_as = (encoding, f"columns separated by {_NAMES.get(delimiter, repr(delimiter))}")
            yield table_of(rows, read_as, Layout(delimiter, encoding), source.size, source.position)
    except EventFileError as wrong:
        raise TableError(str(wrong)) from None


_NAMES: Final = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}


def _encoding_of(name: str) -> str:
    """UTF-8 if all of the file is, which text in other encodings is not by chance; else what spreadsheets save in."""
    for encoding in ("utf-8", FALLBACK):
        decoder = codecs.getincrementaldecoder(encoding)()
        with opened(name) as source:
            try:
                while chunk := source.read():
                    if b"\0" in chunk:
                        raise TableError(why="it holds NUL bytes: it was damaged, or is no text")
                    decoder.decode(chunk)
                decoder.decode(b"", final=True)
            except UnicodeDecodeError:
                continue
            return encoding
    message = f"it is neither UTF-8 nor {FALLBACK}; say which it is, as `encoding: shift_jis`"
    raise TableError(message)


def _delimiter_of(name: str, encoding: str) -> str:
    """The one that cuts all of the first rows into as many cells; among several, into most."""
    with opened(name) as source:
        beginning = list(islice(_lines(source, encoding), 2 * _LOOKED_AT))
    if beginning and beginning[0].lower().startswith(_DECLARED):
        return beginning[0].rstrip("\r\n")[len(_DECLARED) :][:1] or ","
    return max(DELIMITERS, key=lambda delimiter: _fitness(beginning, delimiter))


def _fitness(beginning: Sequence[str], delimiter: str) -> tuple[bool, int]:
    """Whether the header and the rows have as many cells, more than one; and how many."""
    try:
        widths = [len(cells) for cells in islice(csv.reader(beginning, delimiter=delimiter), _LOOKED_AT) if cells]
    except csv.Error:
        return False, 0
    widest = max(widths, default=0)
    return widest > 1 and widths[0] == widest, widths[0] if widths else 0


def _rows(source: Source, encoding: str, delimiter: str) -> Iterator[Row]:
    number = 0
    try:
        lines = _lines(source, encoding)
        for number, cells in enumerate(csv.reader(lines, delimiter=delimiter, strict=True), start=1):
            if number == 1 and len(cells) <= 2 and cells and cells[0].lower().startswith(_DECLARED):  # noqa: PLR2004 - `sep=,` is two
                continue
            yield Row(number, cells)
    except csv.Error as wrong:
        message = f"row {number + 1} cannot be read: {_CAUSES.get(str(wrong), str(wrong))}"
        raise TableError(message) from None
    except (UnicodeDecodeError, LookupError) as wrong:
        message = f"it cannot be read as {encoding}: {getattr(wrong, 'reason', 'there is no such encoding')}"
        raise TableError(message) from None


_CAUSES: Final = {
    "unexpected end of data": "a quote is opened there and never closed",
    "field larger than field limit (131072)": "a quote is opened there and never closed",
}


def _lines(source: Source, encoding: str) -> Iterator[str]:
    """Lines with their ends, however they end."""
    text = io.TextIOWrapper(io.BufferedReader(_Bytes(source)), encoding=encoding, newline="")
    while line := text.readline(_LONGEST_LINE):
        if len(line) == _LONGEST_LINE:
            message = f"a line is longer than {_LONGEST_LINE:,} characters: it is no table of rows"
            raise TableError(message)
        yield line


class _Bytes(io.RawIOBase):
    """What a source yields, as a stream."""

    def __init__(self, source: Source) -> None:
        self._source, self._rest = source, b""

    def readable(self) -> bool:
        return True

    def readinto(self, into: Any) -> int:
        if not self._rest:
            self._rest = self._source.read()
        taken, self._rest = self._rest[: len(into)], self._rest[len(into) :]
        into[: len(taken)] = taken
        return len(taken)
