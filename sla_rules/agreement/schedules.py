"""The dates on which something is due, as they stand in an agreement."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from sla_rules.notation import Date, Frozen, TimeOfDay, Weekday


class RecurringSchedule(Frozen):
    """When something is due, again and again: on weekdays, or on days of the month, at a local time."""

    weekdays: Annotated[tuple[Weekday, ...], Field(max_length=7)] = ()
    days_of_month: Annotated[tuple[Annotated[int, Field(ge=1, le=31)], ...], Field(max_length=31)] = ()
    """A day that the month does not have is its last."""
    at: TimeOfDay
    """In the zone of the agreement's calendar."""
    until: Date | None = None
    """The last day on which it may be due."""

    @model_validator(mode="after")
    def _is_due_sometimes(self) -> Self:
        if bool(self.weekdays) == bool(self.days_of_month):
            message = "needs either weekdays or days_of_month"
            raise ValueError(message)
        return self
