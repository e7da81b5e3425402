"""Days as calendars name them: one date, or the same one of every year."""

import re
from collections.abc import Collection, Mapping
from contextlib import suppress
from datetime import date
from typing import Annotated, Final, TypeVar

from pydantic import BeforeValidator, WithJsonSchema

from sla_rules.notation import date_of

_A_LEAP_YEAR: Final = 2000
_PATTERN: Final = r"^(\d{4}-)?\d\d-\d\d$"
Told = TypeVar("Told")


def _day(value: object) -> object:
    match = re.fullmatch(r"(\d{1,2})-(\d{1,2})", value) if isinstance(value, str) else None
    if match is None:
        return date_of(value, example="2026-12-24, or 12-24 for every year")
    meant = _meant(*map(int, match.groups()))
    if meant is None:
        message = f"{value!r} is a day of no year; write for example 12-24"
        raise ValueError(message)
    if meant != value:
        message = f"{value!r} is no day of a year; the month goes first, in two digits each: write {meant}"
        raise ValueError(message)
    return meant


def _meant(first: int, second: int) -> str | None:
    for month, day in ((first, second), (second, first)):
        with suppress(ValueError):
            return yearly(date(_A_LEAP_YEAR, month, day))
    return None


Day = Annotated[
    date | str,
    BeforeValidator(_day),
    WithJsonSchema({"type": "string", "pattern": _PATTERN, "examples": ["2026-12-24", "12-24"]}),
]
"""One date, `2026-12-24`, or that of every year, `12-24`; 02-29 comes in leap years alone."""


def yearly(day: date) -> str:
    """What a date is called every year: `12-24`."""
    return day.isoformat()[5:]


def among(day: date, days: Collection[date | str]) -> bool:
    """Whether a date is one of some days."""
    return bool(days) and (day in days or yearly(day) in days)


def told_of(day: date, by_day: Mapping[date | str, Told]) -> Told | None:
    """What is told of a date: by itself, else of every year; None where nothing is."""
    return by_day.get(day, by_day.get(yearly(day))) if by_day else None
