"""Instants and durations: whole microseconds, so that sums are exact and comparisons never round.

An instant counts from 1970-01-01T00:00:00Z. A duration is written in agreements as `90s`, `1h30m`, `14d`.
"""

import re
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Final

Instant = int
Duration = int

MICROSECOND: Final = timedelta(microseconds=1)
SECOND: Final[Duration] = 1_000_000
MINUTE: Final[Duration] = 60 * SECOND
HOUR: Final[Duration] = 60 * MINUTE
DAY: Final[Duration] = 24 * HOUR
WEEK: Final[Duration] = 7 * DAY

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)

EARLIEST: Final[Instant] = 0
"""Years before this are a CRM's way of saying that it has no time."""
LATEST: Final[Instant] = (datetime(3000, 1, 1, tzinfo=UTC) - EPOCH) // MICROSECOND
"""Nothing is published of a time after this: what deadlines and periods add to it still lies in the calendar's years."""

_END_OF_DAY: Final = re.compile(r"(?<=\d[Tt ])24(?=(:?00){0,2}(\.0+)?([Zz+-]|$))")
_UNITS: Final = {"w": WEEK, "d": DAY, "h": HOUR, "m": MINUTE, "s": SECOND}
_PARTS: Final = re.compile(r"(\d+)([wdhms])")
DURATION_PATTERN: Final = r"^(\d+w)?(\d+d)?(\d+h)?(\d+m)?(\d+s)?$"
_WHOLE: Final = re.compile(DURATION_PATTERN)
_LONGEST: Final = 100
"""Characters of a duration; integers have no bound, and their digits cost the square of their number."""


def instant(moment: datetime) -> Instant:
    """The instant of an aware datetime.

    Raises:
        ValueError: the datetime has no offset.

    """
    if moment.tzinfo is None:
        message = f"{moment.isoformat()} has no UTC offset"
        raise ValueError(message)
    return (moment - EPOCH) // MICROSECOND


def parse_instant(text: str) -> Instant:
    """An instant as ISO 8601 has it, with its offset; `2026-03-14T24:00:00Z` is the midnight that ends the day.

    Raises:
        ValueError: it is none, or has no offset.
        OverflowError: it lies beyond the years that there are.

    """
    as_begun, ends_day = _END_OF_DAY.subn("00", text)
    return instant(datetime.fromisoformat(as_begun)) + ends_day * DAY


def moment(at: Instant) -> datetime:
    """The UTC datetime of an instant."""
    return EPOCH + timedelta(0, 0, at)


def iso(at: Instant) -> str:
    """RFC 3339 in UTC, as `2026-03-14T15:04:54Z`; a fraction only where there is one."""
    return moment(at).isoformat().replace("+00:00", "Z")


def seconds(duration: Duration) -> float:
    """Seconds of a duration, for figures shown to people and machines."""
    return duration / SECOND


def parse_duration(text: object) -> Duration:
    """`1h30m` as microseconds; units w, d, h, m, s, largest first, each at most once.

    A day here is 24 hours: what a working day is worth, the calendar says.

    Raises:
        ValueError: the text is not a duration.

    """
    if not isinstance(text, str) or not 0 < len(text) <= _LONGEST or not _WHOLE.fullmatch(text):
        message = f"{text!r} is not a duration; write for example 90s, 30m, 1h30m or 14d"
        raise ValueError(message)
    return sum(int(count) * _UNITS[unit] for count, unit in _PARTS.findall(text))


@lru_cache(maxsize=1_000)
def format_duration(duration: Duration) -> str:
    """The shortest text that `parse_duration` reads back as the same duration (whole seconds; fractions are cut)."""
    rest = duration
    parts = []
    for unit in ("d", "h", "m", "s"):
        count, rest = divmod(rest, _UNITS[unit])
        if count:
            parts.append(f"{count}{unit}")
    return "".join(parts) or "0s"
