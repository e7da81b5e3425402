"""The agreement between the parties, as frozen pydantic models: who, when, what is owed, and to whom to turn."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Annotated, Final, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from sla_rules.agreement.addresses import EmailAddress, WebAddress
from sla_rules.agreement.consequences import Cancellation, Remedy, ServiceCredits
from sla_rules.agreement.obligations import Obligation, OfLeads, Volume
from sla_rules.agreement.reps import Capacity
from sla_rules.events.schema import TOPIC_OF_TYPE
from sla_rules.events.vocabulary import LEAD, Part
from sla_rules.instants import DAY, MINUTE, Instant
from sla_rules.names import ALL_SEGMENTS, UNMATCHED
from sla_rules.notation import (
    MINUTES_OF_DAY,
    Allowance,
    Currency,
    Date,
    Frozen,
    Identifier,
    Line,
    Month,
    in_order,
    shortest,
)
from sla_rules.time.working_hours import WorkingHours

MOST_CALENDARS: Final = 200
MOST_DELIVERED: Final = 10**12
MOST_FIGURES: Final = 5_000
"""Obligations by segment and period. Each is a dozen series of every partition, and a window that is counted."""
RESERVED_SEGMENTS: Final = (ALL_SEGMENTS, UNMATCHED)

EventType = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]*(\.[a-z][a-z0-9_-]*)+\.v[1-9][0-9]*$", max_length=128)]
"""As `ticket.opened.v1`."""


class Contact(Frozen):
    """A point of contact; each way to reach it becomes an Alertmanager receiver."""

    name: Annotated[Line, Field(min_length=1)]
    role: Line | None = None
    """What the person does, as it is printed in the agreement."""
    email: EmailAddress | None = None
    webhook: WebAddress | None = None
    reports_to: Line | None = None
    """The name of whom to turn to next."""
    pages: bool = True
    """Whether alerts go there; reports always do."""


class Party(Frozen):
    """One side of the agreement."""

    name: Annotated[Line, Field(min_length=1)]
    goals: tuple[str, ...] = ()
    """What it wants to reach."""
    needs: tuple[str, ...] = ()
    """What it needs of the others."""
    contacts: Annotated[tuple[Contact, ...], Field(min_length=1)]


Finite = Annotated[float, Field(allow_inf_nan=False)]


class Range(Frozen):
    """A numeric condition, half-open: at least, and below."""

    at_least: Finite | None = None
    below: Finite | None = None


Matcher = str | int | Finite | bool | tuple[str, ...] | Range
Condition = Annotated[
    dict[
        Annotated[
            str, Field(pattern=r"^(role|region|product|score|source_channel|campaign|generated_by|attributes\.\S+)$")
        ],
        Matcher,
    ],
    AfterValidator(in_order),
]
"""Every named field of the lead has to match: a value, one of several, or a range."""


class Segment(Frozen):
    """Leads of one sort; the first segment whose condition matches is the lead's."""

    id: Identifier
    when: Condition = Field(default_factory=dict)
    """Fields that a lead of this sort has; none for all the rest."""
    value: Annotated[Decimal, Field(ge=0, le=10**12), AfterValidator(shortest)] | None = None
    """What one such lead is worth towards a goal of value."""
    calendar: Identifier | None = None
    """Which of `calendars` its clocks keep; None for the agreement's own."""


Place = tuple[int | str, ...]


class Misfits(ValueError):
    """Parts of an agreement that are right by themselves and do not fit together, each with its place."""

    def __init__(self, misfits: tuple[tuple[Place, str], ...]) -> None:
        self.misfits = misfits
        super().__init__("; ".join(message for _, message in misfits))


class Team(Frozen):
    """A team of the provider that works other hours than the agreement's."""

    calendar: Identifier


