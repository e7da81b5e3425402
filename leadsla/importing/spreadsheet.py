"""A sheet of a spreadsheet as a table: Excel's formats and OpenDocument's, by a library of Rust that reads values alone.

It holds one sheet in memory: no more than the 1,048,576 rows that a sheet can have.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final
from zipfile import BadZipFile, ZipFile

from python_calamine import CalamineError, CalamineWorkbook, PasswordError

from leadsla.importing.table import Layout, Row, Table, TableError, table_of
from sla_rules.spelling import unknown

BEGINNINGS: Final = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
"""Of the formats that are packed by zip, and of those before."""
_MOST_UNPACKED: Final = 2 * 1024**3
"""Bytes; a file of kilobytes may stand for more than fits a machine."""


@contextmanager
def spreadsheet(name: str, layout: Layout) -> Iterator[Table]:
    """The table of the sheet named, or of the first.

    Raises:
        TableError: it cannot be read, or has no such sheet.

    """
    _check_size(name)
    try:
        with CalamineWorkbook.from_path(name) as workbook:
            names = workbook.sheet_names
            wanted = layout.sheet or next(iter(names), "")
            if wanted not in names:
                raise TableError(unknown("sheet", wanted, names))
            sheet = workbook.get_sheet_by_name(wanted)
            top = 0 if sheet.start is None else sheet.start[0]
            done = 0

            def rows() -> Iterator[Row]:
                nonlocal done
                for done, cells in enumerate(sheet.iter_rows(), start=1):
                    yield Row(top + done, cells)

            of = "" if len(names) == 1 else f" of {len(names)}"
            yield table_of(rows(), (f"sheet {wanted!r}{of}",), sheet.height, lambda: done)
    except PasswordError:
        raise TableError(why="it is protected by a password; save it without") from None
    except CalamineError as wrong:
        message = f"it is no spreadsheet that can be read: {wrong}"
        raise TableError(message) from None
    except OSError as wrong:
        raise TableError(wrong.strerror or str(wrong)) from None


def _check_size(name: str) -> None:
    with Path(name).open("rb") as file:
        if not file.read(4).startswith(BEGINNINGS[0]):
            return
        try:
            with ZipFile(file) as packed:
                size = sum(part.file_size for part in packed.infolist())
                is_sheet = any(
                    part.filename.endswith(("workbook.xml", "workbook.bin", "content.xml"))
                    for part in packed.infolist()
                )
        except BadZipFile:
            raise TableError(why="it is a damaged spreadsheet, or was cut off") from None
    if not is_sheet:
        raise TableError(why="it is packed by zip; unpack it, or pack it by gzip")
    if size > _MOST_UNPACKED:
        message = f"it unpacks to more than {_MOST_UNPACKED // 1024**3} GiB; save the sheet as CSV"
        raise TableError(message)
