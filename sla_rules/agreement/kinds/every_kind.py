"""What all kinds of obligations have in common, and what kinds that are about leads, or watch something, do."""

from abc import abstractmethod
from collections.abc import Sequence
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from sla_rules.agreement.deadlines import Deadline, FollowUp
from sla_rules.agreement.notify import Notify
from sla_rules.names import WINDOWS
from sla_rules.notation import Frozen, Granularity, Identifier, Line, distinct

Judges = Literal["hand_offs", "creations", "messages", "dates", "watches"]
"""Where what an obligation judges begins: with a lead's hand-off, its creation or a further message, by itself on a date, or with
the first that is heard of what is watched, a service or a customer.
"""

Intervals = Annotated[tuple[Granularity, ...], Field(min_length=1, max_length=len(WINDOWS)), AfterValidator(distinct)]


class OfEveryKind(Frozen):
    """What obligations of every kind say, and what each answers for itself."""

    id: Identifier
    title: Line | None = None
    """One line for boards and pages."""
    provider: Identifier
    recipient: Identifier
    intervals: Intervals = ("day", "week", "month")
    """The periods its figures are counted by."""
    notify: Notify = Notify()
    """Who hears of this one, where that differs from the agreement's `notify`."""

    @property
    @abstractmethod
    def judges(self) -> Judges:
        """Which cycles it judges."""

    @property
    def lies_in_hand_offs(self) -> bool:
        """Whether what it judges lies in a cycle from a hand-off on, which a team has, and whose lead may not have been ready."""
        return self.judges in {"hand_offs", "messages"}

    @property
    @abstractmethod
    def timed_by(self) -> Deadline | None:
        """The deadline that its clocks run to; None where it has no clocks."""

    @property
    def share_in_time(self) -> Decimal | None:
        """Which share of its cycles has to be in time; None where no share is agreed."""
        return None

    @property
    def attempts_counted(self) -> FollowUp | None:
        """Which attempts count for it; None where it looks at none."""
        return None

    @property
    def ends_with_lost_deal(self) -> bool:
        """Whether nothing is owed any more once the lead's deal is lost."""
        return False

    @property
    def follows_fields(self) -> bool:
        """Whether it judges a cycle by what its lead is like at each instant; else by what it was like at the start."""
        return False

    @property
    def continues_when_reopened(self) -> bool:
        """Whether a reopening goes on with the promise of the cycle before."""
        return False

    @property
    def has_goal_for(self) -> Sequence[Granularity]:
        """The intervals that it is judged by, among those that it is counted by."""
        return self.intervals

    @property
    def counts_deals(self) -> bool:
        """Whether it counts what came of leads in money."""
        return False


class OfLeads(OfEveryKind):
    """An obligation whose figures come by segments of leads."""

    segments: Annotated[tuple[Identifier, ...], Field(min_length=1), AfterValidator(distinct)] | None = None
    """Leads of these segments alone; without it, all."""


class Watched(OfLeads):
    """An obligation about what is there for long, a service or a customer: it has no deadline."""

    @property
    def judges(self) -> Judges:
        """What is watched, for as long as it is there."""
        return "watches"

    @property
    def timed_by(self) -> None:
        """No clock of it runs to a deadline."""
