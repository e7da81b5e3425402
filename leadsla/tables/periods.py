"""How a report's periods and instants are named on a terminal, in the agreement's zone."""

from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from sla_rules.instants import Instant, moment
from sla_rules.reports.calendar_period import CalendarPeriod
from sla_rules.time.periods import JANUARY

NOTHING: Final = "-"


def label_of(period: CalendarPeriod, zone: ZoneInfo, year_begins: int) -> str:
    """As `week 2026-W10`; houses number the years of their own differently, so those go by their first day."""
    first = local(period.start, zone)
    names = {"day": "%a %Y-%m-%d", "week": "week %G-W%V", "month": "month %Y-%m", "year": "year %Y"}
    names["quarter"] = f"quarter %Y-Q{(first.month + 2) // 3}"
    if year_begins != JANUARY:
        names |= {name: f"{name} from %Y-%m-%d" for name in ("quarter", "year")}
    return first.strftime(names[period.interval])


def day_of(at: Instant, zone: ZoneInfo) -> str:
    """As `2026-03-02`."""
    return f"{local(at, zone):%Y-%m-%d}"


def local(at: Instant, zone: ZoneInfo) -> datetime:
    """An instant of a report."""
    return moment(at).astimezone(zone)
