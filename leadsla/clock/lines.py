"""Questions to calendars, one JSON object a line, each answered by the same line and its result.

The calendar of a line stands in it in the words of the agreement file, at the top (`time_zone`, `weekly_hours` ...) or
under `calendar`. Calendars are kept by their text, so that lines that share one cost no more than the question.
"""

from functools import lru_cache
from typing import Any, Final

import msgspec
from pydantic import ValidationError

from sla_rules.instants import DAY, SECOND, Instant, iso, parse_instant, seconds
from sla_rules.notation import IN_A_FILE
from sla_rules.time.calendar import Calendar
from sla_rules.time.working_hours import WorkingHours

NONE: Final = msgspec.Raw()
CALENDARS_KEPT: Final = 1_000
LONGEST: Final = 36_525 * DAY
"""A hundred years: what lies beyond is a slip, and would lay out every year up to it."""


class Question(msgspec.Struct):
    """One line; which of the instants it needs, the operation says."""

    operation: str
    instant: str | None = None
    seconds: int | float | None = None
    start: str | None = None
    end: str | None = None
    calendar: msgspec.Raw = NONE
    time_zone: msgspec.Raw = NONE
    weekly_hours: msgspec.Raw = NONE
    holidays: msgspec.Raw = NONE
    date_overrides: msgspec.Raw = NONE
    breaks: msgspec.Raw = NONE


Result = str | float | bool


class UnansweredError(ValueError):
    """What is wrong with a line."""


def answer(line: bytes) -> tuple[bytes, bool]:
    """The line with its `result`, or with an `error` that says what is wrong; and whether it was right."""
    try:
        found: Result = result_of(_QUESTION.decode(line))
    except (ValueError, OverflowError, RecursionError, msgspec.DecodeError) as wrong:
        return _with(line, "error", str(wrong)), False
    return _with(line, "result", found), True


def result_of(question: Question) -> Result:
    """An instant in UTC for add and subtract, seconds for between, whether it is open for is_open.

    Raises:
        UnansweredError: the calendar or what is asked is wrong, or missing.
        ValueError: as above, by whoever found it.
        OverflowError: the answer lies beyond the years that there are.

    """
    calendar = _calendar(
        bytes(question.calendar),
        bytes(question.time_zone),
        bytes(question.weekly_hours),
        bytes(question.holidays),
        bytes(question.date_overrides),
        bytes(question.breaks),
    )
    match question.operation:
        case "add":
            return iso(calendar.add(_instant("instant", question.instant), _duration(question.seconds)))
        case "subtract":
            return iso(calendar.subtract(_instant("instant", question.instant), _duration(question.seconds)))
        case "between":
            return seconds(calendar.between(_instant("start", question.start), _instant("end", question.end)))
        case "is_open":
            return calendar.is_open(_instant("instant", question.instant))
    message = f"operation {question.operation!r} is none of add, subtract, between, is_open"
    raise UnansweredError(message)


def _instant(name: str, text: str | None) -> Instant:
    if text is None:
        message = f"{name} is missing"
        raise UnansweredError(message)
    try:
        return parse_instant(text)
    except ValueError:
        message = f"{name} {text!r} is not an instant with an offset; write for example 2026-03-14T15:04:54Z"
        raise UnansweredError(message) from None


def _duration(given: float | None) -> int:
    if given is None:
        message = "seconds is missing"
        raise UnansweredError(message)
    duration = given * SECOND if isinstance(given, int) else round(given * SECOND)
    if abs(duration) > LONGEST:
        message = f"{given} seconds are longer than a hundred years"
        raise UnansweredError(message)
    return duration


@lru_cache(maxsize=CALENDARS_KEPT)
def _calendar(
    nested: bytes, time_zone: bytes, weekly_hours: bytes, holidays: bytes, date_overrides: bytes, breaks: bytes
) -> Calendar:
    parts = {
        "time_zone": time_zone,
        "weekly_hours": weekly_hours,
        "holidays": holidays,
        "date_overrides": date_overrides,
        "breaks": breaks,
    }
    given = {name: msgspec.json.decode(part) for name, part in parts.items() if part}
    if nested and given:
        message = f"the calendar stands under calendar and beside it: {', '.join(given)}"
        raise UnansweredError(message)
    try:
        return Calendar(
            WorkingHours.model_validate(msgspec.json.decode(nested) if nested else given, context=IN_A_FILE)
        )
    except ValidationError as invalid:
        wrong = (
            ": ".join(filter(None, (".".join(map(str, error["loc"])), error["msg"])))
            for error in invalid.errors(include_url=False)
        )
        raise UnansweredError("; ".join(wrong)) from None


def _with(line: bytes, name: str, value: object) -> bytes:
    """The line as it came, and one more member; a line that is no object cannot take one."""
    member = b'"%s":%s}' % (name.encode(), msgspec.json.encode(value))
    body = line[:-1].rstrip()
    if b'"result"' not in line and b'"error"' not in line and _is_object(line, sure=name == "result"):
        return body + (b"," if body != b"{" else b"") + member
    tree: Any = _tree(line)
    if not isinstance(tree, dict):
        return b"{" + member
    asked = {key: part for key, part in tree.items() if key not in {"result", "error"}}
    return msgspec.json.encode({**asked, name: value})


def _is_object(line: bytes, *, sure: bool) -> bool:
    return sure or isinstance(_tree(line), dict)


def _tree(line: bytes) -> Any:
    try:
        return msgspec.json.decode(line)
    except (ValueError, RecursionError, msgspec.DecodeError):
        return None


_QUESTION: Final = msgspec.json.Decoder(Question)
