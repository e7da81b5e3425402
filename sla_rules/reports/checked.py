"""What there is to say of an agreement that is right: deadlines worked out, whether goals can be served, and what may not be meant."""

from typing import Literal

from msgspec import Struct, field

from sla_rules.figures.units import Count, Day, Duration, Number
from sla_rules.reports.agreement_notes import Note
from sla_rules.reports.calendar_period import CalendarPeriod
from sla_rules.reports.reasons import Clock, LocalTime


class HoursOf(Struct, frozen=True):
    """Whose working hours."""

    of: Literal["agreement", "segment", "team"]
    """The agreement's, or those of a segment or team of their own."""
    name: str | None
    """Of the segment or team."""


class WorkedDeadline(Struct, frozen=True, kw_only=True):
    """A deadline worked out for one start: late on the last working day before a closed one."""

    obligation: str
    """Identifier of the obligation."""
    starts: Literal["handed_off", "created", "inbound"]
    """What starts the clock."""
    clock: Clock
    """Working hours, or every hour."""
    hours_of: tuple[HoursOf, ...]
    """Who keeps the hours that it is worked out by; the agreement's own first. Where every hour counts, nobody."""
    time_zone: str
    """Of these hours, or of the agreement."""
    start: LocalTime
    """The start, in that time zone."""
    deadline: LocalTime | None
    """When it is due; None where it never is."""


class DaysAsHours(Struct, frozen=True, kw_only=True):
    """A deadline of whole days that the working clock counts as hours."""

    obligation: str
    """Identifier of the obligation."""
    within: Duration = field(name="within_seconds")
    """The deadline, in open hours."""
    day: Duration = field(name="working_day_seconds")
    """How long the longest day of the week is open."""
    days: Number
    """How many such days the deadline takes."""
    instead: Count = field(name="working_days_meant")
    """How many working days were meant, if days were."""


class CapacityOf(Struct, frozen=True, kw_only=True):
    """Whether the reps can serve a goal in the tightest period of the first year."""

    obligation: str
    """Identifier of the obligation."""
    tightest: CalendarPeriod
    """The period in which the fewest leads can be served."""
    agreed: Count
    """The goal."""
    capacity: Count
    """How many leads can be served."""
    own: Count
    """How many of sales' own beside."""
    reps: Count
    """How many reps there are."""
    reps_wanted: Count | None
    """How many reps it takes; None where nobody works in that period."""
    is_limited: bool
    """Whether the reps have the time for more leads than each of them may have."""


class CheckedAgreement(Struct, frozen=True, kw_only=True):
    """One version of an agreement."""

    agreement: str
    """Its identifier."""
    version: str
    """Its version."""
    effective_from: Day
    """Its first day."""
    obligations: tuple[str, ...]
    """Their identifiers."""
    deadlines: tuple[WorkedDeadline, ...]
    """Each deadline worked out, by all hours that it may run in."""
    days_as_hours: tuple[DaysAsHours, ...]
    """Deadlines of days that are hours."""
    capacity: tuple[CapacityOf, ...]
    """Of each goal whose reps are known."""
    notes: tuple[Note, ...]
    """What it leaves unsaid, and what may not be meant."""


class FileError(Struct, frozen=True):
    """One thing that is wrong in an agreement file."""

    file: str
    """Its path."""
    line: Count
    """From 1; 0 is the whole of it."""
    message: str
    """What is wrong, and what would be right."""


class Checked(Struct, frozen=True, kw_only=True):
    """The agreements of the files asked for, or all that is wrong with the files."""

    agreements: tuple[CheckedAgreement, ...] = ()
    """By id, then by their first day."""
    errors: tuple[FileError, ...] = ()
    """By file and line."""
