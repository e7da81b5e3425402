"""Figures as people read them."""

from collections.abc import Mapping
from typing import Any, Final, assert_never

from leadsla.demo.agreement_events import ToldEvent
from leadsla.demo.figures import Figure, Name, Unit
from sla_rules.reports.agreement_event import EventType

_MINUTE: Final = 60
_HOUR: Final = 60 * _MINUTE
_DAY: Final = 24 * _HOUR
_TWO_DIGITS: Final = 10

NAMES: Final[Mapping[Name, str]] = {"average": "on average", "in_time": "in time", "delivered": "delivered by now"}
NOTHING: Final = "-"
EVENT_NAMES: Final[Mapping[EventType, str]] = {
    "sla.goal_reached.v1": "goal reached",
    "sla.period_met.v1": "period met",
    "sla.period_missed.v1": "period missed",
    "sla.credit_due.v1": "credit due",
    "sla.remedy_due.v1": "remedy due",
    "sla.remedy_overdue.v1": "remedy overdue",
    "sla.cancellation_near.v1": "cancellation near",
    "sla.cancellation_reached.v1": "cancellation",
    "sla.best_week.v1": "best week",
}


def duration(seconds: float) -> str:
    """The two largest units: `24 min`, `1 h 05`, `2 d 4 h`."""
    minutes = round(seconds / _MINUTE)
    if seconds < _MINUTE:
        return f"{seconds:.0f} s"
    if minutes * _MINUTE < _HOUR:
        return f"{minutes} min"
    if minutes * _MINUTE < _DAY:
        return f"{minutes // 60} h {minutes % 60:02}"
    hours = round(seconds / _HOUR)
    return f"{hours // 24} d {hours % 24} h"


def value(number: float | None, unit: Unit) -> str:
    """A value with its unit; a dash where there is none."""
    if number is None:
        return NOTHING
    match unit:
        case "duration":
            return duration(number)
        case "share":
            return f"{number:.0%}"
        case "attempts":
            return f"{number:.1f}"
        case "leads":
            return f"{number:.0f}" if number >= _TWO_DIGITS or number == round(number) else f"{number:.1f}"


def agreed(figure: Figure) -> str:
    """What was agreed, with the direction that is the good one."""
    return f"{'≤' if figure.goal == 'at_most' else '≥'} {value(figure.agreed, figure.unit)}"


def said(event: ToldEvent) -> str:
    """What an agreement event says, behind what it is called."""
    data = event.data
    title, name = data.get("title") or data.get("obligation"), data.get("name")
    match event.type:
        case "sla.cancellation_near.v1" | "sla.cancellation_reached.v1":
            periods = data["periods"]
            return f"{len(periods)} of {data['missed_in_a_row']} missed in a row: {', '.join(periods)}"
        case "sla.goal_reached.v1":
            return f"{title}: {_number(data['agreed'])} of {_number(data['agreed'])} in {name}"
        case "sla.period_met.v1" | "sla.period_missed.v1":
            return f"{title}: {_share(data['attainment'])} in {name}"
        case "sla.credit_due.v1":
            return f"{_share(data['credit'])} of the fee for {name}{_amount(data)} to {data['recipient_name']}: {title}"
        case "sla.remedy_due.v1" | "sla.remedy_overdue.v1":
            return f"{data['owner']}: {data['action']}"
        case "sla.best_week.v1":
            say = _share if data["measure"] == "share" else _number
            return f"{title}: {say(data['found'])} in {name}, at best {say(data['best_before'])} before"
        case _:
            assert_never(event.type)


def _share(number: float | str | None) -> str:
    return NOTHING if number is None else f"{float(number):.0%}"


def _number(number: float) -> str:
    return f"{number:,.10g}"


def _amount(data: Mapping[str, Any]) -> str:
    """A credit's money, between commas; nothing where no fee is agreed."""
    if data["amount"] is None:
        return ""
    currency = f" {data['currency']}" if data["currency"] else ""
    return f", {float(data['amount']):,.2f}{currency},"
