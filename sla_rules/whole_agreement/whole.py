"""The whole of one agreement as a typed result."""

from typing import Final

from msgspec import Struct

from sla_rules.figures.units import Count, Time
from sla_rules.reports.agreement_event import AgreementEvent
from sla_rules.reports.consequences import SettledGoal
from sla_rules.whole_agreement.records import AgreementData, LedgerData


class WholeAgreement(Struct, frozen=True, kw_only=True):
    """All that the figures of all partitions say of an agreement, as of when its records were last asked for."""

    agreement: AgreementData | None
    """How it stands; None before its first version is in force."""
    since: Time | None
    """From when on its periods are looked at; None while nothing is known."""
    periods: tuple[SettledGoal, ...]
    """The periods that are decided, by obligation and interval, the earliest first."""
    ledger: tuple[LedgerData, ...]
    """The rows of every obligation of volume, the earliest first."""
    events: tuple[AgreementEvent, ...]
    """Those that the figures call for, by their instants; others may stand as well."""
    ignored: Count
    """Figures of obligations, segments or intervals that the agreement does not have any more."""


NOTHING_KNOWN: Final = WholeAgreement(agreement=None, since=None, periods=(), ledger=(), events=(), ignored=0)
"""Of an agreement that no file says any more."""
