"""The ledger of an agreement by what stands of it."""

from sla_rules.instants import Instant
from sla_rules.reports.freshness import Freshness
from sla_rules.reports.monthly_ledger import AgreementLedger, NamedRow, agreement_ledger
from sla_rules.whole_agreement.known_agreements import KnownAgreement


def ledger_of_known(known: KnownAgreement, at: Instant, service: Freshness) -> AgreementLedger:
    """Period by period, as of an instant, where the service is so far."""
    rows = (NamedRow(one.obligation, one.name, one.row) for one in known.ledger)
    decided = (one.goal for one in known.periods)
    return agreement_ledger(known.data.agreement, known.data.subject, rows, decided, at, service)
