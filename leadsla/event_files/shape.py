"""Whether a file can be one of events, one JSON object a line, told by how it begins."""

import json
from typing import Final

from leadsla.event_files.opening import EventFileError

NOTHING: Final = b"null"
"""The line that stands for a record without a value."""
_ARRAY: Final = "looks like a JSON array"
_TABLE: Final = "looks like CSV"
_SEPARATORS: Final = (b",", b";", b"\t", b"|")


def check_beginning(text: bytes) -> None:
    """Look at the first line that says anything, and is text; later lines are judged one by one.

    Raises:
        EventFileError: the file is something else, and each of its lines would be a bad one.

    """
    said = [line for line in map(bytes.strip, text.split(b"\n")) if line and line != NOTHING]
    if not said or b"\0" in text:
        return
    first = said[0]
    if b"\r" in first:
        raise EventFileError(why="its lines end in a carriage return alone; end them in a line feed")
    if first == b"{" and len(said) > 1 and not said[1].startswith(b"{"):
        raise EventFileError(why="an event stands on several lines; write one a line, as `jq -c .` does")
    if not first.startswith(b"{"):
        look = _look_of(first)
        raise EventFileError(why=f"{look}; events are JSON, one a line{_hint(look)}")


def _look_of(first: bytes) -> str:
    if first.startswith(b"["):
        return _ARRAY
    if first.startswith(b"<"):
        return "looks like XML"
    if any(mark in first for mark in _SEPARATORS) and not _is_json(first):
        return _TABLE
    return "holds no events"


def _hint(look: str) -> str:
    return {_ARRAY: ", as `jq -c '.[]'` writes them", _TABLE: ", as `leadsla import` makes them of a table"}.get(
        look, ""
    )


def _is_json(text: bytes) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True
