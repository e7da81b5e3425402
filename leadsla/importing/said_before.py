"""What rows said, so that one that says otherwise of the same is found: on disk, since tables have any number of rows."""

import sqlite3
from hashlib import blake2b
from types import TracebackType
from typing import NamedTuple, Self


class Before(NamedTuple):
    """The first row about something, and what it said."""

    row: int
    what: bytes


class SaidBefore:
    """Remembers by key which row was first, and what it said."""

    def __init__(self) -> None:
        # A database without a name lies in a file that is gone with it.
        self._rows = sqlite3.connect("", isolation_level=None)
        self._rows.execute("PRAGMA journal_mode = OFF")
        self._rows.execute("PRAGMA synchronous = OFF")
        self._rows.execute("CREATE TABLE said (key BLOB PRIMARY KEY, row INTEGER, what BLOB) WITHOUT ROWID")
        self._rows.execute("BEGIN")

    def find(self, key: str) -> Before | None:
        """The first row about a key; None where there was none."""
        found = self._rows.execute("SELECT row, what FROM said WHERE key = ?", (_digest(key),)).fetchone()
        return None if found is None else Before(*found)

    def say(self, key: str, what: bytes, row: int) -> None:
        """Remember what a row says of a key, if it is the first."""
        self._rows.execute("INSERT OR IGNORE INTO said VALUES (?, ?, ?)", (_digest(key), row, what))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._rows.close()


def _digest(key: str) -> bytes:
    return blake2b(key.encode(), digest_size=16).digest()
