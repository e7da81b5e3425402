"""How a promise stands while a period of it runs, as results hold it."""

from typing import Literal

from msgspec import Struct

from sla_rules.figures.obligation_figures import Kind
from sla_rules.figures.units import Inline, Number
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
