"""Deliverable: the alert on what was due and nothing confirms, and all else that is drawn of it."""

from collections.abc import Iterator
from typing import Final

from dashboards import promises
from dashboards.alert import COUNT, Alert
from dashboards.alert_names import UNDELIVERED
from dashboards.boards.deliverable import deliverable as panels
from dashboards.escaping import verbatim
from dashboards.kinds.drawing import Drawing
from dashboards.kinds.obliged import Obliged
from dashboards.kinds.tested import Tested
from dashboards.queries import GUARD, recorded
from dashboards.scenario import Scenario
from dashboards.wording import due_times
from sla_rules.agreement.obligations import Deliverable
from sla_rules.names import NO_TEAM


def alerts(obliged: Obliged, deliverable: Deliverable) -> Iterator[Alert]:
    """A delivery is overdue; of no team, for what falls due is handed to nobody."""
    overdue = recorded("leadsla_overdue_leads", "obligation", "team", **obliged.own)
    how = "".join(f", {part}" for part in map(verbatim, promises.delivery(deliverable)))
    yield obliged.alert(
        UNDELIVERED,
        f"sum by (agreement, obligation) ({overdue}) > 0\n{GUARD}",
        "page",
        f"A delivery is due: {COUNT} not confirmed ({obliged.title})",
        f"A delivery is due {due_times(deliverable.due)}{how}; its time has passed and nothing confirms it. "
        f"{obliged.provider} owes it to {obliged.recipient}, until a confirmation names the day it was due.",
    )


def tests(tested: Tested, _: Deliverable) -> Iterator[Scenario]:
    """Of its alert: what is due is handed to no team, and the page names none."""
    return tested.late(
        tested.alert(UNDELIVERED),
        {"team": NO_TEAM},
        {},
        ("no delivery is overdue", "overdue deliveries page at once, each counted once", "overdue deliveries wait"),
    )


DRAWING: Final = Drawing(
    promise=promises.deliverable, remarks=promises.no_remarks, panels=panels, alerts=alerts, tests=tests
)
