"""Retention: the alert on customers lost beyond what is agreed, and all else that is drawn of it."""

from collections.abc import Iterator
from fractions import Fraction
from typing import Final

from dashboards import promises
from dashboards.alert import SHARE, Alert, label
from dashboards.alert_names import RETENTION_LOW
from dashboards.boards.retention import retention as panels
from dashboards.kinds.drawing import Drawing
from dashboards.kinds.obliged import ON_OBLIGATION, ON_WINDOW, Obliged
from dashboards.kinds.tested import Tested, at_least
from dashboards.queries import GUARD, recorded
from dashboards.scenario import Scenario, held, on, served
from dashboards.wording import percentage
from sla_rules.agreement.judged_intervals import judged_intervals
from sla_rules.agreement.obligations import Retention


def alerts(obliged: Obliged, terms: Retention) -> Iterator[Alert]:
    """So many left that the target is missed unless some come back; only for the windows that the promise is judged by."""
    kept = recorded("leadsla_window_within_target_leads", "obligation", "window", **obliged.judged_windows)
    lost = recorded("leadsla_window_breached_leads", "obligation", "window", **obliged.judged_windows)
    target = recorded("leadsla_target_within_ratio", "obligation", operation="max", **obliged.own)
    yield obliged.alert(
        RETENTION_LOW,
        f"{kept} / ({kept} + {lost} > 0) < {ON_OBLIGATION} group_left () {target}\n"
        f"and {ON_WINDOW} ({kept} + {lost}) >= {obliged.settings.minimum_decided}\n{GUARD}",
        "notice",
        f"Retention this {label('window')} is {SHARE} at best ({obliged.title})",
        f"Agreed are {percentage(terms.target.share)} of the customers who were there when the {label('window')} began. Unless "
        f"some of those who left come back before it ends, {obliged.provider} stays below that.",
        settle=True,
    )


def tests(tested: Tested, terms: Retention) -> Iterator[Scenario]:
    """Of its alert."""
    low = tested.alert(RETENTION_LOW)
    window = judged_intervals(tested.agreement, terms)[0]
    kept, there = at_least(Fraction(terms.target.share), tested.settings.minimum_decided)

    def customers(kept: int, lost: int) -> dict[str, str]:
        return {
            **served(),
            on("a", "leadsla_target_within_ratio", **tested.own): held(terms.target.share),
            **tested.window("leadsla_window_within_target_leads", kept, window),
            **tested.window("leadsla_window_breached_leads", lost, window),
        }

    yield tested.met("exactly as many are kept as agreed", low, customers(kept, there - kept))
    yield tested.missed("one more is lost", low, customers(kept - 1, there - kept + 1), (kept - 1) / there, window)
    yield tested.met("nobody was there", low, customers(0, 0))


DRAWING: Final = Drawing(
    promise=promises.retention, remarks=promises.no_remarks, panels=panels, alerts=alerts, tests=tests
)
