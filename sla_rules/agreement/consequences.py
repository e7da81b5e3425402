"""What follows when an obligation is met or missed for a period: service credits, remedies, the right to cancel.

Shares are compared exactly: 99 % is not below 99 %.
"""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Annotated

from pydantic import AfterValidator, Field

from sla_rules.agreement.goals import Amount
from sla_rules.fitting import Misfit, fits
from sla_rules.notation import Duration, Frozen, Granularity, Identifier, Name, Share, distinct


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

    @fits
    def _tiers_rise(self) -> Iterator[Misfit]:
        for number, (tier, further) in enumerate(pairwise(self.tiers), start=1):
            if further.below >= tier.below:
                yield ("tiers", number, "below"), "tiers go down in attainment; put the highest first"
            if further.credit <= tier.credit:
                message = "tiers go up in credit, else one of them changes nothing"
                yield ("tiers", number, "credit"), message

    def credit(self, attainment: Fraction | None) -> Decimal:
        """The share of the fee that is due for an attainment; none where nothing was due."""
        if attainment is None:
            return Decimal(0)
        due = [tier.credit for tier in self.tiers if attainment < Fraction(tier.below)]
        return min(max(due, default=Decimal(0)), self.cap)


class Remedy(Frozen):
    """What an internal party does when an obligation is missed."""

    obligation: Identifier
    owner: Name
    """Who does it."""
    within: Duration
    """After the miss."""
    action: Annotated[str, Field(min_length=1)]


class Cancellation(Frozen):
    """The agreement may be cancelled when goals are missed so many periods in a row."""

    missed_in_a_row: Annotated[int, Field(ge=1, le=1_000)]
    interval: Granularity = "month"
    obligations: Annotated[tuple[Identifier, ...], Field(min_length=1), AfterValidator(distinct)]

    def is_reached(self, missed: Iterable[bool]) -> bool:
        """Whether the latest periods, given from the earliest, were all missed."""
        latest: Sequence[bool] = list(missed)[-self.missed_in_a_row :]
        return len(latest) == self.missed_in_a_row and all(latest)
