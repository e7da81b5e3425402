"""Tests of each agreement's alerts, for promtool: exactly at the target nothing fires, just beyond it everything does."""

from typing import Final

from dashboards.alert_rules import alert_rules
from dashboards.burn import burns
from dashboards.kinds.table import drawing_of
from dashboards.kinds.tested import Tested
from dashboards.quiet_hours_end import quiet_hours_end_tests
from dashboards.rule_files import generated_from, group_of
from dashboards.scenario import test_file
from dashboards.service_tests import SHARED_GROUPS
from dashboards.settings import Settings
from sla_rules.agreement.model import Agreement
from sla_rules.instants import MINUTE, Duration
from sla_rules.names import SHARED_FILE

LONGEST_EVERY: Final = 4 * MINUTE
"""Prometheus looks back five minutes, so rules have to be evaluated more often than that."""
EVALUATIONS: Final = 100


def agreement_tests(agreement: Agreement, settings: Settings) -> str:
    """The test file of one agreement."""
    alerts = list(alert_rules(agreement, settings))
    every = _every(agreement)
    scenarios = [
        scenario
        for obligation in agreement.obligations
        for scenario in drawing_of(obligation).tests(Tested(agreement, obligation, settings, alerts, every), obligation)
    ]
    return test_file(
        [*scenarios, *quiet_hours_end_tests(agreement, settings)],
        [SHARED_FILE, agreement.agreement],
        [*SHARED_GROUPS, group_of(agreement)],
        every,
        generated_from(agreement),
    )


def _every(agreement: Agreement) -> Duration:
    """Minutes, unless a burn alert looks back so far that they would take long."""
    longest = max((burn.long for o in agreement.obligations for burn in burns(o)), default=0)
    return min(max(longest // EVALUATIONS // MINUTE, 1) * MINUTE, LONGEST_EVERY)
