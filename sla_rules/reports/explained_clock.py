"""The clock of a promise as an explanation shows it: whose hours, what of them was used, and what was done meanwhile."""

from typing import Annotated, Literal

from msgspec import Meta, Struct, field

from sla_rules.agreement.flags import Flag
from sla_rules.figures.units import UNIT, Agreed, Duration, Inline, Time, Unit
from sla_rules.reports.explained_events import Event, EventName
from sla_rules.reports.reasons import AttemptReason, Clock, WithinTolerance
from sla_rules.time.working_days import WorkingDays

AgreedDays = Annotated[WorkingDays, Meta(extra={UNIT: Unit.AGREED})]


class Span(Struct, frozen=True):
    """Time that a clock ran."""

    start: Time
    """From when."""
    end: Time
    """To when."""
    length: Duration = field(name="seconds")
    """How long."""


class Pause(Struct, frozen=True, kw_only=True):
    """Time for which the lead was paused, or closed until a reopening that goes on with the promise."""

    start: Time
    """From when."""
    end: Time | None
    """To when; None while it lasts."""
    taken_out: bool
    """Whether the clock stands meanwhile."""
    closed: bool
    """Whether it was closed."""


class Hours(Struct, frozen=True, kw_only=True):
    """The working hours that a clock runs in."""

    of: Literal["agreement", "segment", "team"]
    """Whose they are."""
    name: str | None
    """Of the segment or team."""
    time_zone: str
    """Where they are counted."""
    hours: Agreed
    """As the agreement has them."""


class LaterHours(Struct, frozen=True):
    """The working hours that a clock ran in from an instant on."""

    since: Time
    """When the lead went to who keeps them."""
    calendar: Hours
    """Whose they are."""


class ClockRun(Struct, frozen=True, kw_only=True):
    """The clock of a promise: whose hours, from when, to when, and what of them was used."""

    clock: Clock
    """Working hours, or every hour."""
    calendar: Hours | None
    """At its start; None where every hour counts."""
    later_calendars: tuple[LaterHours, ...]
    """Where the lead went to teams with other hours, those that the clock ran in from then on."""
    within: Duration | None = field(name="within_seconds")
    """What was promised; None where it is promised in working days."""
    working_days: AgreedDays | None = field(name="within_working_days")
    """How many working days were promised, and until when on the last; None where it is promised in time."""
    clock_started: Time
    """From when it is counted."""
    deadline: Time | None
    """None while the lead is paused."""
    spans_to_deadline: tuple[Span, ...]
    """The time that adds up to what was promised."""
    pauses: tuple[Pause, ...]
    """When the lead was paused, or closed for a while."""

    @property
    def open_time(self) -> int:
        """How much time adds up to what was promised."""
        return sum(span.length for span in self.spans_to_deadline)


class Attempt(Struct, frozen=True, kw_only=True):
    """An attempt to reach the lead, whether it counts, and if not why not."""

    event: Inline[Event]
    channel: str | None
    """By phone, email ..."""
    direction: str
    """Out to the lead, or in from it."""
    actor: Literal["human", "automation"]
    """Who made it."""
    outcome: str | None
    """What came of it."""
    duration: Duration | None = field(name="duration_seconds")
    """How long it lasted; None where that is not known."""
    rep: str | None
    """Who made it."""
    qualifies: bool
    """Whether it counts."""
    why_not: tuple[AttemptReason, ...]
    """Nothing where it counts."""
    counts_from_start: WithinTolerance | None
    """Why it belongs to the cycle although it is stamped before; None where it lies in it."""
    flags: tuple[Flag, ...]
    """What is odd about how it was logged, of those that this promise looks at; it counts all the same."""


class FollowUp(Struct, frozen=True, kw_only=True):
    """The first follow-up."""

    at: Time
    """When it came."""
    event: EventName
    """By which event."""
    working: Duration = field(name="working_seconds")
    """How long it took in working hours."""
    wall: Duration = field(name="wall_clock_seconds")
    """How long it took by the clock on the wall."""
    spans: tuple[Span, ...]
    """The time that it took by the clock of the promise."""


class Reached(Struct, frozen=True):
    """When all attempts agreed had been made."""

    at: Time
    """When."""
    event: EventName
    """By which event."""
