"""How agreed terms are said to people in marketing and sales."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from sla_rules.agreement.conditions import Condition, Matcher, Range
from sla_rules.agreement.deadlines import Deadline
from sla_rules.agreement.model import Agreement
from sla_rules.agreement.obligations import Obligation
from sla_rules.agreement.schedules import RecurringSchedule
from sla_rules.instants import DAY, HOUR, MINUTE, SECOND, Duration
from sla_rules.notation import Granularity, Weekday, time_of_day
from sla_rules.time.working_days import WorkingDays

CURRENT: Final[dict[Granularity, str]] = {
    "day": "today",
    "week": "this week",
    "month": "this month",
    "quarter": "this quarter",
    "year": "this year",
}
WEEKDAY: Final[dict[Weekday, str]] = {
    "mon": "Monday",
    "tue": "Tuesday",
    "wed": "Wednesday",
    "thu": "Thursday",
    "fri": "Friday",
    "sat": "Saturday",
    "sun": "Sunday",
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
    """`1 hour of working time`, `14 days`, `2 working days (until closing)`."""
    within = agreed.within
    return by_clock(within, agreed) if isinstance(within, int) else _working_days(within)


def by_clock(duration: Duration, agreed: Deadline) -> str:
    """A span that the clock of a deadline measures."""
    return spoken(duration) + (" of working time" if agreed.clock == "working" else "")


def due_times(due: RecurringSchedule) -> str:
    """`on Monday and Friday at 17:00`, `on day 1 and 15 of the month at 09:00 until 2026-12-31`, and what of closed days."""
    days = (
        listed([WEEKDAY[day] for day in due.weekdays])
        if due.weekdays
        else f"day {listed([str(day) for day in due.days_of_month])} of the month"
    )
    until = f" until {due.until.isoformat()}" if due.until is not None else ""
    closed = "" if due.on_closed_day == "same" else f" (the {due.on_closed_day} open day where that is closed)"
    return f"on {days} at {time_of_day(due.at)}{until}{closed}"


def condition(agreed: Condition) -> str:
    """`region EMEA or APAC, score at least 60 and below 80`."""
    return ", ".join(f"{name.removeprefix('attributes.')} {_matched(matcher)}" for name, matcher in agreed.items())


def sentence(words: str) -> str:
    """Words as a sentence of their own."""
    return f"{words[:1].upper()}{words[1:]}."


def listed(items: Sequence[str], last: str = "and") -> str:
    """`a, b and c`."""
    return f" {last} ".join(part for part in (", ".join(items[:-1]), *items[-1:]) if part)


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


def _working_days(within: WorkingDays) -> str:
    besides = ["until closing"] if within.end_of_day else []
    if within.cut_off is not None:
        besides.append(f"a start after {time_of_day(within.cut_off)} counts as the next day's")
    count = within.working_days
    return f"{count} working day{'s' if count > 1 else ''}" + (f" ({'; '.join(besides)})" if besides else "")


def _matched(matcher: Matcher) -> str:
    if isinstance(matcher, Range):
        bounds = (("at least", matcher.at_least), ("below", matcher.below))
        return " and ".join(f"{word} {bound:g}" for word, bound in bounds if bound is not None) or "any number"
    if isinstance(matcher, tuple):
        return listed(matcher, "or")
    return ("no", "yes")[matcher] if isinstance(matcher, bool) else str(matcher)
