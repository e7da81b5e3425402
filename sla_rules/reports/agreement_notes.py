"""What an agreement that is right leaves unsaid: parts that agreements have, people who are easily overlooked, and days."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Final, TypeAlias

from sla_rules.agreement.calendar_remarks import Code, remarks
from sla_rules.agreement.model import Agreement
from sla_rules.agreement.parties import Party
from sla_rules.agreement.who_hears import has_address
from sla_rules.figures.units import Count, Day
from sla_rules.reports.reasons import Reason


class NoSummary(Reason, frozen=True):
    """What it is about."""


class NoGoalsOrNeeds(Reason, frozen=True):
    """What the parties want to reach, and what they need of each other."""

    parties: tuple[str, ...]
    """Those of which nothing of the kind is said."""


class NoAddresses(Reason, frozen=True):
    """Whom to turn to, in a way that reaches somebody."""

    parties: tuple[str, ...]
    """Those of which nobody has an address."""


class NoConsequences(Reason, frozen=True):
    """What happens if goals are missed."""


class NoCancellation(Reason, frozen=True):
    """When it may be ended."""


MissingPart: TypeAlias = NoSummary | NoGoalsOrNeeds | NoAddresses | NoConsequences | NoCancellation


class PartsMissing(Reason, frozen=True):
    """Of the six parts of an agreement some are missing.

    They are: its type with a summary; goals and needs; points of contact; what is promised; what happens if goals are missed;
    cancellation. The type and the promises are never missing, since no file is right without them.
    """

    parts: tuple[MissingPart, ...]
    """Those."""


class RepsInNoTeam(Reason, frozen=True):
    """No contacts of a team hear of their leads, or stand in for them."""

    reps: tuple[str, ...]
    """By name."""


class RepsNotCounted(Reason, frozen=True):
    """More reps are named than `capacity` counts, which goes by the first of them."""

    named: Count
    """Under `reps`."""
    reps: Count
    """Of the capacity."""


class OverrideClosed(Reason, frozen=True):
    """Other hours have no effect, since a date of the calendar's own is closed."""

    calendar: str | None
    """Its name; None for the agreement's own."""
    day: str
    """As it is written."""


class HolidaysUnknown(Reason, frozen=True):
    """Nobody knows the public holidays of a year yet."""

    calendar: str | None
    place: str
    year: str


class HolidaysEstimated(Reason, frozen=True):
    """A public holiday may come on another day."""

    calendar: str | None
    place: str
    holiday: str
    day: Day


class HolidayNever(Reason, frozen=True):
    """A holiday that is named does not come."""

    calendar: str | None
    holiday: str
    until: Day


OfCalendar: TypeAlias = OverrideClosed | HolidaysUnknown | HolidaysEstimated | HolidayNever
Note: TypeAlias = PartsMissing | RepsInNoTeam | RepsNotCounted | OfCalendar
_OF_CALENDARS: Final[Mapping[Code, Callable[..., OfCalendar]]] = {
    "override-closed": OverrideClosed,
    "holidays-unknown": HolidaysUnknown,
    "holidays-estimated": HolidaysEstimated,
    "holiday-never": HolidayNever,
}


def notes_of(agreement: Agreement, today: date, until: date | None = None) -> tuple[Note, ...]:
    """All that is worth a remark on a day, none of it an error; `until` is the one that another version holds from."""
    of_calendars = (
        _OF_CALENDARS[one.code](calendar=one.calendar, **one.values) for one in remarks(agreement, today, until)
    )
    return (*_of_parts(agreement), *_of_reps(agreement), *of_calendars)


def _of_parts(agreement: Agreement) -> Iterator[Note]:
    if missing := tuple(_missing(agreement)):
        yield PartsMissing(missing)


def _of_reps(agreement: Agreement) -> Iterator[Note]:
    if alone := tuple(rep.name for rep in agreement.reps if rep.team is None):
        yield RepsInNoTeam(alone)
    named, capacity = len(agreement.reps), agreement.capacity
    if capacity is not None and named > capacity.reps:
        yield RepsNotCounted(named, capacity.reps)


def _missing(agreement: Agreement) -> Iterator[MissingPart]:
    parties = agreement.parties.values()
    if not agreement.summary.strip():
        yield NoSummary()
    if silent := _names(party for party in parties if not (party.goals or party.needs)):
        yield NoGoalsOrNeeds(silent)
    if unreachable := _names(party for party in parties if not any(map(has_address, party.contacts))):
        yield NoAddresses(unreachable)
    if not (agreement.credits or agreement.remedies):
        yield NoConsequences()
    if agreement.cancellation is None:
        yield NoCancellation()


def _names(parties: Iterator[Party]) -> tuple[str, ...]:
    return tuple(party.name for party in parties)
