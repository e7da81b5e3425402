"""How values are written in an agreement file: durations, shares, times of day, dates, zones, identifiers."""

import re
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any, Final, Literal, Self, get_args

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    ModelWrapValidatorHandler,
    PlainSerializer,
    ValidationInfo,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import CoreSchema, core_schema

from sla_rules.currencies import CURRENCIES
from sla_rules.fitting import fitted
from sla_rules.instants import DAY, DURATION_PATTERN, LATEST, format_duration, moment, parse_duration

Granularity = Literal["day", "week", "month", "quarter", "year"]
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEKDAYS: Final[tuple[Weekday, ...]] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
Month = Literal[
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
MONTHS: Final[tuple[Month, ...]] = get_args(Month)
MINUTES_OF_DAY: Final = 24 * 60


class Frozen(BaseModel):
    """A part of an agreement: never changed, without keys that nobody knows, and of parts that fit together."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    @model_validator(mode="wrap")
    @classmethod
    def _is_fitted(cls, value: Any, read: ModelWrapValidatorHandler[Self], info: ValidationInfo) -> Self:
        return fitted(cls, value, read, info.context)


IDENTIFIER_PATTERN: Final = r"^[a-z0-9][a-z0-9-]{0,62}$"
Identifier = Annotated[str, Field(pattern=IDENTIFIER_PATTERN, description="Lower-case letters, digits and dashes.")]


def _one_line(text: str) -> str:
    if _BREAK.search(text):
        message = "has to be one line of text"
        raise ValueError(message)
    return text


_BREAK: Final = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")
Line = Annotated[str, AfterValidator(_one_line)]
"""Text that goes into the middle of others, and into comments."""


def _named(text: str) -> str:
    if not text.strip():
        message = "is blank; write a name"
        raise ValueError(message)
    return text


Name = Annotated[Line, AfterValidator(_named), Field(min_length=1)]
"""A line that says something."""


def distinct(items: tuple[Any, ...]) -> tuple[Any, ...]:
    """The items themselves.

    Raises:
        ValueError: one of them is there twice; texts are compared without case.

    """
    seen = set[object]()
    for item in items:
        known = item.casefold() if isinstance(item, str) else item
        if known in seen:
            message = f"has {repr(item) if isinstance(item, str) else 'a value'} twice; leave one out"
            raise ValueError(message)
        seen.add(known)
    return items


def _currency(code: str) -> str:
    if code not in CURRENCIES:
        message = f"{code!r} is no currency of ISO 4217; write for example EUR"
        raise ValueError(message)
    return code


CURRENCY_PATTERN: Final = r"^[A-Z]{3}$"
Currency = Annotated[str, Field(pattern=CURRENCY_PATTERN, description="ISO 4217, as EUR."), AfterValidator(_currency)]


IN_A_FILE: Final = {"in a file": True}
"""The context of values as somebody wrote them: a bare number there has no unit, while code counts in ours."""

LONGEST: Final = 3_660 * DAY

FIRST_DATE: Final = date(1900, 1, 1)
LAST_DATE: Final = moment(LATEST).date()
"""The first day of all, and the first that is too late: calendars need room on either side of what they are asked."""


def duration(value: object, info: ValidationInfo) -> object:
    """Read a duration as it is written in a file; code may give microseconds."""
    if isinstance(value, str) or info.context:
        duration = parse_duration(value)
        if duration > LONGEST:
            message = f"{value!r} is longer than ten years"
            raise ValueError(message)
        return duration
    return value


Duration = Annotated[
    int,
    BeforeValidator(duration),
    Field(gt=0),
    PlainSerializer(format_duration, return_type=str, when_used="json"),
    WithJsonSchema({"type": "string", "pattern": DURATION_PATTERN, "examples": ["90s", "1h30m", "14d"]}),
]
"""Microseconds; in the file `90s`, `1h30m`, `14d`."""


Allowance = Annotated[
    int,
    BeforeValidator(duration),
    Field(ge=0),
    PlainSerializer(format_duration, return_type=str, when_used="json"),
    WithJsonSchema({"type": "string", "pattern": DURATION_PATTERN}),
]
"""A duration that may be none: `0s`."""


class Band(int):
    """A duration that remembers how it was written, since figures are named by it: `24h` is not called `1d`."""

    text: str

    def __new__(cls, duration: int, text: str | None = None) -> Self:
        """Without a text the shortest one stands."""
        band = super().__new__(cls, duration)
        band.text = text or format_duration(duration)
        return band

    @classmethod
    def __get_pydantic_core_schema__(cls, _source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_wrap_validator_function(cls._read, handler.generate_schema(Duration))

    @classmethod
    def _read(cls, value: object, handler: Callable[[object], int]) -> Self:
        return cls(handler(value), value if isinstance(value, str) else getattr(value, "text", None))


MOST_DIGITS: Final = 28
"""What decimals are reckoned with."""
MAGNITUDE: Final = 15


def shortest(number: Decimal) -> Decimal:
    """100 for 100.0, 0.9 for 0.90.

    Raises:
        ValueError: it has more digits than are reckoned with, or it is too large or too small to be anything agreed.

    """
    if len(number.as_tuple().digits) > MOST_DIGITS:
        message = f"a number has at most {MOST_DIGITS} digits"
        raise ValueError(message)
    if number and not -MAGNITUDE <= number.adjusted() < MAGNITUDE:
        message = f"a number lies between 10^-{MAGNITUDE} and 10^{MAGNITUDE}"
        raise ValueError(message)
    return Decimal(f"{number.normalize():f}")


def _share(value: object) -> object:
    share = _number_of_share(value)
    if share is None or not 0 < share <= 1:
        message = f"should be a share above 0% and up to 100%, found {value!r}{_meant_as_percentage(value, share)}"
        raise ValueError(message)
    return share


def _number_of_share(value: object) -> Decimal | None:
    """The exact number; None where there is none."""
    text = str(value) if isinstance(value, str | int | float | Decimal) and not isinstance(value, bool) else ""
    if match := re.fullmatch(r"(\d+(?:\.\d+)?) ?%", text):
        return Decimal(f"{match[1]}e-2")
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _meant_as_percentage(value: object, share: Decimal | None) -> str:
    if isinstance(value, str) and value.endswith("%"):
        return ""
    return f"; write {value}%" if share is not None and 1 < share <= _ALL else "; write for example 95%"


_ALL: Final = 100


Share = Annotated[
    Decimal,
    BeforeValidator(_share),
    Field(gt=0, le=1),
    AfterValidator(shortest),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string", "pattern": r"^\d+(\.\d+)? ?%$"},
                {"type": "number", "exclusiveMinimum": 0, "maximum": 1},
            ]
        }
    ),
]
"""An exact share; in the file `90%` or `0.9`."""


TIME_OF_DAY_PATTERN: Final = r"^T?(?P<time>(([01]\d|2[0-3]):[0-5]\d|24:00)(:00(\.0+)?)?)$"
"""ISO 8601, as `09:00`, `T09:00` and, as many programs write it, `09:00:00`: minutes are whole."""


def _minute_of_day(value: object, info: ValidationInfo) -> object:
    if isinstance(value, str) or info.context:
        match = re.fullmatch(TIME_OF_DAY_PATTERN, value) if isinstance(value, str) else None
        if match:
            hour, minute = match["time"].split(":")[:2]
            return int(hour) * 60 + int(minute)
        message = f"{value!r} is not a time of day; write HH:MM from 00:00 to 24:00"
        raise ValueError(message)
    return value


def time_of_day(minute: int) -> str:
    """A minute of the day as `09:00`, the midnight that ends it as `24:00`."""
    return f"{minute // 60:02}:{minute % 60:02}"


TimeOfDay = Annotated[
    int,
    BeforeValidator(_minute_of_day),
    Field(ge=0, le=MINUTES_OF_DAY),
    PlainSerializer(time_of_day, return_type=str, when_used="json"),
    WithJsonSchema(
        {"type": "string", "pattern": TIME_OF_DAY_PATTERN.replace("?P<time>", ""), "examples": ["09:00", "24:00"]}
    ),
]
"""Minute of the day; in the file `09:00`, or otherwise as ISO 8601 has it; `24:00` is the next midnight."""


def _two_times(value: object) -> object:
    if isinstance(value, list | tuple) and len(value) == len(("from", "to")):
        return value
    message = 'a span is two times of day, as ["09:00", "17:00"]'
    raise ValueError(message)


def _span(span: tuple[int, int]) -> tuple[int, int]:
    if span[0] == span[1] or span == (MINUTES_OF_DAY, 0):
        message = "a span of hours needs two different times; a whole day is ['00:00', '24:00']"
        raise ValueError(message)
    return span


Span = Annotated[tuple[TimeOfDay, TimeOfDay], BeforeValidator(_two_times), AfterValidator(_span)]
"""From (open) to (closed), half-open; a span that ends at or before its start crosses midnight."""


def date_of(value: object, *, example: str = "2026-12-24") -> date:
    """The day that is meant.

    Raises:
        ValueError: there is no such day, or calendars do not reach so far.

    """
    found = value if isinstance(value, date) else None
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", value):
        with suppress(ValueError):
            found = date.fromisoformat(value)
    if found is None:
        message = f"{value!r} is not a date; write for example {example}"
        raise ValueError(message)
    if not FIRST_DATE <= found < LAST_DATE:
        message = f"{found} does not lie in the years {FIRST_DATE.year} to {LAST_DATE.year - 1}"
        raise ValueError(message)
    return found


Date = Annotated[date, BeforeValidator(date_of)]
"""A day; pydantic by itself takes a number for an epoch."""


def in_order(found: dict[Any, Any]) -> dict[Any, Any]:
    """By day or by name, so that the same terms are the same text however the file orders them."""
    return {key: found[key] for key in sorted(found, key=str)}
