"""Who serves the leads, and how long that takes, as it stands in an agreement."""

from decimal import Decimal
from typing import Annotated, Self

from pydantic import Field, model_validator

from sla_rules.agreement.goals import Amount
from sla_rules.notation import Duration, Frozen, Identifier, Share


class Capacity(Frozen):
    """The reps who serve the leads of an obligation of volume, and what one lead takes of their time."""

    obligation: Identifier
    """Whose leads they serve."""
    reps: Annotated[int, Field(ge=1, le=1_000_000)]
    time_per_attempt: Duration
    """Working time of one attempt, with what comes before and after it."""
    attempts_per_lead: Annotated[Amount, Field(ge=Decimal("0.01"), le=1_000)]
    """On average."""
    share_for_marketing: Share = Decimal(1)
    """Share of their working time that goes into these leads."""
    share_for_own: Share | None = None
    """Share that goes into leads they find themselves; what is left is for everything else."""
    calendar: Identifier | None = None
    """Which of `calendars` they keep; None for the agreement's own."""

    @model_validator(mode="after")
    def _has_one_working_time(self) -> Self:
        if self.share_for_marketing + (self.share_for_own or 0) > 1:
            message = "share_for_marketing and share_for_own are more than all of the time"
            raise ValueError(message)
        return self
