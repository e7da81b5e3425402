"""The report of an agreement: its periods as published and as known now, and what else there is to say of it."""

from typing import Literal

from msgspec import Struct, field

from sla_rules.figures.obligation_figures import Kind, ObligationFigures
from sla_rules.figures.units import Count, Duration, Inline, Time
from sla_rules.reports.agreement_event import AgreementEvent
from sla_rules.reports.calendar_period import CalendarPeriod
from sla_rules.reports.consequences import Consequences
from sla_rules.reports.explained_events import EventName
from sla_rules.reports.ledger_rows import LedgerRow
from sla_rules.reports.reasons import EndedBy


class WindowFigures(Struct, frozen=True, kw_only=True):
    """The figures of one period of one obligation, for one segment or for all together."""

    period: Inline[CalendarPeriod]
    segment: str | None
    """None for all leads together."""
    status: Literal["open", "published", "restated"]
    """Restated where other figures are known now than were published."""
    published: ObligationFigures | None
    """As of the end of the period, on what had arrived when its grace was over; None until then."""
    known: ObligationFigures = field(name="restated")
    """As known now."""
    history: bool = False
    """Whether the period was over when the service began to listen, so that what is published follows the facts."""


class ObligationReport(Struct, frozen=True, kw_only=True):
    """An obligation with its periods, shortest intervals first."""

    id: str
    """Identifier of the obligation."""
    kind: Kind
    """What kind of obligation it is."""
    periods: tuple[WindowFigures, ...]
    """Every period, segment by segment."""
    totals: tuple[WindowFigures, ...]
    """Every period for all segments together; empty where the agreement has no segments."""
    ledger: tuple[LedgerRow, ...] | None
    """Of an obligation of volume, each period of the goal's interval; None of others."""


class Uncovered(Struct, frozen=True):
    """Cycles that no agreement applies to."""

    leads: Count
    """How many."""


class LeftOut(Struct, frozen=True):
    """A lead that cannot be judged."""

    lead: str
    """Its identifier."""
    why: str
    """What went wrong."""


class Unfoldable(Struct, frozen=True, order=True):
    """An event that could not be merged with what else was received for its lead."""

    lead: str
    """Which lead it was received for."""
    source: str
    """Who published it."""
    id: str
    """Its identifier there."""
    why: str
    """What went wrong."""


class Breach(Struct, frozen=True, kw_only=True):
    """A warning, a breach, an escalation or a reassignment that is due, or what was one until it was resolved."""

    key: str
    """The same for the same promise to the same lead."""
    kind: Literal["warning", "breached", "reassignment_due", "resolved"]
    """What it amounts to; resolved once what was owed has come after all."""
    obligation: str
    """Identifier of the obligation."""
    lead: str
    """Identifier of the lead; `agreement:obligation` of a delivery."""
    cycle: int
    """Which hand-off of the lead."""
    message: EventName | None
    """Which message of that cycle waited for its answer; None where something else was promised."""
    deadline: Time
    """The instant that passed."""
    late_by: Duration | None = field(name="late_by_seconds")
    """From the deadline to what was owed; None while it still is, and where it never came."""
    ended_at: Time | None
    """Since when nobody can act on it any more, although what was owed never came; None of what is owed or resolved."""
    ended_by: EndedBy | None
    """What ended it: the lead was recycled or closed, or lost with its deal."""
    historic: bool
    """Its deadline had long passed when its hand-off arrived."""
    tier: str
    """`deadline`, `warning-15m` before it, `escalation-1h` after it; `reassignment-15m` after its owner took it over."""
    version: str
    """Version of the agreement that the clock ran by."""
    segment: str | None
    """None where the agreement has none."""
    rep: str | None
    """Who owes it."""
    team: str | None
    """Their team."""


class Report(Struct, frozen=True, kw_only=True):
    """All that can be said of an agreement at an instant."""

    agreement: str
    """Identifier of the agreement."""
    version: str | None
    """The version in force; None before the first."""
    until: Time
    """As of when."""
    obligations: tuple[ObligationReport, ...]
    """Those in force, then those of former versions."""
    uncovered: Uncovered
    """Cycles that neither this agreement nor any other it was worked out with applies to."""
    quarantined: tuple[LeftOut, ...]
    """Leads that cannot be judged, under whichever agreement they would be."""
    unpublished: tuple[LeftOut, ...]
    """Leads that could not be judged as of the end of a period, which was published without them."""
    unfoldable: tuple[Unfoldable, ...]
    """Events that cannot be merged."""
    consequences: Consequences
    """What published figures entail."""
    events: tuple[AgreementEvent, ...]
    """Applause and trouble, by their instants."""
    breaches: tuple[Breach, ...]
    """By their deadlines."""


class ComparedReport(Struct, frozen=True, kw_only=True):
    """A report beside what other terms say of the same facts."""

    report: Inline[Report]
    also: Report | None
    """By the other terms; None where they have no such agreement."""
