"""The dates on which something is due, as they stand in an agreement."""

from calendar import monthrange
from collections.abc import Iterator
from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from sla_rules.fitting import Misfit, fits
from sla_rules.notation import WEEKDAYS, Date, Frozen, TimeOfDay, Weekday, distinct


class RecurringSchedule(Frozen):
    """When something is due, again and again: on weekdays, or on days of the month, at a local time."""

    weekdays: Annotated[tuple[Weekday, ...], Field(max_length=7), AfterValidator(distinct)] = ()
    days_of_month: Annotated[
        tuple[Annotated[int, Field(ge=1, le=31)], ...], Field(max_length=31), AfterValidator(distinct)
    ] = ()
    """A day that the month does not have is its last."""
    at: TimeOfDay
    """In the zone of the agreement's calendar."""
    until: Date | None = None
    """The last day on which it may be due."""
    on_closed_day: Literal["next", "previous", "same"] = "next"
    """When it is due that falls on a day without any open hours of the agreement's calendar: on the next day that has some, on
    the one before, or on that day all the same.
    """

    @fits
    def _is_due_on_days_of_one_sort(self) -> Iterator[Misfit]:
        if bool(self.weekdays) == bool(self.days_of_month):
            yield (), "needs either weekdays or days_of_month"

    def falls_on(self, day: date) -> bool:
        """Whether it is due on a day, whatever the last one is."""
        if self.weekdays:
            return WEEKDAYS[day.weekday()] in self.weekdays
        last = monthrange(day.year, day.month)[1]
        return any(day.day == min(wanted, last) for wanted in self.days_of_month)
