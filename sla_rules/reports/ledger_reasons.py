"""Why a row of the ledger has no next goal, or why not to trust it. The package `wording` says it.

`about` is what the agreement is about: `lead`, `ticket` ...
"""

from typing import TypeAlias

from sla_rules.figures.units import Count
from sla_rules.reports.reasons import Reason


class NoneDelivered(Reason, frozen=True):
    """No lead has been delivered yet."""

    about: str
    """What is to be delivered."""


class NoneDeliveredThen(Reason, frozen=True):
    """No lead was delivered in the periods that rates come from."""

    about: str
    """What is delivered."""


class NoDealWon(Reason, frozen=True):
    """No deal of a delivered lead was won, so that nobody knows how long a sale takes."""

    about: str
    """What is delivered."""


class NoneMatured(Reason, frozen=True):
    """No lead is older than the average sales cycle yet."""

    about: str
    """What is delivered."""


class NoneConverted(Reason, frozen=True):
    """None of the matured leads has become a customer."""

    about: str
    """What is delivered."""
    leads: Count
    """How many have matured."""


class NoCurrency(Reason, frozen=True):
    """Deals are in several currencies, and none is agreed."""


class NothingPaid(Reason, frozen=True):
    """No customer has paid anything in the currency of the row."""

    currency: str
    """Which one."""


class FewCustomers(Reason, frozen=True):
    """So few customers that chance moves the rates."""

    about: str
    """What is delivered."""
    customers: Count
    """How many matured leads became customers."""
    leads: Count
    """How many have matured."""
    wanted: Count
    """How many customers can be trusted."""


class NoRevenue(Reason, frozen=True):
    """Nothing was earned in the year, so that marketing has no share of it."""

    currency: str
    """In which currency."""


class NoRevenueOfMarketing(Reason, frozen=True):
    """There was revenue in the year, and none of it is marketing's."""


class NoQuota(Reason, frozen=True):
    """No quota is agreed to compute a goal from."""


LedgerReason: TypeAlias = (
    NoneDelivered
    | NoneDeliveredThen
    | NoDealWon
    | NoneMatured
    | NoneConverted
    | NoCurrency
    | NothingPaid
    | FewCustomers
    | NoRevenue
    | NoRevenueOfMarketing
    | NoQuota
)


class OfSegment(Reason, frozen=True):
    """What there is to say of one segment."""

    segment: str
    """Which one."""
    remark: LedgerReason
    """What of it."""


class OfSegments(Reason, frozen=True):
    """What there is to say of the segments whose goals are added."""

    remarks: tuple[OfSegment, ...]
    """Segment by segment."""


LedgerRemark: TypeAlias = LedgerReason | OfSegments
