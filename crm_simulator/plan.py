"""What to simulate."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from typing import Final

from sla_rules.instants import Instant
from sla_rules.time.calendar import Calendar
from sla_rules.time.periods import start_of
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

BROKEN_SHARE: Final = 0.01
"""Broken records for each event, where nothing else is said."""


@dataclass(frozen=True)
class Plan:
    """Days at a CRM. Everything follows from these values; `leads_per_day` is the mean of a week's working days."""

    first: date
    days: int = 1
    leads_per_day: float = 100
    seed: int = 1
    hours: WorkingHours = OFFICE_HOURS
    broken_share: float = BROKEN_SHARE
    """Broken records for each event; 0 for a CRM that makes no mistakes."""
    rushes: dict[date, float] = field(default_factory=dict)
    """Dates on which a campaign brings so many times the usual leads."""

    @cached_property
    def calendar(self) -> Calendar:
        """When the reps work."""
        return Calendar(self.hours)

    @property
    def dates(self) -> list[date]:
        """The days, in order."""
        return [self.first + timedelta(days=number) for number in range(self.days)]

    @property
    def end(self) -> Instant:
        """The first instant after the last day, in the zone of the working hours."""
        return start_of(self.first + timedelta(days=self.days), self.calendar.zone)
