"""The agreement between the parties, as frozen pydantic models: who, when, what is owed, and to whom to turn."""

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Final, Literal, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import holidays
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    ValidationInfo,
    WithJsonSchema,
    field_validator,
    model_validator,
)

from sla_rules.instants import DAY, DURATION_PATTERN, format_duration, parse_duration
from sla_rules.names import ALL_SEGMENTS, UNMATCHED

Interval = Literal["day", "week", "month", "quarter", "year"]
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEKDAYS: Final[tuple[Weekday, ...]] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MINUTES_OF_DAY: Final = 24 * 60
RESERVED_SEGMENTS: Final = (ALL_SEGMENTS, UNMATCHED)

Identifier = Annotated[
    str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,62}$", description="Lower-case letters, digits and dashes.")
]


IN_A_FILE: Final = {"in a file": True}
"""The context of values as somebody wrote them: a bare number there has no unit, while code counts in ours."""

LONGEST: Final = 3_660 * DAY


def _duration(value: object, info: ValidationInfo) -> object:
    if isinstance(value, str) or info.context:
        duration = parse_duration(value)
        if duration > LONGEST:
            message = f"{value!r} is longer than ten years"
            raise ValueError(message)
        return duration
    return value


Duration = Annotated[
    int,
    BeforeValidator(_duration),
    Field(gt=0),
    PlainSerializer(format_duration, return_type=str, when_used="json"),
    WithJsonSchema({"type": "string", "pattern": DURATION_PATTERN, "examples": ["90s", "1h30m", "14d"]}),
]
"""Microseconds; in the file `90s`, `1h30m`, `14d`."""


def _shortest(number: Decimal) -> Decimal:
    """100 for 100.0, 0.9 for 0.90."""
    return Decimal(f"{number.normalize():f}")


def _percentage(value: object) -> object:
    if isinstance(value, str) and (match := re.fullmatch(r"(\d+(?:\.\d+)?) ?%", value)):
        return Decimal(match[1]) / 100
    return str(value) if isinstance(value, float) else value


