"""Days, weeks (from Monday, ISO 8601), months, quarters and years of a zone, as half-open periods.

A year is twelve months from the first of any month on; four quarters of three months each make it up.
"""

from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from sla_rules.instants import HOUR, Instant, instant, moment
from sla_rules.notation import Granularity
from sla_rules.time.intervals import Interval

JANUARY: Final = 1


class Period(NamedTuple):
    """One calendar period of a zone: its first day, and the instants `[start, end)` it covers."""

    interval: Granularity
    first: date
    start: Instant
    end: Instant

    @property
    def span(self) -> Interval:
        """The instants covered."""
        return Interval(self.start, self.end)


def period_of(interval: Granularity, at: Instant, zone: ZoneInfo, year_begins: int = JANUARY) -> Period:
    """The period of `zone` that holds the instant, where years begin with the month of this number."""
    return period_from(interval, first_day(interval, day_of(at, zone), year_begins), zone)


def day_of(at: Instant, zone: ZoneInfo) -> date:
    """The local day of an instant: that of its hour, unless the day changes within the hour."""
    return _day_of_hour(at // HOUR, zone) or moment(at).astimezone(zone).date()


@lru_cache(maxsize=100_000)
def _day_of_hour(hour: int, zone: ZoneInfo) -> date | None:
    first = moment(hour * HOUR).astimezone(zone).date()
    return first if moment((hour + 1) * HOUR - 1).astimezone(zone).date() == first else None


def first_day(interval: Granularity, day: date, year_begins: int = JANUARY) -> date:
    """The first day of the period that holds `day`, where years begin with the month of this number."""
    match interval:
        case "day":
            return day
        case "week":
            return day - timedelta(days=day.weekday())
        case "month":
            return day.replace(day=1)
        case "quarter":
            return _first_of_month(day, (day.month - year_begins) % 3)
        case "year":
            return _first_of_month(day, (day.month - year_begins) % 12)


def _first_of_month(day: date, months_before: int) -> date:
    """The first of the month that lies so many months, less than twelve, before that of `day`."""
    month = day.month - months_before
    return date(day.year, month, 1) if month > 0 else date(day.year - 1, month + 12, 1)


def next_first_day(interval: Granularity, first: date) -> date:
    """The first day of the period after the one that begins on `first`."""
    if interval in {"day", "week"}:
        return first + timedelta(days=1 if interval == "day" else 7)
    months = first.month - 1 + {"month": 1, "quarter": 3, "year": 12}[interval]
    return date(first.year + months // 12, months % 12 + 1, 1)


@lru_cache(maxsize=100_000)
def period_from(interval: Granularity, first: date, zone: ZoneInfo) -> Period:
    """The period that begins on `first`."""
    return Period(interval, first, start_of(first, zone), start_of(next_first_day(interval, first), zone))


def start_of(day: date, zone: ZoneInfo) -> Instant:
    """The first instant of a day; where its midnight does not exist, one gap later."""
    return instant(datetime(day.year, day.month, day.day, tzinfo=zone))


def days_of(period: Period, zone: ZoneInfo) -> list[Period]:
    """The days of a period, in order."""
    days = []
    day = period.first
    while (one := period_from("day", day, zone)).start < period.end:
        days.append(one)
        day = next_first_day("day", day)
    return days
