"""Obligations about leads whose clocks run to a deadline, and what else may become of such a clock."""

from decimal import Decimal
from typing import Literal, Protocol

from sla_rules.agreement.deadlines import Deadline, FollowUp
from sla_rules.agreement.kinds.every_kind import OfLeads
from sla_rules.notation import Share

LostDeal = Literal["closes", "goes_on"]
"""The lead is closed with its deal, or what was promised is owed as before."""
Reopened = Literal["restarts", "continues"]
"""A promise of its own, or that of the cycle before, whose clock stood while the lead was closed."""
Fields = Literal["follow", "fixed"]
"""Fields that change while a clock runs change what is owed, or what was promised at its start stays."""


class _Target(Protocol):
    @property
    def share(self) -> Share | None: ...


class _Terms(Protocol):
    """What each of these kinds declares for itself, each with its default and in its order."""

    @property
    def deadline(self) -> Deadline: ...
    @property
    def target(self) -> _Target: ...
    @property
    def follow_up(self) -> FollowUp: ...
    @property
    def lost_deal(self) -> LostDeal: ...
    @property
    def fields(self) -> Fields: ...
    @property
    def reopened(self) -> Reopened: ...


class Timed(OfLeads):
    """An obligation to get something done about a lead by a deadline: what it says of itself follows from its terms."""

    @property
    def timed_by(self: _Terms) -> Deadline:
        """Its deadline."""
        return self.deadline

    @property
    def share_in_time(self: _Terms) -> Decimal | None:
        """That of its target."""
        return self.target.share

    @property
    def attempts_counted(self: _Terms) -> FollowUp:
        """As agreed."""
        return self.follow_up

    @property
    def ends_with_lost_deal(self: _Terms) -> bool:
        """As agreed."""
        return self.lost_deal == "closes"

    @property
    def follows_fields(self: _Terms) -> bool:
        """As agreed."""
        return self.fields == "follow"

    @property
    def continues_when_reopened(self: _Terms) -> bool:
        """As agreed."""
        return self.reopened == "continues"
