"""What a recalculation of a goal rests on, and the rates that follow from it."""

from fractions import Fraction
from typing import NamedTuple

from sla_rules.evaluation.tallies import VALUE_UNIT
from sla_rules.instants import Instant


class Basis(NamedTuple):
    """What a recalculation rests on. Money in millionths of the agreed currency; None where there is none to go by."""

    since: Instant | None
    until: Instant | None
    leads: int
    value: int
    converted: int
    customers: int
    customer_revenue: int
    revenue: int
    all_revenue: int

    @property
    def close_rate(self) -> Fraction | None:
        """Which share of the leads became customers; with no customer at all it is not known."""
        return Fraction(self.converted, self.leads) if self.leads and self.converted else None

    @property
    def average_deal(self) -> Fraction | None:
        """What one customer brought."""
        if not self.customers or not self.customer_revenue:
            return None
        return Fraction(self.customer_revenue, self.customers * VALUE_UNIT)

    @property
    def marketing_share(self) -> Fraction | None:
        """Of all closed revenue, that from marketing's leads; of no revenue at all there is no share."""
        return Fraction(self.revenue, self.all_revenue) if self.all_revenue else None

    @property
    def value_per_lead(self) -> Fraction | None:
        """Close rate x what a customer brings: what one such lead is worth."""
        if self.close_rate is None or self.average_deal is None:
            return None
        return self.close_rate * self.average_deal
