"""Reads a sheet in a process of its own, with no more memory than it may have, and writes its rows to standard output.

The library lays a sheet out as a rectangle: one stray cell in the last row and column takes half a terabyte, and the process that
asks for it ends at once. This one may.

    python -m leadsla.importing.sheet_process FILE [SHEET]
"""

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import BinaryIO, Final

import msgspec
from python_calamine import CalamineError, CalamineWorkbook, PasswordError

from leadsla.importing.table import Cell
from sla_rules.spelling import unknown

MOST_MEMORY: Final = 4 * 1024**3
"""Bytes; a sheet as large as one can be, with twenty columns that are filled, takes a quarter of it."""
_AT_A_TIME: Final = 500
"""Rows in a frame."""
_LENGTH: Final = 4


class Opened(msgspec.Struct, array_like=True):
    """What a workbook is: its sheets, which of them is read, the row that it begins in and how many it has; or what is wrong."""

    sheets: list[str]
    sheet: str
    first: int
    height: int
    wrong: str | None = None


class When(msgspec.Struct, array_like=True, tag=True):
    """A cell that is a date, a time or a span of time, which MessagePack does not tell apart from text."""

    kind: str
    text: str


Packed = str | int | float | bool | When | None
_READ: Final[Mapping[str, Callable[[str], Cell]]] = {
    "datetime": datetime.fromisoformat,
    "date": date.fromisoformat,
    "time": time.fromisoformat,
    "timedelta": lambda text: timedelta(seconds=float(text)),
}
_encode: Final = msgspec.msgpack.Encoder().encode
_rows_of: Final = msgspec.msgpack.Decoder(list[list[Packed]]).decode
opened_of: Final = msgspec.msgpack.Decoder(Opened).decode


def frames(stream: BinaryIO) -> Iterator[bytes]:
    """What the process has written so far, frame by frame; an empty one ends it, and a stream without one was cut off.

    Raises:
        EOFError: the process ended too early.

    """
    while True:
        length = int.from_bytes(_exactly(stream, _LENGTH), "big")
        if not length:
            return
        yield _exactly(stream, length)


def _exactly(stream: BinaryIO, length: int) -> bytes:
    found = stream.read(length)
    if len(found) < length:
        raise EOFError
    return found


def rows_of(frame: bytes) -> Iterator[list[Cell]]:
    """The rows of a frame."""
    for row in _rows_of(frame):
        yield [_READ[cell.kind](cell.text) if isinstance(cell, When) else cell for cell in row]


def _packed(cell: object) -> object:
    if isinstance(cell, timedelta):
        return When("timedelta", str(cell.total_seconds()))
    if isinstance(cell, datetime | date | time):
        return When(type(cell).__name__, cell.isoformat())
    return cell


def _write(stream: BinaryIO, frame: bytes) -> None:
    stream.write(len(frame).to_bytes(_LENGTH, "big") + frame)


def _limit_memory() -> None:
    with suppress(ImportError, ValueError, OSError):  # where there is no such thing, or less is allowed already
        import resource  # noqa: PLC0415 - not on every system

        resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main(arguments: Sequence[str], out: BinaryIO) -> None:
    """Write what the workbook is, its rows, and an empty frame; or what is wrong with it."""
    _limit_memory()
    name, *asked = arguments
    try:
        with CalamineWorkbook.from_path(name) as workbook:
            sheets = workbook.sheet_names
            wanted = asked[0] if asked else next(iter(sheets), "")
            if wanted not in sheets:
                _write(out, _encode(Opened(sheets, wanted, 0, 0, unknown("sheet", wanted, sheets))))
                return
            sheet = workbook.get_sheet_by_name(wanted)
            _write(out, _encode(Opened(sheets, wanted, 0 if sheet.start is None else sheet.start[0], sheet.height)))
            rows = sheet.iter_rows()
            while some := list(islice(rows, _AT_A_TIME)):
                _write(out, _encode([[_packed(cell) for cell in row] for row in some]))
            _write(out, b"")
    except PasswordError:
        _write(out, _encode(Opened([], "", 0, 0, "it is protected by a password; save it without")))
    except CalamineError as wrong:
        _write(out, _encode(Opened([], "", 0, 0, f"it is no spreadsheet that can be read: {wrong}")))


if __name__ == "__main__":
    with suppress(BrokenPipeError):
        main(sys.argv[1:], sys.stdout.buffer)
        sys.stdout.buffer.flush()