class Agreement(Frozen):
    """One version of one agreement."""

    agreement: Identifier
    version: Annotated[Line, Field(min_length=1, max_length=64)]
    """A name of its own for every version; in quotes where it looks like a number."""
    effective_from: Date
    """From the start of this day in the calendar's zone."""
    type: Literal["customer", "internal", "multilevel"]
    """With a customer, between two departments, or among three parties and more."""
    title: Annotated[Line, Field(min_length=1)]
    summary: str = ""
    parties: dict[Identifier, Party]
    calendar: WorkingHours
    """Its zone is that of the figures' periods, whoever works by which hours."""
    year_begins: Month = "january"
    """On whose first day the years of the figures begin; a quarter begins there and every three months from there.

    All versions go by what the latest one says.
    """
    calendars: Annotated[dict[Identifier, WorkingHours], Field(max_length=MOST_CALENDARS), AfterValidator(in_order)] = (
        Field(default_factory=dict)
    )
    """Other hours, for segments and teams that name them."""
    teams: Annotated[dict[Line, Team], AfterValidator(in_order)] = Field(default_factory=dict)
    """Teams with other hours; theirs go before those of the segment."""
    currency: Currency | None = None
    """Of all money in the agreement; deals in another are counted apart. Without it, that of all deals, if it is one."""
    subject: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=64)] = LEAD
    """What it is about: leads, or for example tickets, whose events it then names."""
    events: Annotated[dict[Part, Annotated[tuple[EventType, ...], Field(min_length=1)]], AfterValidator(in_order)] = (
        Field(default_factory=dict)
    )
    """Event types of its own that move its clocks, by what they do; each carries the data of the event about leads that it
    stands for, and lies on the same topic. Those about leads need none.
    """
    applies_to: Condition = Field(default_factory=dict)
    """Which leads it is about; without a condition all of them."""
    minimum_quality: Condition = Field(default_factory=dict)
    """What a lead has to be like to be ready; one handed off below it counts for no one, and is shown."""
    segments: tuple[Segment, ...] = ()
    """Sorts of leads, in order: the first that matches is the lead's."""
    obligations: Annotated[tuple[Obligation, ...], Field(min_length=1)]
    capacity: Capacity | None = None
    """Who serves the leads, so that it can be said whether the goal is feasible."""
    grace: Allowance = DAY
    """How long after a period's end what arrives still goes into its published figures."""
    credits: tuple[ServiceCredits, ...] = ()
    """What of the fee is given back."""
    remedies: tuple[Remedy, ...] = ()
    """What is done inside the house instead."""
    cancellation: Cancellation | None = None
    """When the agreement may be ended."""

    def publication_of(self, end: Instant) -> Instant:
        """When the figures of a period that ends at an instant are published: once the grace after it is over."""
        return end + self.grace

    def ended_by(self, now: Instant) -> Instant:
        """Periods that ended by then are published at `now`."""
        return now - self.grace

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if misfits := tuple(_misfits(self)):
            raise Misfits(misfits)
        return self


def _misfits(agreement: Agreement) -> Iterator[tuple[Place, str]]:
    least = 3 if agreement.type == "multilevel" else 2
    if len(agreement.parties) < least:
        yield ("parties",), f"an agreement of type {agreement.type} needs at least {least} parties"
    yield from _taken_ids("segments", agreement.segments)
    yield from _taken_ids("obligations", agreement.obligations)
    yield from _unknown_calendars(agreement)
    yield from _unknown_segments(agreement)
    yield from _unknown_obligations(agreement)
    yield from _misnamed_events(agreement)
    yield from _endless_deadlines(agreement)
    yield from _too_many_figures(agreement)
    for number, segment in enumerate(agreement.segments):
        if segment.id in RESERVED_SEGMENTS:
            yield ("segments", number, "id"), f"{segment.id!r} has a meaning of its own; choose another"
    for number, obligation in enumerate(agreement.obligations):
        for side in ("provider", "recipient"):
            party = getattr(obligation, side)
            if party not in agreement.parties:
                yield ("obligations", number, side), f"no party {party!r}; known: {', '.join(agreement.parties)}"
        if isinstance(obligation, Volume):
            yield from _volume_misfits(agreement, number, obligation)
    if agreement.capacity is not None:
        yield from _capacity_misfits(agreement, agreement.capacity)


def _endless_deadlines(agreement: Agreement) -> Iterator[tuple[Place, str]]:
    """Deadlines that take longer than a calendar can be reckoned with."""
    calendars = {"the calendar": agreement.calendar}
    calendars |= {f"calendar {name!r}": hours for name, hours in agreement.calendars.items()}
    for number, obligation in enumerate(agreement.obligations):
        deadline = obligation.timed_by
        if deadline is None or deadline.clock != "working":
            continue
        for place, lengths in (("within", (deadline.within,)), ("escalations", deadline.escalations)):
            for name, hours in calendars.items():
                if any(length > _A_CENTURY_OF_WEEKS * _open_a_week(hours) for length in lengths):
                    yield (
                        ("obligations", number, "deadline", place),
                        f"takes more than a century of the hours of {name}",
                    )


def _too_many_figures(agreement: Agreement) -> Iterator[tuple[Place, str]]:
    segments = len(agreement.segments) + 1
    count = sum(
        len(obligation.intervals)
        * (len(obligation.segments or range(segments)) if isinstance(obligation, OfLeads) else 1)
        for obligation in agreement.obligations
    )
    if count > MOST_FIGURES:
        yield ("obligations",), f"come to {count:,} figures by segment and period; at most {MOST_FIGURES:,} are kept"


_A_CENTURY_OF_WEEKS: Final = 5_200


def _open_a_week(hours: WorkingHours) -> int:
    """How long it is open in a week without a holiday."""
    spans = [span for day in hours.weekly_hours.values() for span in day]
    return sum((closing - opening) % MINUTES_OF_DAY or MINUTES_OF_DAY for opening, closing in spans) * MINUTE


