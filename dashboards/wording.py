"""How agreed terms are said to people in marketing and sales."""

from decimal import Decimal
from typing import Final

from sla_rules.agreement import Agreement
from sla_rules.instants import DAY, HOUR, MINUTE, SECOND, Duration
from sla_rules.notation import Interval
from sla_rules.terms import Deadline, Due, Obligation, Speed

CURRENT: Final[dict[Interval, str]] = {
    "day": "today",
    "week": "this week",
    "month": "this month",
    "quarter": "this quarter",
    "year": "this year",
}


def spoken(duration: Duration) -> str:
    """`1 hour 30 minutes`; parts below a second are cut."""
    parts = []
    for size, unit in ((DAY, "day"), (HOUR, "hour"), (MINUTE, "minute"), (SECOND, "second")):
        count, duration = divmod(duration, size)
        if count:
            parts.append(f"{count} {unit}{'s' if count > 1 else ''}")
    return " ".join(parts) or "0 seconds"


def deadline(agreed: Deadline) -> str:
    """`1 hour of working time`, `14 days`."""
    return spoken(agreed.within) + (" of working time" if agreed.clock == "working" else "")


def due_times(due: Due) -> str:
    """`due on mon and fri at 17:00`, `due on day 1 and 15 of the month at 09:00`."""
    days = due.weekdays or [f"day {day} of the month" for day in due.days_of_month]
    return f"due on {' and '.join(days)} at {due.at // 60:02}:{due.at % 60:02}"


def percentage(share: Decimal) -> str:
    """`90 %`, `99.5 %`."""
    return f"{number(share * 100)} %"


def number(value: Decimal) -> str:
    """Without trailing zeros and without an exponent."""
    return f"{value.normalize():f}"


def title(obligation: Obligation) -> str:
    """As the agreement calls it."""
    return obligation.title or obligation.id


def party(agreement: Agreement, name: str) -> str:
    """As the agreement calls the party."""
    return agreement.parties[name].name


def owed(obligation: Obligation) -> str:
    """What a lead gets from the provider."""
    if isinstance(obligation, Speed):
        return "a follow-up"
    attempts = getattr(obligation, "attempts", 1)
    return f"{attempts} attempts" if attempts > 1 else "an attempt"
