"""The clock of a promise as an explanation shows it: whose hours, what of them was used, and what was done meanwhile."""

from typing import Annotated, Literal

from msgspec import Meta, Struct, field

from sla_rules.agreement.flags import Flag
from sla_rules.figures.units import UNIT, Agreed, Count, Duration, Inline, Time, Unit
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


class SpansLeftOut(Struct, frozen=True, kw_only=True):
    """Of many spans, those between the first few and the last few."""

    count: Count
    """So many."""
    start: Time
    """From when the first of them is."""
    end: Time
    """To when the last of them is."""
    length: Duration = field(name="seconds")
    """How long they are together."""


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


class Ahead(Struct, frozen=True):
    """What is published at an instant that has not come, unless what is owed comes first."""

    kind: Literal["warning", "escalation", "reassignment_due"]
    """What it is."""
    tier: str
    """`warning-15m` before the deadline, `escalation-1h` after it; `reassignment-15m` after its owner took it over."""
    at: Time
    """When."""


class Progress(Struct, frozen=True, kw_only=True):
    """How far the clock of a promise that is still owed has run."""

    used: Duration = field(name="used_seconds")
    """Of its own time."""
    used_wall: Duration = field(name="used_wall_clock_seconds")
    """By the clock on the wall, pauses among it."""
    left: Duration | None = field(name="left_seconds")
    """Of its own time until the deadline; None where its hours do not open often enough any more."""
    left_wall: Duration | None = field(name="left_wall_clock_seconds")
    """By the clock on the wall; None where there is no deadline, as while the lead is paused."""
    paused: Duration = field(name="paused_seconds")
    """By the clock on the wall, for how long it has stood since its start: the lead was paused, or closed for a while."""
    ahead: tuple[Ahead, ...]
    """What comes next if nothing happens, the deadline itself left out."""


class Lateness(Struct, frozen=True, kw_only=True):
    """How far beyond its deadline a promise is, or was when it was kept after all."""

    late: Duration = field(name="seconds")
    """Of the clock's own time."""
    wall: Duration = field(name="wall_clock_seconds")
    """By the clock on the wall, pauses among it."""
    until: Literal["done", "ended", "now"]
    """Up to what was owed, to the end of a cycle without it, or up to now."""


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
    """The time that adds up to what was promised: where it is in many spans, the first few and the last few."""
    spans_left_out: SpansLeftOut | None
    """Those between them; None where they are all there."""
    pauses: tuple[Pause, ...]
    """When the lead was paused, or closed for a while."""
    progress: Progress | None
    """How far it has run; None where nothing is owed any more."""
    lateness: Lateness | None
    """How late it is; None where the deadline was not missed."""

    @property
    def open_time(self) -> int:
        """How much time adds up to what was promised."""
        between = 0 if self.spans_left_out is None else self.spans_left_out.length
        return between + sum(span.length for span in self.spans_to_deadline)


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
    """The time that it took by the clock of the promise: where it is in many spans, the first few and the last few."""
    spans_left_out: SpansLeftOut | None
    """Those between them; None where they are all there."""


class Reached(Struct, frozen=True):
    """When all attempts agreed had been made."""

    at: Time
    """When."""
    event: EventName
    """By which event."""
