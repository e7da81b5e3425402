"""Alerts on what one agreement promises. Each names the party that owes and the one that is owed, for the routes.

Texts are for people in marketing and sales. Comparisons are strict: exactly at the target is met. Targets are read from
the workers' own series, so a version that takes effect tonight is judged from tonight on.
"""

from collections.abc import Iterator

from dashboards.alert import Alert
from dashboards.kinds.obliged import Obliged
from dashboards.kinds.table import drawing_of
from dashboards.settings import Settings
from sla_rules.agreement.model import Agreement


def alert_rules(agreement: Agreement, settings: Settings) -> Iterator[Alert]:
    """All alerts of an agreement, the page first."""
    for obligation in agreement.obligations:
        yield from drawing_of(obligation).alerts(Obliged(agreement, obligation, settings), obligation)
