"""The day that the demo plays: the Monday after a trade fair, late in a month that began quietly."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from crm_simulator import Plan
from crm_simulator.leads.demand import leads_per_day, monthly_goal
from sla_rules.agreement.model import Agreement
from sla_rules.instants import HOUR, MINUTE, Instant
from sla_rules.time.calendar import Calendar
from sla_rules.time.periods import start_of

_DAYS_AFTER: Final = 5
_EARLIEST: Final = 9 * HOUR
"""Where an office opens at midnight, the demo begins in the morning all the same."""
_AFTER_OPENING: Final = 20 * MINUTE
_USUAL_GOAL: Final = 100.0
_QUIET: Final = 0.75
"""The month before ended short of its goal, and so would this one but for the fair."""
_MOST_LEADS_PER_DAY: Final = 100.0
_BROKEN: Final = 0.02
"""More broken records than usual, so that the day shows some."""
_FAIR: Final = {0: 30.0, -1: 7.0, -2: 7.0}
"""How many times the usual leads come, by days from the Monday."""


@dataclass(frozen=True, slots=True)
class Story:
    """What is simulated, since when the service listens to it, and when the curtain rises."""

    plan: Plan
    listens_since: Instant
    begins: Instant


def story_of(agreements: Sequence[Agreement], seed: int) -> Story:
    """The story that fits the agreements: a Monday on which all are in force and the first one's office is open.

    What came before the curtain is history from the first of the month before: long enough for terms of weeks to fall due
    on the day, and for the periods that end meanwhile to be judged whole.
    """
    hours = agreements[0].calendar
    calendar = Calendar(hours)
    first, monday = _days(agreements, calendar)
    midnight = start_of(monday, calendar.zone)
    plan = Plan(
        first=first,
        days=(monday - first).days + _DAYS_AFTER,
        leads_per_day=_leads_per_day(agreements),
        seed=seed,
        hours=hours,
        broken_share=_BROKEN,
        rushes={monday + timedelta(day): times for day, times in _FAIR.items()},
    )
    begins = max(calendar.next_open(midnight), midnight + _EARLIEST) + _AFTER_OPENING
    return Story(plan, start_of(first, calendar.zone), begins)


def _days(agreements: Sequence[Agreement], calendar: Calendar) -> tuple[date, date]:
    """The first of the first month that all agreements are in force in, and the fourth Monday of the month after; a later one on holidays."""
    since = {agreement.agreement: agreement.effective_from for agreement in reversed(agreements)}
    first = _next_month(max(since.values()) - timedelta(days=1))
    month = _next_month(first)
    monday = month + timedelta(days=21 + (-month.weekday()) % 7)
    while not calendar.between(start_of(monday, calendar.zone), start_of(monday + timedelta(1), calendar.zone)):
        monday += timedelta(weeks=1)
    return first, monday


def _next_month(day: date) -> date:
    """The first of the month after that of a day."""
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)


def _leads_per_day(agreements: Sequence[Agreement]) -> float:
    """So many that the first monthly goal of leads is nearly met."""
    goal = monthly_goal(agreements)
    return min(leads_per_day((_USUAL_GOAL if goal is None else goal) * _QUIET), _MOST_LEADS_PER_DAY)
