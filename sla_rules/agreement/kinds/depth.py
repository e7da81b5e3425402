"""Depth: how often somebody is tried who has not been reached."""

from typing import Annotated, Literal

from pydantic import Field

from sla_rules.agreement.deadlines import Deadline, FollowUp
from sla_rules.agreement.goals import Amount
from sla_rules.agreement.kinds.every_kind import Judges
from sla_rules.agreement.kinds.timed import Fields, LostDeal, Reopened, Timed
from sla_rules.notation import Frozen, Share


class DepthTarget(Frozen):
    """How many attempts a lead not connected gets on average, and which share of leads gets all agreed."""

    average: Amount | None = None
    share: Share | None = None


class Depth(Timed):
    """Attempts on leads that have not been connected."""

    kind: Literal["depth"]
    attempts: Annotated[int, Field(ge=1, le=1_000)]
    """How many are wanted by the deadline."""
    deadline: Deadline
    target: DepthTarget = DepthTarget()
    closed_leads: Literal["counted", "left_out"]
    """Whether unconnected leads that were closed stay in the average; it has no default because it changes the answer."""
    follow_up: FollowUp = FollowUp()
    pauses: bool = False
    """Whether the clock stands while the lead is paused."""
    lost_deal: LostDeal = "closes"
    """What a lost deal does to the cycle that its lead is in."""
    fields: Fields = "follow"
    """What it does when fields of the lead change while the clock runs: follow, so that the lead comes under the promises of its new
    segment, each deadline counted from the original start; or stay as it was at the start.
    """
    reopened: Reopened = "restarts"
    """What begins when a lead that was closed or connected is reopened."""

    @property
    def judges(self) -> Judges:
        """Hand-offs."""
        return "hand_offs"
