"""How a report's periods and instants are named on a terminal, in the agreement's zone."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from sla_rules.time.periods import JANUARY

NOTHING: Final = "-"


def label_of(period: Mapping[str, Any], zone: ZoneInfo, year_begins: int) -> str:
    """As `week 2026-W10`; houses number the years of their own differently, so those go by their first day."""
    first = local(period["start"], zone)
    names = {"day": "%a %Y-%m-%d", "week": "week %G-W%V", "month": "month %Y-%m", "year": "year %Y"}
    names["quarter"] = f"quarter %Y-Q{(first.month + 2) // 3}"
    if year_begins != JANUARY:
        names |= {name: f"{name} from %Y-%m-%d" for name in ("quarter", "year")}
    return first.strftime(names[period["interval"]])


def day_of(text: str, zone: ZoneInfo) -> str:
    """As `2026-03-02`."""
    return f"{local(text, zone):%Y-%m-%d}"


def local(text: str, zone: ZoneInfo) -> datetime:
    """An instant of a report."""
    return datetime.fromisoformat(text).astimezone(zone)
