"""How periods are called, in events and on the command line: `2026-03-02`, `2026-W10`, `2026-03`, `2026-Q1`, `2026`.

Weeks are those of ISO 8601. A year that begins with another month than January is called by the calendar year that it begins in,
and its quarters are counted from there: from April on, `2026-Q4` is January to March 2027.
"""

import re
from datetime import date
from typing import Final, NamedTuple

from sla_rules.notation import FIRST_DATE, LAST_DATE, Granularity
from sla_rules.time.periods import JANUARY, first_day

FORMS: Final = "a day as 2026-03-02, a week as 2026-W10, a month as 2026-03, a quarter as 2026-Q1, a year as 2026"
PATTERN: Final = r"^([0-9]{4})(?:-W([0-9]{2})|-Q([1-4])|-([0-9]{2})(?:-([0-9]{2}))?)?$"
_FORM: Final = re.compile(PATTERN)


class NamedPeriod(NamedTuple):
    """A period by its first day."""

    interval: Granularity
    first: date


class Numbered(NamedTuple):
    """Which week, month or quarter of which year a period is; a day is the first of its own, and so is a year."""

    year: int
    number: int


def numbered(interval: Granularity, first: date, year_begins: int = JANUARY) -> Numbered:
    """The year and the number of the period that begins on `first`, where years begin with the month of this number."""
    match interval:
        case "day":
            return Numbered(first.year, 1)
        case "week":
            year, week, _ = first.isocalendar()
            return Numbered(year, week)
        case "month":
            return Numbered(first.year, first.month)
        case "quarter" | "year":
            year = first_day("year", first, year_begins).year
            return Numbered(year, ((first.year - year) * 12 + first.month - year_begins) // 3 + 1)


def period_name(interval: Granularity, first: date, year_begins: int = JANUARY) -> str:
    """The name of the period that begins on `first`."""
    year, number = numbered(interval, first, year_begins)
    match interval:
        case "day":
            return first.isoformat()
        case "week":
            return f"{year}-W{number:02}"
        case "month":
            return f"{year}-{number:02}"
        case "quarter":
            return f"{year}-Q{number}"
        case "year":
            return str(year)


def named_period(name: str, year_begins: int = JANUARY) -> NamedPeriod:
    """The period that is called so.

    Raises:
        ValueError: none is, or calendars do not reach so far.

    """
    found = _FORM.fullmatch(name)
    if found is None:
        message = f"{name!r} is no period; write {FORMS}"
        raise ValueError(message)
    year, week, quarter, month, day = (int(part or 0) for part in found.groups())
    if not FIRST_DATE.year <= year < LAST_DATE.year:
        message = f"{name!r} does not lie in the years {FIRST_DATE.year} to {LAST_DATE.year - 1}"
        raise ValueError(message)
    try:
        if found[2]:
            return NamedPeriod("week", date.fromisocalendar(year, week, 1))
        if found[3]:
            months = year_begins - 1 + 3 * (quarter - 1)
            return NamedPeriod("quarter", date(year + months // 12, months % 12 + 1, 1))
        if found[5]:
            return NamedPeriod("day", date(year, month, day))
        return (
            NamedPeriod("month", date(year, month, 1)) if found[4] else NamedPeriod("year", date(year, year_begins, 1))
        )
    except ValueError:
        last = f"; the last week of {year} is W{_last_week_of(year)}" if found[2] else ""
        message = (
            f"{name!r} is no period: there is no such {'week' if found[2] else 'day' if found[5] else 'month'}{last}"
        )
        raise ValueError(message) from None


def _last_week_of(year: int) -> int:
    return date(year, 12, 28).isocalendar().week  # wherever its last Thursday falls
