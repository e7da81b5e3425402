"""All files of a set of agreements: boards, rules with their tests, and the Alertmanager's configuration."""

from collections.abc import Iterator, Sequence

from dashboards.alertmanager import alertmanager
from dashboards.boards.agreement import agreement_board
from dashboards.boards.overview import overview_board
from dashboards.rule_files import agreement_rules, shared_rules
from dashboards.rule_tests import agreement_tests
from dashboards.service_tests import service_tests
from dashboards.settings import Settings
from dashboards.versions import merged
from sla_rules.agreement.model import Agreement
from sla_rules.names import SHARED_FILE


def generate(agreements: Sequence[Agreement], settings: Settings) -> dict[str, str]:
    """Text by path below the folder of generated files; the same for the same agreements in any order.

    Raises:
        NoReceiverError: no contact can be reached, and no operations are named.

    """
    return dict(sorted(_files(merged(agreements), settings)))


def _files(agreements: Sequence[Agreement], settings: Settings) -> Iterator[tuple[str, str]]:
    yield f"grafana/{SHARED_FILE}.json", overview_board(agreements, settings)
    yield f"prometheus/rules/{SHARED_FILE}.yaml", shared_rules(settings)
    yield f"prometheus/tests/{SHARED_FILE}.yaml", service_tests(settings)
    yield "alertmanager/alertmanager.yaml", alertmanager(agreements, settings)
    for agreement in agreements:
        yield f"grafana/{agreement.agreement}.json", agreement_board(agreement, settings)
        yield f"prometheus/rules/{agreement.agreement}.yaml", agreement_rules(agreement, settings)
        yield f"prometheus/tests/{agreement.agreement}.yaml", agreement_tests(agreement, settings)
