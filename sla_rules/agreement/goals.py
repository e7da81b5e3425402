"""How much is to be delivered, or what a goal is worked out from, as it stands in an agreement."""

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from math import ceil
from typing import Annotated

from pydantic import AfterValidator, Discriminator, Field, Tag

from sla_rules.notation import Frozen, Identifier, Share, in_order, shortest

Amount = Annotated[Decimal, Field(gt=0), AfterValidator(shortest)]


class Quota(Frozen):
    """What sales has to sell, and what it takes: the goal follows."""

    revenue: Amount
    """What has to be sold in one interval."""
    average_deal: Amount
    """What one customer brings."""
    close_rate: Share
    """Share of the leads that become customers."""
    marketing_share: Share = Decimal(1)
    """Share of the revenue that has to come from marketing's leads."""

    @property
    def revenue_goal(self) -> Fraction:
        """What has to come from marketing's leads."""
        return Fraction(self.revenue) * Fraction(self.marketing_share)

    @property
    def customers_needed(self) -> int:
        """How many customers bring that, rounded up."""
        return ceil(self.revenue_goal / Fraction(self.average_deal))

    @property
    def value_per_lead(self) -> Fraction:
        """What one lead brings on average: close rate x average deal."""
        return Fraction(self.close_rate) * Fraction(self.average_deal)

    @property
    def leads_needed(self) -> int:
        """Revenue x marketing's share / average deal / close rate, rounded up.

        The method of the leads waterfall (M. Volpe, HubSpot, 2012).
        """
        return _leads_agreed(self.revenue, self.marketing_share, self.average_deal, self.close_rate)


@lru_cache(maxsize=1_000)
def _leads_agreed(*parts: Decimal) -> int:
    """Asked for again with every period that is judged."""
    return leads_needed(*map(Fraction, parts))


def leads_needed(revenue: Fraction, marketing_share: Fraction, average_deal: Fraction, close_rate: Fraction) -> int:
    """The goal that follows from agreed or measured rates, none of them zero."""
    return ceil(revenue * marketing_share / average_deal / close_rate)


def _how_many_quotas(value: object) -> str:
    """Told apart by what they hold, so that an error is only about what was meant."""
    if isinstance(value, Mapping) and all(isinstance(each, Mapping | Quota) for each in value.values()):
        return "by segment"
    return "one quota"


Quotas = Annotated[
    Annotated[Quota, Tag("one quota")]
    | Annotated[dict[Identifier, Quota], Field(min_length=1), AfterValidator(in_order), Tag("by segment")],
    Discriminator(_how_many_quotas),
]
