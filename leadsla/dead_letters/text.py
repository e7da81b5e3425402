"""Bytes that anybody may have sent, as text that neither a terminal nor a JSON parser stumbles over."""

import json
from base64 import b64encode
from collections.abc import Iterator
from contextlib import suppress
from typing import Any, Final

NOTHING: Final = "-"
"""Stands where there is nothing: a record without a key is another one than that of a lead called `none`."""
_BYTES_A_ROW: Final = 16


def printable(data: bytes | str | None, longest: int | None = None) -> str:
    """One line; what a terminal would obey is written as an escape, what is too long is cut off."""
    if data is None:
        return NOTHING
    text = data if isinstance(data, str) else data.decode(errors="backslashreplace")
    if longest is not None and len(text) > longest:
        text = text[: longest - 1] + "…"
    return "".join(sign if sign.isprintable() else repr(sign)[1:-1] for sign in text)


def as_json(name: str, data: bytes | None) -> dict[str, Any]:
    """One entry of a JSON object: text where the bytes are text, else `<name>_base64`."""
    if data is None:
        return {name: None}
    try:
        return {name: data.decode()}
    except UnicodeDecodeError:
        return {f"{name}_base64": b64encode(data).decode()}


def page(data: bytes) -> Iterator[str]:
    """The lines of a value: JSON indented, other bytes as a dump of offsets, bytes and signs."""
    with suppress(ValueError, RecursionError):
        yield from map(printable, json.dumps(json.loads(data), indent=2, ensure_ascii=False).split("\n"))
        return
    for start in range(0, len(data), _BYTES_A_ROW):
        row = data[start : start + _BYTES_A_ROW]
        signs = "".join(chr(byte) if 32 <= byte < 127 else "." for byte in row)  # noqa: PLR2004 - what ASCII prints
        yield f"{start:08x}  {row.hex(' '):<{3 * _BYTES_A_ROW}} {signs}"
