"""How each promise in force stands by what a running service has published, and how fresh that is."""

from typing import Literal

from msgspec import Struct, field

from sla_rules.figures.obligation_figures import Kind
from sla_rules.figures.units import Count, Inline, Number, Time
from sla_rules.reports.calendar_period import CalendarPeriod
from sla_rules.reports.consequences import Target

Standing = Literal["kept", "at_risk", "broken", "nothing_due"]


class PromiseStatus(Struct, frozen=True, kw_only=True):
    """One obligation in the running period of an interval that its goal is judged by."""

    obligation: str
    """Identifier of the obligation."""
    kind: Kind
    """What kind of obligation it is."""
    provider: str
    """Party that owes it."""
    recipient: str
    """Party that it is owed to."""
    period: Inline[CalendarPeriod]
    standing: Standing
    """Kept: the target is reached as things stand; a goal, if as much has come as its line wants to date. At risk: it is
    not, and can still be. Broken: it cannot be reached in this period any more. Nothing due: there is nothing to judge yet.
    """
    targets: tuple[Target, ...]
    """The parts of the goal, as known now."""
    goal_to_date: Number | None
    """Of volume, how much is due by the end of the last day that has ended; None of others."""


class AgreementStatus(Struct, frozen=True, kw_only=True):
    """An agreement in force."""

    agreement: str
    """Identifier of the agreement."""
    version: str
    """The version in force."""
    listening_since: Time | None
    """Since when the service listens for it; None where that is not remembered."""
    partitions: Count
    """How many partitions have figures of any of the periods below."""
    promises: tuple[PromiseStatus, ...]
    """In the order of the agreement, shortest intervals first."""


class ServiceStatus(Struct, frozen=True, kw_only=True):
    """All agreements in force, by the records of `sla-periods`."""

    at: Time = field(name="as_of")
    """As of when."""
    partitions: Count
    """How many partitions there are."""
    records: Count
    """How many figures were read, the last of each window and partition."""
    latest: Time | None = field(name="last_change")
    """When the newest of them was written; None where there are none."""
    agreements: tuple[AgreementStatus, ...]
    """By their identifiers."""
