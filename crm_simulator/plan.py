"""What to simulate."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from typing import Final, Self

from crm_simulator.leads.demand import leads_per_day, monthly_goal
from sla_rules.agreement.model import Agreement
from sla_rules.agreement.obligations import Retention
from sla_rules.instants import Instant
from sla_rules.time.calendar import Calendar
from sla_rules.time.periods import first_day, start_of
from sla_rules.time.working_hours import WorkingHours

OFFICE_HOURS: Final = WorkingHours.model_validate(
    {
        "time_zone": "Europe/Berlin",
        "weekly_hours": {
            **dict.fromkeys(("mon", "tue", "wed", "thu"), (("09:00", "12:30"), ("13:30", "18:00"))),
            "fri": (("09:00", "12:30"), ("13:30", "16:00")),
        },
    }
)

USUAL_LEADS: Final = 100.0
"""Leads on a working day, where nothing else is said; no goal asks for more."""

BROKEN_SHARE: Final = 0.01
"""Broken records for each event, where nothing else is said."""


@dataclass(frozen=True)
class Plan:
    """Days at a CRM. Everything follows from these values; `leads_per_day` is the mean of a week's working days."""

    first: date
    days: int = 1
    leads_per_day: float = USUAL_LEADS
    seed: int = 1
    hours: WorkingHours = OFFICE_HOURS
    """When those who work on leads do so."""
    broken_share: float = BROKEN_SHARE
    """Broken records for each event; 0 for a CRM that makes no mistakes."""
    rushes: dict[date, float] = field(default_factory=dict)
    """Dates on which a campaign brings so many times the usual leads."""
    agreements: tuple[Agreement, ...] = ()
    """What is simulated is what they are about; without any, leads."""

    @classmethod
    def about(
        cls,
        agreements: Sequence[Agreement],
        first: date,
        days: int,
        seed: int,
        broken_share: float = BROKEN_SHARE,
        leads: float | None = None,
    ) -> Self:
        """Days under some agreements: by the hours of the first, with as many leads a day as the goal asks for, unless said."""
        if leads is None:
            goal = monthly_goal(agreements)
            leads = USUAL_LEADS if goal is None else min(leads_per_day(goal), USUAL_LEADS)
        hours = agreements[0].calendar if agreements else OFFICE_HOURS
        return cls(first, days, leads, seed, hours, broken_share, agreements=tuple(agreements))

    @cached_property
    def calendar(self) -> Calendar:
        """When the reps work."""
        return Calendar(self.hours)

    @property
    def begins(self) -> date:
        """The first day that is told of: where customers are to be kept, the first of the month before, or there was nobody to keep."""
        if any(isinstance(one, Retention) for agreement in self.agreements for one in agreement.obligations):
            return first_day("month", first_day("month", self.first) - timedelta(days=1))
        return self.first

    @property
    def after(self) -> date:
        """The day after the last."""
        return self.first + timedelta(days=self.days)

    @property
    def end(self) -> Instant:
        """The first instant after the last day, in the zone of the working hours."""
        return start_of(self.after, self.calendar.zone)