def _taken_ids(part: str, items: Sequence[Segment | Obligation]) -> Iterator[tuple[Place, str]]:
    seen = set[str]()
    for number, item in enumerate(items):
        if item.id in seen:
            yield (part, number, "id"), f"{item.id!r} is taken already"
        seen.add(item.id)


def _unknown_calendars(agreement: Agreement) -> Iterator[tuple[Place, str]]:
    named: list[tuple[Place, str | None]] = [
        (("segments", number, "calendar"), segment.calendar) for number, segment in enumerate(agreement.segments)
    ]
    named += [(("teams", name, "calendar"), team.calendar) for name, team in agreement.teams.items()]
    for place, calendar in named:
        if calendar is not None and calendar not in agreement.calendars:
            yield place, f"no calendar {calendar!r}; known: {', '.join(agreement.calendars) or 'none'}"


def _unknown_segments(agreement: Agreement) -> Iterator[tuple[Place, str]]:
    known = [segment.id for segment in agreement.segments]
    for number, obligation in enumerate(agreement.obligations):
        if not isinstance(obligation, OfLeads):
            continue
        for name in obligation.segments or ():
            if name not in known:
                place = ("obligations", number, "segments")
                yield place, f"no segment {name!r}; known: {', '.join(known) or 'none'}"


def _misnamed_events(agreement: Agreement) -> Iterator[tuple[Place, str]]:
    if agreement.subject != LEAD and not agreement.events.keys() & {"created", "handed_off"}:
        yield ("subject",), f"an agreement about a {agreement.subject} has to name `events` that start its clocks"
    seen: dict[str, Part] = {}
    for part, kinds in agreement.events.items():
        for number, kind in enumerate(kinds):
            place: Place = ("events", part, number)
            if kind in TOPIC_OF_TYPE:
                yield place, f"{kind!r} has a meaning of its own; choose another type"
            elif kind in seen:
                yield place, f"{kind!r} stands for {seen[kind]!r} already"
            seen.setdefault(kind, part)


def _unknown_obligations(agreement: Agreement) -> Iterator[tuple[Place, str]]:
    by_id = {obligation.id: obligation for obligation in agreement.obligations}
    named: list[tuple[Place, str]] = [
        (("credits", number, "obligation"), credit.obligation) for number, credit in enumerate(agreement.credits)
    ]
    named += [(("remedies", number, "obligation"), one.obligation) for number, one in enumerate(agreement.remedies)]
    if agreement.cancellation is not None:
        named += [(("cancellation", "obligations"), name) for name in agreement.cancellation.obligations]
    for place, name in named:
        if name not in by_id:
            yield place, f"no obligation {name!r}; known: {', '.join(by_id)}"
    for number, credit in enumerate(agreement.credits):
        obligation = by_id.get(credit.obligation)
        if obligation is not None and credit.interval not in obligation.has_goal_for:
            yield ("credits", number, "interval"), f"{credit.obligation!r} is not counted by {credit.interval}"
    if agreement.cancellation is not None:
        for name in agreement.cancellation.obligations:
            if name in by_id and agreement.cancellation.interval not in by_id[name].has_goal_for:
                message = f"{name!r} is not counted by {agreement.cancellation.interval}"
                yield ("cancellation", "interval"), message


def _capacity_misfits(agreement: Agreement, capacity: Capacity) -> Iterator[tuple[Place, str]]:
    served = {one.id: one for one in agreement.obligations if isinstance(one, Volume)}
    if capacity.obligation not in served:
        message = f"no obligation of volume {capacity.obligation!r}; known: {', '.join(served) or 'none'}"
        yield ("capacity", "obligation"), message
    elif served[capacity.obligation].measure == "value":
        yield ("capacity", "obligation"), f"{capacity.obligation!r} counts value; reps serve leads"
    if capacity.calendar is not None and capacity.calendar not in agreement.calendars:
        known = ", ".join(agreement.calendars) or "none"
        yield ("capacity", "calendar"), f"no calendar {capacity.calendar!r}; known: {known}"


def _volume_misfits(agreement: Agreement, number: int, volume: Volume) -> Iterator[tuple[Place, str]]:
    if volume.interval not in volume.intervals:
        yield ("obligations", number, "intervals"), f"has to hold the goal's own interval, {volume.interval}"
    if volume.measure == "value" and not any(segment.value is not None for segment in agreement.segments):
        yield ("obligations", number, "measure"), "counts value, and no segment has a value"
    if volume.agreed > MOST_DELIVERED:
        field = "goal" if volume.goal is not None else "goal_from"
        yield ("obligations", number, field), f"comes to more than {MOST_DELIVERED:,}"
    if isinstance(volume.goal_from, Mapping):
        known = {segment.id for segment in agreement.segments}
        for name in volume.goal_from.keys() - known:
            yield (
                ("obligations", number, "goal_from", name),
                f"no segment {name!r}; known: {', '.join(sorted(known)) or 'none'}",
            )
