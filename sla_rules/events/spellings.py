"""Ways of writing an event that come to the same as the one that the schema reads.

By the JSON format of CloudEvents 1.0.2 and RFC 3339. An event is looked at for them only after it could not be read as it is.
"""

import re
from base64 import b64decode
from calendar import monthrange
from datetime import UTC, datetime
from typing import Any, Final

from sla_rules.events.modes import json_of
from sla_rules.events.rejection import RejectionError

_TIMES: Final = ("time", "recordedtime")
_LEAP_SECOND: Final = re.compile(r"(.{16}):60(?:\.\d+)?([Zz]|[+-]\d\d:\d\d)")
_IN_FRONT_OF_IT: Final = ":59.999999"


def respelled(event: dict[str, Any]) -> dict[str, Any]:
    """The event with what is null left out, data in base64 decoded, and leap seconds taken for the instant before them.

    A leap second, `23:59:60Z` at the end of a month, is in no count of seconds; the last microsecond before it keeps what
    happened then in its own day, month and year, and in front of what happened after.

    Raises:
        RejectionError: data are given twice, or are no base64.

    """
    told: dict[str, Any] = without_nulls(event)
    if (packed := told.pop("data_base64", None)) is not None:
        if "data" in told:
            raise RejectionError("invalid_field", "data and data_base64 exclude each other")
        told |= without_nulls({"data": _unpacked(packed)})
    _settle_leap_seconds(told)
    data = told.get("data")
    if isinstance(data, dict) and isinstance(right := data.get("event"), dict):
        _settle_leap_seconds(right)
    return told


def without_nulls(value: Any) -> Any:
    """The same without fields and entries that are null, however deep: null says that there is nothing."""
    if isinstance(value, dict):
        return {name: without_nulls(one) for name, one in value.items() if one is not None}
    if isinstance(value, list):
        return [without_nulls(one) for one in value if one is not None]
    return value


def _unpacked(packed: object) -> Any:
    try:
        data = b64decode(packed, validate=True) if isinstance(packed, str) else None
    except ValueError:
        data = None
    if data is None:
        raise RejectionError("invalid_field", "data_base64 has to be base64")
    try:
        return json_of(data)
    except RejectionError as broken:
        raise RejectionError(broken.reason, f"data_base64: {broken.detail}") from None


def _settle_leap_seconds(told: dict[str, Any]) -> None:
    for name in _TIMES:
        text = told.get(name)
        if isinstance(text, str) and (found := _LEAP_SECOND.fullmatch(text)) is not None:
            before = f"{found[1]}{_IN_FRONT_OF_IT}{found[2]}"
            if _ends_a_month(before):
                told[name] = before


def _ends_a_month(text: str) -> bool:
    try:
        end = datetime.fromisoformat(text.upper()).astimezone(UTC)
    except (ValueError, OverflowError):
        return False
    return (end.day, end.hour, end.minute) == (monthrange(end.year, end.month)[1], 23, 59)
