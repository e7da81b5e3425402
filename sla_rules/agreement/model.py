"""The agreement between the parties, as frozen pydantic models: who, when, what is owed, and to whom to turn."""

from collections.abc import Iterator
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, Field

from sla_rules.agreement.conditions import Condition
from sla_rules.agreement.consequences import Cancellation, Remedy, ServiceCredits
from sla_rules.agreement.flags import Flags
from sla_rules.agreement.misfits import misfits
from sla_rules.agreement.notify import NotifyOfAll
from sla_rules.agreement.obligations import Obligation
from sla_rules.agreement.parties import Party, Team
from sla_rules.agreement.reps import Capacity, Rep
from sla_rules.agreement.scheduled_reports import ScheduledReport
from sla_rules.agreement.segments import Segment
from sla_rules.events.vocabulary import LEAD, Part
from sla_rules.fitting import Misfit, fits
from sla_rules.instants import DAY, Instant
from sla_rules.notation import Allowance, Currency, Date, Frozen, Identifier, Line, Month, Name, in_order
from sla_rules.time.working_hours import WorkingHours

MOST_CALENDARS: Final = 200

EVENT_TYPE_PATTERN: Final = r"^[a-z][a-z0-9_-]*(\.[a-z][a-z0-9_-]*)+\.v[1-9][0-9]*$"
SUBJECT_PATTERN: Final = r"^[a-z][a-z0-9_]*$"
Paragraph = Annotated[str, Field(min_length=1)]
VersionName = Annotated[Name, Field(max_length=64)]
EventType = Annotated[str, Field(pattern=EVENT_TYPE_PATTERN, max_length=128)]
"""As `ticket.opened.v1`."""


class Agreement(Frozen):
    """One version of one agreement."""

    agreement: Identifier
    version: VersionName
    """A name of its own for every version; in quotes where it looks like a number."""
    effective_from: Date
    """From the start of this day in the calendar's zone."""
    type: Literal["customer", "internal", "multilevel"]
    """With a customer, between two departments, or among three parties and more."""
    title: Name
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
    """Teams with other hours, which go before those of the segment, or with contacts of their own."""
    reps: tuple[Rep, ...] = ()
    """Who the leads are handed to, as far as anybody is to be reached, or limited, by name."""
    notify: NotifyOfAll = NotifyOfAll()
    """Who hears of what; without it, nobody but the side that owes."""
    currency: Currency | None = None
    """Of all money in the agreement; deals in another are counted apart. Without it, that of all deals, if it is one."""
    subject: Annotated[str, Field(pattern=SUBJECT_PATTERN, max_length=64)] = LEAD
    """What it is about: leads, or for example tickets, whose events it then names."""
    events: Annotated[dict[Part, Annotated[tuple[EventType, ...], Field(min_length=1)]], AfterValidator(in_order)] = (
        Field(default_factory=dict)
    )
    """Event types of its own that move its clocks, by what they do; each carries the data of the event about leads that it
    stands for, and lies on the same topic. Those about leads need none. Agreements about other subjects may name the same,
    and events about leads: one event moves the clocks of each.
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
    flags: Flags = Flags()
    """Which attempts are flagged, because they may have been logged for the figures."""
    grace: Allowance = DAY
    """How long after a period's end what arrives still goes into its published figures."""
    credits: tuple[ServiceCredits, ...] = ()
    """What of the fee is given back."""
    remedies: tuple[Remedy, ...] = ()
    """What is done inside the house instead."""
    cancellation: Cancellation | None = None
    """When the agreement may be ended."""
    reports: tuple[ScheduledReport, ...] = ()
    """What is sent to whom, and when."""
    legal: tuple[Paragraph, ...] = ()
    """Rights and duties in words, a paragraph each, as they are printed in the document."""

    def publication_of(self, end: Instant) -> Instant:
        """When the figures of a period that ends at an instant are published: once the grace after it is over."""
        return end + self.grace

    def ended_by(self, now: Instant) -> Instant:
        """Periods that ended by then are published at `now`."""
        return now - self.grace

    @fits
    def _fits_together(self) -> Iterator[Misfit]:
        yield from misfits(self)
