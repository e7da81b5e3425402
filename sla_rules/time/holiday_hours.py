"""Which hours has a date because it is a public holiday?"""

from collections.abc import Mapping
from datetime import date

from sla_rules.time.public_holidays import PublicHolidays
from sla_rules.time.working_hours import Holidays, Hours, open_time


class HolidayHours:
    """The hours that dates have because they are public holidays."""

    def __init__(self, holidays: Holidays) -> None:
        self._known = None if holidays.country is None else PublicHolidays.of(holidays.country, holidays.region)
        self._left_out = self._by_name(dict.fromkeys(holidays.left_out, ()))
        self._open = self._by_name(holidays.open)

    def spans(self, day: date) -> Hours | None:
        """Of a holiday, nearly always none; None where the date is no holiday, or one that is left out.

        Of two on one date the shorter hours hold: where one of them is closed, it is closed.
        """
        names = () if self._known is None else self._known.on(day)
        hours = [
            next((self._open[name] for name in holiday if name in self._open), ())
            for holiday in names
            if self._left_out.keys().isdisjoint(holiday)
        ]
        return min(hours, key=open_time, default=None)

    def _by_name(self, told: Mapping[str, Hours]) -> Mapping[str, Hours]:
        if self._known is None:
            return {}
        return {name: hours for called, hours in told.items() for name in self._known.named(called)}
