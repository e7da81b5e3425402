"""How a CloudEvent lies in a Kafka record: structured, or binary with its attributes in headers.

By the Kafka protocol binding and the JSON format of CloudEvents 1.0.2 (`bindings/kafka-protocol-binding.md`,
`formats/json-format.md` of the specification), with this left open there:

- A value that is an event is one, whatever headers repeat of it, and without a `content-type`, too.
- Data are JSON, of whatever type they are said to be.
- A batch is refused: the binding has none, and each event needs a key of its own.
"""

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final, NamedTuple

from sla_rules.events.rejection import RejectionError

Headers = Mapping[str, bytes | None]

_EVENTS: Final = "application/cloudevents"
_PLAIN: Final = b"application/cloudevents+json"
_BATCH: Final = f"{_EVENTS}-batch"
_READ: Final = frozenset((_EVENTS, f"{_EVENTS}+json"))
_REQUIRED: Final = ("specversion", "id", "source", "type")
_ATTRIBUTES: Final = (*_REQUIRED, "subject", "time", "recordedtime")
"""Those that an event is read by; others are ignored, whatever is in them."""
_CHARSETS: Final = frozenset(("ascii", "us-ascii", "utf-8", "utf8", "utf-16", "utf-16be", "utf-16le", "utf-32"))
"""What JSON was ever written in; which of them it is, its first bytes say."""


class _MediaType(NamedTuple):
    """As `application/json`, in lower case, and its charset."""

    name: str
    charset: str


def binary_event(value: bytes | None, headers: Headers) -> dict[str, Any] | None:
    """The event whose attributes stand in headers and whose data are the value; None of one that is structured.

    Raises:
        RejectionError: it is written in something else than JSON, or a header is not UTF-8.

    """
    if headers.get("content-type") == _PLAIN:
        return None
    named = {name.lower(): text for name, text in headers.items()}
    media = _media_type(named.get("content-type"))
    if media is not None and media.charset not in _CHARSETS:
        raise RejectionError("unsupported_format", f"charset {media.charset[:100]!r}: JSON is written in UTF-8")
    if media is not None and media.name.startswith(_EVENTS):
        _check_format(media.name)
        return None
    if not any(f"ce_{name}" in named for name in _REQUIRED):
        return None
    event = {name: _text(name, text) for name in _ATTRIBUTES if (text := named.get(f"ce_{name}")) is not None}
    if not value:
        return event
    try:
        data = json_of(value)
    except RejectionError as broken:
        what = "" if media is None else f" (content-type {media.name[:100]})"
        raise RejectionError(broken.reason, f"data{what}: {broken.detail}") from None
    if (
        isinstance(data, dict)
        and all(data.get(name) for name in _REQUIRED)
        and data["id"] == event.get("id", data["id"])
    ):
        return None  # the headers repeat what the value says
    return {**event, "data": data}


def json_of(value: bytes | str) -> Any:
    """What JSON says; it may begin with a byte order mark.

    Raises:
        RejectionError: it is no JSON, from where on.

    """
    try:
        return json.loads(value)
    except UnicodeDecodeError as wrong:
        raise RejectionError("broken_json", f"not UTF-8 from byte {wrong.start} on") from None
    except json.JSONDecodeError as wrong:
        raise RejectionError("broken_json", _where(wrong)) from None
    except RecursionError:
        raise RejectionError("broken_json", "nested too deeply") from None
    except ValueError:  # as Python has it of a number of thousands of digits
        raise RejectionError("broken_json", "a number has more digits than can be read") from None


def _where(wrong: json.JSONDecodeError) -> str:
    if not wrong.doc.strip():
        return "the value is empty"
    if wrong.pos >= len(wrong.doc.rstrip()):
        return "the JSON ends too early"
    return f"no JSON from line {wrong.lineno}, column {wrong.colno} on"


def _check_format(name: str) -> None:
    if name.startswith(_BATCH):
        raise RejectionError(
            "unsupported_format", f"{name[:100]} is a batch: publish one event a record, each by its key"
        )
    if name not in _READ:
        raise RejectionError("unsupported_format", f"{name[:100]}: events are read as {_EVENTS}+json")


@lru_cache(maxsize=64)
def _media_type(header: bytes | None) -> _MediaType | None:
    if header is None:
        return None
    name, *parameters = header.decode(errors="replace").lower().split(";")
    charset = "utf-8"
    for parameter in parameters:
        key, _, text = parameter.partition("=")
        if key.strip() == "charset":
            charset = text.strip().strip('"')
    return _MediaType(name.strip(), charset)


def _text(name: str, header: bytes) -> str:
    try:
        return header.decode()
    except UnicodeDecodeError:
        raise RejectionError("broken_header", f"header ce_{name} is not UTF-8") from None
