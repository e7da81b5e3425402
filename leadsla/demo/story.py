"""The day that the demo plays: the Monday after a trade fair, in the middle of a month that began quietly."""

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

_WEEKS_BEFORE: Final = 4
"""History that is published before the curtain: long enough for terms of weeks to fall due on the day."""
_DAYS_AFTER: Final = 5
_EARLIEST: Final = 9 * HOUR
"""Where an office opens at midnight, the demo begins in the morning all the same."""
_AFTER_OPENING: Final = 20 * MINUTE
_USUAL_GOAL: Final = 100.0
_QUIET: Final = 0.55
"""Marketing is well behind its goal until the fair."""
_MOST_LEADS_PER_DAY: Final = 100.0
_BROKEN: Final = 0.02
"""More broken records than usual, so that the day shows some."""
_FAIR: Final = {0: 26.0, -1: 7.0, -2: 7.0}
"""How many times the usual leads come, by days from the Monday."""


@dataclass(frozen=True, slots=True)
class Story:
    """What is simulated, and when the curtain rises."""

    plan: Plan
    begins: Instant


def story_of(agreements: Sequence[Agreement], seed: int) -> Story:
    """The story that fits the agreements: a Monday on which all are in force and the first one's office is open."""
    hours = agreements[0].calendar
    calendar = Calendar(hours)
    monday = _a_monday(agreements, calendar)
    midnight = start_of(monday, calendar.zone)
    plan = Plan(
        first=monday - timedelta(weeks=_WEEKS_BEFORE),
        days=7 * _WEEKS_BEFORE + _DAYS_AFTER,
        leads_per_day=_leads_per_day(agreements),
        seed=seed,
        hours=hours,
        broken_share=_BROKEN,
        rushes={monday + timedelta(day): times for day, times in _FAIR.items()},
    )
    return Story(plan, max(calendar.next_open(midnight), midnight + _EARLIEST) + _AFTER_OPENING)


def _a_monday(agreements: Sequence[Agreement], calendar: Calendar) -> date:
    """The third Monday of a month that all agreements are in force in, and for weeks before; a later one on holidays."""
    since = {agreement.agreement: agreement.effective_from for agreement in reversed(agreements)}
    quiet = max(since.values()) + timedelta(weeks=_WEEKS_BEFORE)
    first = (quiet.replace(day=1) + timedelta(days=32)).replace(day=1)
    monday = first + timedelta(days=14 + (-first.weekday()) % 7)
    while not calendar.between(start_of(monday, calendar.zone), start_of(monday + timedelta(1), calendar.zone)):
        monday += timedelta(weeks=1)
    return monday


def _leads_per_day(agreements: Sequence[Agreement]) -> float:
    """So many that the first monthly goal of leads is nearly met."""
    goal = monthly_goal(agreements)
    return min(leads_per_day((_USUAL_GOAL if goal is None else goal) * _QUIET), _MOST_LEADS_PER_DAY)
