"""A calendar period of the agreement's zone, as results hold it."""

from msgspec import Struct

from sla_rules.figures.units import Time
from sla_rules.notation import Granularity
from sla_rules.time.periods import Period


class CalendarPeriod(Struct, frozen=True):
    """One day, week, month, quarter or year."""

    interval: Granularity
    """Which calendar window it is."""
    start: Time
    """When it begins."""
    end: Time
    """When it ends; the next begins then."""

    @classmethod
    def of(cls, period: Period) -> "CalendarPeriod":
        """The same without its first day."""
        return cls(period.interval, period.start, period.end)
