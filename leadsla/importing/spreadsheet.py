"""A sheet of a spreadsheet as a table: Excel's formats and OpenDocument's, read in a process of its own."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final
from zipfile import BadZipFile, ZipFile

import msgspec

from leadsla.importing import sheet_process
from leadsla.importing.sheet_process import frames, opened_of, rows_of
from leadsla.importing.table import Layout, Row, Table, TableError, table_of

BEGINNINGS: Final = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
"""Of the formats that are packed by zip, and of those before."""
_MOST_UNPACKED: Final = 2 * 1024**3
"""Bytes; a file of kilobytes may stand for more than fits a machine."""
_BOOKS: Final = ("workbook.xml", "workbook.bin", "content.xml")
_ENDED: Final = (
    "it cannot be read to its end: it is damaged, or a cell far from the others makes it too large; save it as CSV"
)


@contextmanager
def spreadsheet(name: str, layout: Layout) -> Iterator[Table]:
    """The table of the sheet named, or of the first.

    Raises:
        TableError: it cannot be read, or has no such sheet.

    """
    _check_size(name)
    # Not from the folder that the file happens to lie in.
    command = [sys.executable, "-P", "-m", sheet_process.__name__, str(Path(name).resolve())]
    asked = [] if layout.sheet is None else [layout.sheet]
    with subprocess.Popen([*command, *asked], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as reading:
        try:
            yield _table(reading.stdout, layout)
        finally:
            reading.kill()  # whoever has seen enough does not wait for the rest


def _table(stream: Any, layout: Layout) -> Table:
    written = _whole(stream)
    first = next(written, None)
    if first is None:
        raise TableError(_ENDED)
    opened = opened_of(first)
    if opened.wrong is not None:
        raise TableError(opened.wrong)
    done = 0

    def rows() -> Iterator[Row]:
        nonlocal done
        for frame in written:
            for cells in rows_of(frame):
                done += 1
                yield Row(opened.first + done, cells)

    of = "" if len(opened.sheets) == 1 else f" of {len(opened.sheets)}"
    return table_of(rows(), (f"sheet {opened.sheet!r}{of}",), layout, opened.height, lambda: done)


def _whole(stream: Any) -> Iterator[bytes]:
    """All frames, or an error in words."""
    try:
        yield from frames(stream)
    except (EOFError, msgspec.DecodeError):
        raise TableError(_ENDED) from None


def _check_size(name: str) -> None:
    with Path(name).open("rb") as file:
        if not file.read(4).startswith(BEGINNINGS[0]):
            return
        try:
            with ZipFile(file) as packed:
                parts = packed.infolist()
        except BadZipFile:
            raise TableError(why="it is a damaged spreadsheet, or was cut off") from None
    if not any(part.filename.endswith(_BOOKS) for part in parts):
        raise TableError(why="it is packed by zip; unpack it, or pack it by gzip")
    if sum(part.file_size for part in parts) > _MOST_UNPACKED:
        message = f"it unpacks to more than {_MOST_UNPACKED // 1024**3} GiB; save the sheet as CSV"
        raise TableError(message)
