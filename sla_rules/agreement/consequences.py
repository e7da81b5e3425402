"""What follows when an obligation is met or missed for a period: service credits, remedies, the right to cancel.

Shares are compared exactly: 99 % is not below 99 %.
"""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Self

from pydantic import Field, model_validator

from sla_rules.agreement.goals import Amount
from sla_rules.notation import Duration, Frozen, Granularity, Identifier, Line, Share


class CreditTier(Frozen):
    """Below this attainment, so much of the fee is given back."""

    below: Share
    """Of what was decided, the share that was met; exactly this much is not below."""
    credit: Share
    """Of the fee."""


class ServiceCredits(Frozen):
    """Credits on the attainment of an obligation by period."""

    obligation: Identifier
    interval: Granularity = "month"
    tiers: Annotated[tuple[CreditTier, ...], Field(min_length=1)]
    fee: Amount | None = None
    """What the period costs; credits are shares of it."""
    cap: Share = Decimal(1)
    """No more than this share of the fee is ever given back for one period."""
    claim_within: Duration | None = None
    """How long after the period a credit may be claimed."""
    exclusions: tuple[str, ...] = ()
    """What is not held against the provider, in words."""

    @model_validator(mode="after")
    def _falls(self) -> Self:
        below = [tier.below for tier in self.tiers]
        credits_given = [tier.credit for tier in self.tiers]
        if below != sorted(set(below), reverse=True) or credits_given != sorted(credits_given):
            message = "tiers have to go down in attainment and up in credit"
            raise ValueError(message)
        return self

    def credit(self, attainment: Fraction | None) -> Decimal:
        """The share of the fee that is due for an attainment; none where nothing was due."""
        if attainment is None:
            return Decimal(0)
        due = [tier.credit for tier in self.tiers if attainment < Fraction(tier.below)]
        return min(max(due, default=Decimal(0)), self.cap)


class Remedy(Frozen):
    """What an internal party does when an obligation is missed."""

    obligation: Identifier
    owner: Annotated[Line, Field(min_length=1)]
    """Who does it."""
    within: Duration
    """After the miss."""
    action: Annotated[str, Field(min_length=1)]


class Cancellation(Frozen):
    """The agreement may be cancelled when goals are missed so many periods in a row."""

    missed_in_a_row: Annotated[int, Field(ge=1, le=1_000)]
    interval: Granularity = "month"
    obligations: Annotated[tuple[Identifier, ...], Field(min_length=1)]

    def is_reached(self, missed: Iterable[bool]) -> bool:
        """Whether the latest periods, given from the earliest, were all missed."""
        latest: Sequence[bool] = list(missed)[-self.missed_in_a_row :]
        return len(latest) == self.missed_in_a_row and all(latest)
