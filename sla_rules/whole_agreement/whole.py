"""The whole of one agreement as a typed result."""

from msgspec import Struct

from sla_rules.figures.units import Count
from sla_rules.reports.agreement_event import AgreementEvent
from sla_rules.reports.consequences import SettledGoal
from sla_rules.whole_agreement.records import AgreementData, LedgerData


class WholeAgreement(Struct, frozen=True, kw_only=True):
    """All that the figures of all partitions say of an agreement, as of when its records were last asked for."""

    agreement: AgreementData | None
    """How it stands; None before its first version is in force."""
    periods: tuple[SettledGoal, ...]
    """The periods that are decided, by obligation and interval, the earliest first."""
    ledger: tuple[LedgerData, ...]
    """The rows of every obligation of volume, the earliest first."""
    events: tuple[AgreementEvent, ...]
    """Those that the figures call for, by their instants; others may stand as well."""
    ignored: Count
    """Figures of obligations, segments or intervals that the agreement does not have any more."""
