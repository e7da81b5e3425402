"""When somebody works, as it stands in an agreement: weekly hours, holidays, overrides, breaks, in one zone."""

from typing import Annotated, Self

import holidays
from pydantic import AfterValidator, Field, model_validator

from sla_rules.notation import WEEKDAYS, Date, Frozen, Span, TimeZone, Weekday, in_order

Hours = Annotated[tuple[Span, ...], Field(max_length=48)]


def _week_in_order(hours: dict[Weekday, Hours]) -> dict[Weekday, Hours]:
    return {day: hours[day] for day in WEEKDAYS if day in hours}


class Holidays(Frozen):
    """Public holidays of a country (and region) by the `holidays` library, plus dates of one's own."""

    country: str | None = None
    """ISO 3166 code, as DE or US."""
    region: str | None = None
    """State or province, as the `holidays` library names it."""
    dates: tuple[Date, ...] = ()
    """Own holidays."""

    @model_validator(mode="after")
    def _is_known(self) -> Self:
        supported = holidays.list_supported_countries()
        if self.region and not self.country:
            message = "a region needs its country"
            raise ValueError(message)
        if self.country and self.country not in supported:
            message = f"no holidays are known for country {self.country!r}; use an ISO 3166 code such as DE or US"
            raise ValueError(message)
        if self.country and self.region and self.region not in supported[self.country]:
            known = ", ".join(supported[self.country]) or "none"
            message = f"no region {self.region!r} of {self.country}; known: {known}"
            raise ValueError(message)
        return self


class WorkingHours(Frozen):
    """When the provider works: weekly hours, less holidays, with other hours on single dates, less breaks."""

    time_zone: TimeZone
    weekly_hours: Annotated[dict[Weekday, Hours], AfterValidator(_week_in_order)]
    """Spans of open hours by weekday; several a day, and past midnight where the end is not after the start."""
    holidays: Holidays = Holidays()
    date_overrides: Annotated[dict[Date, Hours], AfterValidator(in_order)] = Field(default_factory=dict)
    """Other hours on single dates; an empty list for a day that stays closed."""
    breaks: Annotated[dict[Date, Hours], AfterValidator(in_order)] = Field(default_factory=dict)
    """Spans cut out of single dates."""

    @model_validator(mode="after")
    def _opens_sometimes(self) -> Self:
        if not any(self.weekly_hours.values()):
            message = "weekly_hours opens on no day"
            raise ValueError(message)
        return self
