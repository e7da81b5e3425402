"""Records of `sla-agreements`: CloudEvents about one agreement, the last of each key.

What an agreement comes to is written again whenever it changes: of each period once all partitions have published it, of
each row of the ledger, and of the agreement as it stands. An agreement event is written once.
"""

from typing import Final, Literal, TypeAlias

from msgspec import Struct, field

from sla_rules.figures.units import Count, Duration, Inline, Number, Ratio, Time
from sla_rules.reports.agreement_event import EventData, EventType
from sla_rules.reports.calendar_period import CalendarPeriod
from sla_rules.reports.consequences import CancellationStatus, SettledGoal
from sla_rules.reports.ledger_reasons import LedgerRemark
from sla_rules.reports.ledger_rows import LedgerRow
from sla_rules.reports.promise_status import PromiseStatus

SOURCE: Final = "/leadsla"

StateType = Literal["sla.agreement.v1", "sla.agreement_period.v1", "sla.agreement_ledger.v1"]
RecordType = Literal[StateType, EventType]


class LeadBudget(Struct, frozen=True, kw_only=True):
    """How many may still be missed in a period that runs: leads, deliveries or customers, of those decided or open."""

    allowed: Count
    """How many of them may be missed in all."""
    used: Count
    """How many were."""
    left: Count
    """How many may still be; 0 once it is used up."""
    is_out_of_reach: bool
    """Whether more were missed than may be, so that only more leads could make it good, if any can."""


class DowntimeBudget(Struct, frozen=True, kw_only=True):
    """For how long services may still be down in a period that runs, days that have not begun counted."""

    allowed: Duration = field(name="allowed_seconds")
    """For how long they may be down in all."""
    used: Duration = field(name="used_seconds")
    """For how long they were."""
    left: Duration = field(name="left_seconds")
    """For how long they may still be; 0 once it is used up."""
    is_out_of_reach: bool
    """Whether they were down for longer than that."""


class RunningPromise(Struct, frozen=True, kw_only=True):
    """One obligation in a period that runs."""

    status: Inline[PromiseStatus]
    budget: LeadBudget | None
    """How many may still be missed; None where no share is agreed, and of volume and availability."""
    downtime_budget: DowntimeBudget | None
    """Of availability, for how long services may still be down; None of others."""
    projection: Number | None
    """Of a volume, what the period comes to if the rest goes as the days that have ended; None before the first has, and of others."""
    capacity: Count | None
    """Leads that the reps can serve in the period; None where no capacity is agreed."""
    load: Ratio | None
    """Leads delivered by those that can be served."""


class NextGoal(Struct, frozen=True, kw_only=True):
    """What the ledger of an obligation of volume proposes for the next period."""

    obligation: str
    """Identifier of the obligation."""
    after: Inline[CalendarPeriod]
    """The period at whose end it was worked out."""
    goal: Count | None
    """Leads that the quota agreed comes to; None where none is agreed."""
    next_goal: Count | None
    """Leads that take the quota by measured rates and marketing's measured share."""
    next_goal_at_agreed_share: Count | None
    """Leads that take the quota by measured rates and the share agreed."""
    remark: LedgerRemark | None
    """Why there is none, or why not to trust it."""


class AgreementData(Struct, frozen=True, kw_only=True):
    """An agreement as it stands."""

    agreement: str
    """Identifier of the agreement."""
    version: str
    """The version in force."""
    status: Literal["active", "withdrawn"]
    """Withdrawn once no file says it any more."""
    subject: str
    """What it is about: `lead`, `ticket` ..."""
    time_zone: str
    """In which its days begin: `Europe/Berlin`."""
    year_begins: Count
    """The month that its years begin with, 1 to 12."""
    as_of: Time
    """The start of the day in the agreement's zone, or of its version, up to which time has passed for what follows."""
    listening_since: Time | None
    """Since when the service listens for it; None where that is not remembered."""
    cancellation: CancellationStatus | None
    """By the periods that are decided; None where no right to end the agreement is agreed."""
    promises: tuple[RunningPromise, ...]
    """In the order of the agreement, shortest intervals first."""
    next_goals: tuple[NextGoal, ...]
    """Of each obligation of volume with a period that is over."""


class LedgerData(Struct, frozen=True, kw_only=True):
    """A row of the ledger of an obligation of volume, by what is known now."""

    agreement: str
    """Identifier of the agreement."""
    obligation: str
    """Identifier of the obligation."""
    name: str
    """What the period is called: `2026-03`."""
    row: Inline[LedgerRow]


class PeriodData(Struct, frozen=True, kw_only=True):
    """One obligation in a period that its goal is judged by, once every partition has published it."""

    agreement: str
    """Identifier of the agreement."""
    name: str
    """What the period is called: `2026-03`."""
    goal: Inline[SettledGoal]


RecordData: TypeAlias = AgreementData | PeriodData | LedgerData | EventData


class AgreementRecord(Struct, frozen=True, kw_only=True):
    """A CloudEvent about an agreement. The topic is compacted by its key, which the id of an agreement event is."""

    specversion: Literal["1.0"] = "1.0"
    """Of CloudEvents."""
    id: str
    """The key, and unless it is an agreement event a digest of the data behind `@`."""
    source: Literal["/leadsla"] = SOURCE
    """Who says so."""
    type: RecordType
    """What it says."""
    subject: str
    """Identifier of the agreement."""
    time: Time
    """An instant that follows from what is said: of a publication, a deadline, the start of a day; not when somebody looked."""
    datacontenttype: Literal["application/json"] = "application/json"
    """Of the data."""
    data: RecordData
    """What is said."""
