"""Volume: how many leads are delivered, or what they are worth."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Literal

from sla_rules.agreement.goals import Amount, Quotas
from sla_rules.agreement.kinds.every_kind import Judges, OfLeads
from sla_rules.fitting import Misfit, fits
from sla_rules.notation import Granularity


class Volume(OfLeads):
    """How many leads, or how much value of leads, are delivered."""

    kind: Literal["volume"]
    goal: Amount | None = None
    """How many in one interval, or how much value."""
    goal_from: Quotas | None = None
    """One quota, or one for each segment: each goal is rounded up, then they are added."""
    interval: Granularity = "month"
    measure: Literal["leads", "value"] = "leads"
    """Leads, or what they are worth by their segments."""
    goal_line: Literal["calendar_days", "working_days"] = "calendar_days"
    """Which days the goal is spread over."""

    @fits
    def _has_one_goal(self) -> Iterator[Misfit]:
        if (self.goal is None) == (self.goal_from is None):
            yield (), "needs either a goal or goal_from, a quota to compute it from"

    @property
    def agreed(self) -> Decimal:
        """The goal of one period: as written, or from the quota; by segment each is rounded up, then they are added."""
        if self.goal is not None:
            return self.goal
        quotas = self.goal_from.values() if isinstance(self.goal_from, dict) else [self.goal_from]
        return Decimal(sum(quota.leads_needed for quota in quotas if quota is not None))

    @property
    def judges(self) -> Judges:
        """Hand-offs."""
        return "hand_offs"

    @property
    def timed_by(self) -> None:
        """It has no clocks."""

    @property
    def has_goal_for(self) -> Sequence[Granularity]:
        """Its goal is for periods of one length."""
        return (self.interval,)

    @property
    def counts_deals(self) -> bool:
        """What its leads bring is revenue of marketing's."""
        return True
