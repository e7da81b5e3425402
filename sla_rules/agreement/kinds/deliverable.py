"""Deliverable: what is due again and again, by the calendar."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Literal

from sla_rules.agreement.goals import Amount
from sla_rules.agreement.kinds.every_kind import Judges, OfEveryKind
from sla_rules.agreement.recipients import Recipients
from sla_rules.agreement.schedules import RecurringSchedule
from sla_rules.fitting import Misfit, fits
from sla_rules.notation import Line


class Deliverable(OfEveryKind):
    """Something due at recurring times, confirmed by an event; missed when its time passes without one."""

    kind: Literal["deliverable"]
    due: RecurringSchedule
    quantity: Amount = Decimal(1)
    """How much has to be confirmed for each time; several confirmations add up. Where each recipient has a quantity of
    its own it is left out: it is their sum.
    """
    by: Line | None = None
    """Who delivers."""
    to: Recipients = ()
    """Who or where it goes to: names, for whom the quantity is meant together, however they divide it; or a quantity for
    each, as `{Address 1: 30, Address 2: 20}`. What a confirmation says in `to` is compared to the letter.
    """

    @fits
    def _has_one_quantity(self) -> Iterator[Misfit]:
        if isinstance(self.to, Mapping) and "quantity" in self.model_fields_set and self.quantity != self.wanted:
            message = f"leave quantity out, or make it {self.wanted}: that is what its recipients get together"
            yield ("quantity",), message

    @property
    def wanted(self) -> Decimal:
        """How much has to be confirmed for each time, of all recipients together."""
        return sum(self.to.values(), start=Decimal(0)) if isinstance(self.to, Mapping) else self.quantity

    @property
    def judges(self) -> Judges:
        """The dates on which it is due."""
        return "dates"

    @property
    def timed_by(self) -> None:
        """It is due by the calendar and has no clocks."""
