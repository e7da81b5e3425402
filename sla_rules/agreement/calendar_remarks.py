"""What is right in the calendars of an agreement and may not be meant, or not last: `leadsla check` says it."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Final, Literal, NamedTuple

from sla_rules.agreement.model import Agreement
from sla_rules.time.public_holidays import PublicHolidays
from sla_rules.time.working_hours import Holidays, WorkingHours
from sla_rules.time.yearly_dates import among

AHEAD: Final = timedelta(days=2 * 365)
"""How far calendars are looked at: agreements are read again every year or two."""


Code = Literal["override-closed", "holidays-unknown", "holidays-estimated", "holiday-never"]


class CalendarRemark(NamedTuple):
    """One of them, with the name of the calendar, None for the agreement's own, and what else is to be said."""

    code: Code
    calendar: str | None
    values: Mapping[str, str | date]


def remarks(agreement: Agreement, today: date, until: date | None = None) -> Iterator[CalendarRemark]:
    """Those on all calendars, as they are from a day on, up to the one from which another version holds."""
    first = max(today, agreement.effective_from)
    last = first + AHEAD if until is None else min(first + AHEAD, until - timedelta(days=1))
    for name, hours in ((None, agreement.calendar), *agreement.calendars.items()):
        for code, values in (*_without_effect(hours), *_ahead(hours.holidays, first, last)):
            yield CalendarRemark(code, name, values)


def _without_effect(hours: WorkingHours) -> Iterator[tuple[Code, Mapping[str, str | date]]]:
    """Overrides of dates that the calendar's own holidays close."""
    for day in hours.date_overrides:
        if day in hours.holidays.dates or (isinstance(day, date) and among(day, hours.holidays.dates)):
            yield "override-closed", {"day": str(day)}


def _ahead(holidays: Holidays, first: date, last: date) -> Iterator[tuple[Code, Mapping[str, str | date]]]:
    """What the library does not know for sure, or not at all, of the days ahead."""
    if holidays.country is None or first > last:
        return
    known = PublicHolidays.of(holidays.country, holidays.region)
    year = known.unknown_from(range(first.year, last.year + 1))
    if year is not None:
        yield "holidays-unknown", {"place": known.place, "year": str(year)}
    if (estimate := known.estimated(first, last)) is not None:
        day, name = estimate
        yield "holidays-estimated", {"place": known.place, "holiday": name, "day": day}
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    coming = {name for day in days for holiday in known.on(day) for name in holiday}
    for name in (*holidays.left_out, *holidays.open):
        if coming.isdisjoint(known.named(name)):
            yield "holiday-never", {"holiday": name, "until": last}
