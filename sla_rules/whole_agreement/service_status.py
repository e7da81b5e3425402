"""How the agreements of a running service stand, and how fresh that is, as a typed result."""

from typing import Literal

from msgspec import Struct, field

from sla_rules.figures.units import Count, Inline, Time
from sla_rules.reports.freshness import Freshness
from sla_rules.whole_agreement.records import AgreementData, PeriodData

OwnerState = Literal["up_to_date", "behind", "silent", "nothing_written"]


class AgreementStatus(Struct, frozen=True, kw_only=True):
    """One agreement, by what its owner has written."""

    data: Inline[AgreementData]
    owner: OwnerState
    """Up to date: its owner decides. Behind: its owner has not written what this day wants, or decides nothing of it. Silent: nobody
    owns it, or has been heard of for long. Nothing written: it follows from `sla-periods`, and nobody has said so yet.
    """
    periods: tuple[PeriodData, ...]
    """Those that are decided, by obligation and interval, the earliest first."""


class ServiceStatus(Struct, frozen=True, kw_only=True):
    """Agreements by the records of `sla-agreements`."""

    at: Time = field(name="as_of")
    """As of when, by the service's clock."""
    service: Freshness
    """How far the service is."""
    partitions: Count
    """How many partitions there are."""
    records: Count
    """How many records were read, the last of each key; figures of `sla-periods` among them where those had to be asked."""
    latest: Time | None = field(name="last_change")
    """When the newest of them was written; None where there are none."""
    agreements: tuple[AgreementStatus, ...]
    """By their identifiers, those that are withdrawn last."""
