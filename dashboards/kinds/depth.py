"""Depth: alerts on leads that are tried too late or too seldom, and all else that is drawn of it."""

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Final

from dashboards import promises
from dashboards.alert import TENTHS, Alert, label
from dashboards.alert_names import SHALLOW
from dashboards.boards.depth import depth as panels
from dashboards.kinds import timed_alerts, timed_tests
from dashboards.kinds.drawing import Drawing
from dashboards.kinds.obliged import ON_OBLIGATION, ON_WINDOW, Obliged
from dashboards.kinds.tested import Tested, at_least
from dashboards.queries import GUARD, recorded
from dashboards.scenario import Scenario, held, on, served
from dashboards.wording import number
from sla_rules.agreement.obligations import Depth


def alerts(obliged: Obliged, depth: Depth) -> Iterator[Alert]:
    """Leads that wait, an average that is too low, too few leads in time."""
    what = f"{depth.attempts} attempts" if depth.attempts > 1 else "an attempt"
    yield timed_alerts.overdue(obliged, depth, what)
    if depth.target.average is not None:
        yield _shallow(obliged, depth, depth.target.average)
    yield from timed_alerts.shares(obliged, depth)


def _shallow(obliged: Obliged, depth: Depth, average: Decimal) -> Alert:
    """Attempts take days, so a young window is always low: told is only what the open leads cannot repair."""
    attempts = recorded("leadsla_window_unconnected_attempts", "obligation", "window", **obliged.windows)
    leads = recorded("leadsla_window_unconnected_leads", "obligation", "window", **obliged.windows)
    undecided = recorded("leadsla_window_open_leads", "obligation", "window", **obliged.windows)
    target = recorded("leadsla_target_attempts", "obligation", operation="max", **obliged.own)
    each = number(max(Decimal(depth.attempts), average))
    return obliged.alert(
        SHALLOW,
        f"({attempts} + {each} * {undecided}) / ({leads} > 0) < {ON_OBLIGATION} group_left () {target}\n"
        f"and {ON_WINDOW} {leads} >= {obliged.settings.minimum_decided}\n{GUARD}",
        "notice",
        f"Too few attempts this {label('window')}: {TENTHS} per lead at best ({obliged.title})",
        f"Agreed are {number(average)} attempts on average on leads that were not connected. Even if every lead "
        f"that still has time gets its {depth.attempts}, {obliged.provider} stays below that for the leads handed off "
        f"this {label('window')}.",
        settle=True,
    )


def tests(tested: Tested, depth: Depth) -> Iterator[Scenario]:
    """Of each of its alerts."""
    yield from timed_tests.overdue(tested)
    if depth.target.average is not None:
        yield from _shallow_tests(tested, depth.target.average)
    yield from timed_tests.shares(tested, depth.share_in_time)


def _shallow_tests(tested: Tested, average: Decimal) -> Iterator[Scenario]:
    alert = tested.alert(SHALLOW)
    attempts, leads = at_least(Fraction(average), tested.settings.minimum_decided)

    def attempted(count: int, undecided: int) -> dict[str, str]:
        return {
            **served(),
            on("a", "leadsla_target_attempts", **tested.own): held(average),
            **tested.window("leadsla_window_unconnected_leads", leads),
            **tested.window("leadsla_window_unconnected_attempts", count),
            **tested.window("leadsla_window_open_leads", undecided),
        }

    yield tested.met("the average is exactly the target", alert, attempted(attempts, 0))
    yield tested.missed("one attempt is missing for good", alert, attempted(attempts - 1, 0), (attempts - 1) / leads)
    yield tested.met("leads that still have time can make up for it", alert, attempted(attempts - 1, 1))


DRAWING: Final = Drawing(
    promise=promises.depth, remarks=promises.timed_remarks, panels=panels, alerts=alerts, tests=tests
)