Share = Annotated[
    Decimal,
    BeforeValidator(_percentage),
    Field(gt=0, le=1),
    AfterValidator(_shortest),
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


def _minute_of_day(value: object, info: ValidationInfo) -> object:
    if isinstance(value, str) or info.context:
        match = re.fullmatch(r"([01]\d|2[0-3]):([0-5]\d)", value) if isinstance(value, str) else None
        if match:
            return int(match[1]) * 60 + int(match[2])
        if value == "24:00":
            return MINUTES_OF_DAY
        message = f"{value!r} is not a time of day; write HH:MM from 00:00 to 24:00"
        raise ValueError(message)
    return value


def _time_of_day(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


TimeOfDay = Annotated[
    int,
    BeforeValidator(_minute_of_day),
    Field(ge=0, le=MINUTES_OF_DAY),
    PlainSerializer(_time_of_day, return_type=str, when_used="json"),
    WithJsonSchema({"type": "string", "pattern": r"^(([01]\d|2[0-3]):[0-5]\d|24:00)$"}),
]
"""Minute of the day; in the file `09:00`; `24:00` is the next midnight."""


def _span(span: tuple[int, int]) -> tuple[int, int]:
    if span[0] == span[1]:
        message = "a span of hours needs two different times; a whole day is ['00:00', '24:00']"
        raise ValueError(message)
    return span


Span = Annotated[tuple[TimeOfDay, TimeOfDay], AfterValidator(_span)]
"""From (open) to (closed), half-open; a span that ends at or before its start crosses midnight."""


def _date(value: object) -> object:
    if isinstance(value, date):
        return value
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", value):
        with suppress(ValueError):
            return date.fromisoformat(value)
    message = f"{value!r} is not a date; write for example 2026-12-24"
    raise ValueError(message)


Date = Annotated[date, BeforeValidator(_date)]
"""A day; pydantic by itself takes a number for an epoch."""


def _zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        message = f"{value!r} is not an IANA time zone; write for example Europe/Berlin"
        raise ValueError(message) from None
    return value


TimeZone = Annotated[str, AfterValidator(_zone)]


Hours = tuple[Span, ...]


def _week_in_order(hours: dict[Weekday, Hours]) -> dict[Weekday, Hours]:
    return {day: hours[day] for day in WEEKDAYS if day in hours}


def _in_order(found: dict[Any, Any]) -> dict[Any, Any]:
    """By day or by name, so that the same terms are the same text however the file orders them."""
    return {key: found[key] for key in sorted(found)}


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Holidays(_Model):
    """Public holidays of a country (and region) by the `holidays` library, plus dates of one's own."""

    country: str | None = None
    region: str | None = None
    dates: tuple[Date, ...] = ()

    @model_validator(mode="after")
    def _is_known(self) -> Self:
        supported = holidays.list_supported_countries()
        if self.region and not self.country:
            message = "a region needs its country"
            raise ValueError(message)
        if self.country and self.country not in supported:
            message = f"no holidays are known for country {self.country!r}; use an ISO 3166 code such as DE or US"
            raise ValueError(message)
        if self.country and self.region and self.region not in supported[self.country]:
            known = ", ".join(supported[self.country]) or "none"
            message = f"no region {self.region!r} of {self.country}; known: {known}"
            raise ValueError(message)
        return self


class WorkingHours(_Model):
    """When the provider works: weekly hours, less holidays, with other hours on single dates, less breaks."""

    time_zone: TimeZone
    weekly_hours: Annotated[dict[Weekday, Hours], AfterValidator(_week_in_order)]
    holidays: Holidays = Holidays()
    date_overrides: Annotated[dict[Date, Hours], AfterValidator(_in_order)] = Field(default_factory=dict)
    breaks: Annotated[dict[Date, Hours], AfterValidator(_in_order)] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _opens_sometimes(self) -> Self:
        if not any(self.weekly_hours.values()):
            message = "weekly_hours opens on no day"
            raise ValueError(message)
        return self


class Contact(_Model):
    """A point of contact; each way to reach it becomes an Alertmanager receiver."""

    name: Annotated[str, Field(min_length=1)]
    role: str | None = None
    email: Annotated[str, Field(pattern=r"^[^@\s]+@[^@\s]+$")] | None = None
    webhook: Annotated[str, Field(pattern=r"^https?://\S+$")] | None = None
    reports_to: str | None = None
    pages: bool = True
    """Whether alerts go there; reports always do."""


class Party(_Model):
    """One side of the agreement."""

    name: Annotated[str, Field(min_length=1)]
    goals: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    contacts: Annotated[tuple[Contact, ...], Field(min_length=1)]


class Range(_Model):
    """A numeric condition, half-open: at least, and below."""

    at_least: float | None = None
    below: float | None = None


Matcher = str | int | float | bool | tuple[str, ...] | Range
Condition = Annotated[
    dict[
        Annotated[
            str, Field(pattern=r"^(role|region|product|score|source_channel|campaign|generated_by|attributes\.\S+)$")
        ],
        Matcher,
    ],
    AfterValidator(_in_order),
]
"""Every named field of the lead has to match: a value, one of several, or a range."""


class Segment(_Model):
    """Leads of one sort; the first segment whose condition matches is the lead's."""

    id: Identifier
    when: Condition = Field(default_factory=dict)
    value: Annotated[Decimal, Field(ge=0), AfterValidator(_shortest)] | None = None
    """What one such lead is worth towards a goal of value."""


class FollowUp(_Model):
    """Which contact attempts count."""

    channels: tuple[str, ...] | None = None
    """None: every channel."""
    directions: tuple[Literal["outbound", "inbound"], ...] = ("outbound",)
    automation: bool = False
    minimum_duration: Annotated[
        int,
        BeforeValidator(_duration),
        Field(ge=0),
        PlainSerializer(format_duration, return_type=str, when_used="json"),
        WithJsonSchema({"type": "string", "pattern": DURATION_PATTERN}),
    ] = 0
    """For attempts that carry a duration; one without is not held against it."""


class Deadline(_Model):
    """Within how long, by which clock."""

    within: Duration
    clock: Literal["working", "wall"] = "working"


class _Obligation(_Model):
    id: Identifier
    title: str | None = None
    provider: Identifier
    recipient: Identifier
    intervals: Annotated[tuple[Interval, ...], Field(min_length=1)] = ("day", "week", "month")


class SpeedTarget(_Model):
    """How fast on average, and which share within the deadline."""

    average: Duration | None = None
    share: Share | None = None


class Speed(_Obligation):
    """From the hand-off to the first follow-up."""

    kind: Literal["speed"]
    deadline: Deadline
    target: SpeedTarget = SpeedTarget()
    bands: tuple[Duration, ...] = (300_000_000, 3_600_000_000, 86_400_000_000)
    follow_up: FollowUp = FollowUp()

    @field_validator("bands")
    @classmethod
    def _rise(cls, bands: tuple[int, ...]) -> tuple[int, ...]:
        if list(bands) != sorted(set(bands)):
            message = "bands have to rise"
            raise ValueError(message)
        return bands


class DepthTarget(_Model):
    """How many attempts a lead not connected gets on average."""

    average: Annotated[Decimal, Field(gt=0), AfterValidator(_shortest)] | None = None
    share: Share | None = None


class Depth(_Obligation):
    """Attempts on leads that have not been connected."""

    kind: Literal["depth"]
    attempts: Annotated[int, Field(ge=1)]
    deadline: Deadline
    target: DepthTarget = DepthTarget()
    closed_leads: Literal["counted", "left_out"]
    """Whether unconnected leads that were closed stay in the average; it has no default because it changes the answer."""
    follow_up: FollowUp = FollowUp()


class Volume(_Obligation):
    """How many leads, or how much value of leads, are delivered."""

    kind: Literal["volume"]
    goal: Annotated[Decimal, Field(gt=0), AfterValidator(_shortest)]
    interval: Interval = "month"
    measure: Literal["leads", "value"] = "leads"
    goal_line: Literal["calendar_days", "working_days"] = "calendar_days"


Obligation = Annotated[Speed | Depth | Volume, Field(discriminator="kind")]


Place = tuple[int | str, ...]


class Misfits(ValueError):
    """Parts of an agreement that are right by themselves and do not fit together, each with its place."""

    def __init__(self, misfits: tuple[tuple[Place, str], ...]) -> None:
        self.misfits = misfits
        super().__init__("; ".join(message for _, message in misfits))


class Agreement(_Model):
    """One version of one agreement."""

    agreement: Identifier
    version: Annotated[str, Field(min_length=1, max_length=64)]
    effective_from: Date
    """From the start of this day in the calendar's zone."""
    type: Literal["customer", "internal", "multilevel"]
    title: Annotated[str, Field(min_length=1)]
    summary: str = ""
    parties: dict[Identifier, Party]
    calendar: WorkingHours
    applies_to: Condition = Field(default_factory=dict)
    segments: tuple[Segment, ...] = ()
    obligations: Annotated[tuple[Obligation, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if misfits := tuple(_misfits(self)):
            raise Misfits(misfits)
        return self


def _misfits(agreement: Agreement) -> Iterator[tuple[Place, str]]:
    least = 3 if agreement.type == "multilevel" else 2
    if len(agreement.parties) < least:
        yield ("parties",), f"an agreement of type {agreement.type} needs at least {least} parties"
    yield from _taken_ids("segments", agreement.segments)
    yield from _taken_ids("obligations", agreement.obligations)
    for number, segment in enumerate(agreement.segments):
        if segment.id in RESERVED_SEGMENTS:
            yield ("segments", number, "id"), f"{segment.id!r} has a meaning of its own; choose another"
    for number, obligation in enumerate(agreement.obligations):
        for side in ("provider", "recipient"):
            party = getattr(obligation, side)
            if party not in agreement.parties:
                yield ("obligations", number, side), f"no party {party!r}; known: {', '.join(agreement.parties)}"
        if isinstance(obligation, Volume):
            yield from _volume_misfits(agreement, number, obligation)


def _taken_ids(part: str, items: Sequence[Segment | Obligation]) -> Iterator[tuple[Place, str]]:
    seen = set[str]()
    for number, item in enumerate(items):
        if item.id in seen:
            yield (part, number, "id"), f"{item.id!r} is taken already"
        seen.add(item.id)


def _volume_misfits(agreement: Agreement, number: int, volume: Volume) -> Iterator[tuple[Place, str]]:
    if volume.interval not in volume.intervals:
        yield ("obligations", number, "intervals"), f"has to hold the goal's own interval, {volume.interval}"
    if volume.measure == "value" and not any(segment.value is not None for segment in agreement.segments):
        yield ("obligations", number, "measure"), "counts value, and no segment has a value"
