"""Days, weeks (from Monday, ISO 8601), months, quarters and years of a zone, as half-open periods."""

from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sla_rules.instants import HOUR, Instant, instant, moment
from sla_rules.intervals import Segment
from sla_rules.notation import Interval


class Period(NamedTuple):
    """One calendar period of a zone: its first day, and the instants `[start, end)` it covers."""

    interval: Interval
    first: date
    start: Instant
    end: Instant

    @property
    def segment(self) -> Segment:
        """The instants covered."""
        return Segment(self.start, self.end)


def period_of(interval: Interval, at: Instant, zone: ZoneInfo) -> Period:
    """The period of `zone` that holds the instant."""
    return period_from(interval, first_day(interval, day_of(at, zone)), zone)


def day_of(at: Instant, zone: ZoneInfo) -> date:
    """The local day of an instant: that of its hour, unless the day changes within the hour."""
    return _day_of_hour(at // HOUR, zone) or moment(at).astimezone(zone).date()


@lru_cache(maxsize=100_000)
def _day_of_hour(hour: int, zone: ZoneInfo) -> date | None:
    first = moment(hour * HOUR).astimezone(zone).date()
    return first if moment((hour + 1) * HOUR - 1).astimezone(zone).date() == first else None


def first_day(interval: Interval, day: date) -> date:
    """The first day of the period that holds `day`."""
    match interval:
        case "day":
            return day
        case "week":
            return day - timedelta(days=day.weekday())
        case "month":
            return day.replace(day=1)
        case "quarter":
            return date(day.year, day.month - (day.month - 1) % 3, 1)
        case "year":
            return date(day.year, 1, 1)


def next_first_day(interval: Interval, first: date) -> date:
    """The first day of the period after the one that begins on `first`."""
    if interval in {"day", "week"}:
        return first + timedelta(days=1 if interval == "day" else 7)
    months = first.month - 1 + {"month": 1, "quarter": 3, "year": 12}[interval]
    return date(first.year + months // 12, months % 12 + 1, 1)


@lru_cache(maxsize=100_000)
def period_from(interval: Interval, first: date, zone: ZoneInfo) -> Period:
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
