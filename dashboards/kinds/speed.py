"""Speed: alerts on follow-ups that are overdue, late or slow, and all else that is drawn of it."""

from collections.abc import Iterator
from typing import Final

from dashboards import promises
from dashboards.alert import TIME, Alert, label
from dashboards.alert_names import SLOW
from dashboards.boards.speed import speed as panels
from dashboards.kinds import timed_alerts, timed_tests
from dashboards.kinds.drawing import Drawing
from dashboards.kinds.obliged import ON_OBLIGATION, ON_WINDOW, Obliged
from dashboards.kinds.tested import Tested, text
from dashboards.queries import GUARD, recorded
from dashboards.scenario import Scenario, held, on, served
from dashboards.wording import spoken
from sla_rules.agreement.obligations import Speed
from sla_rules.instants import Duration, seconds


def alerts(obliged: Obliged, speed: Speed) -> Iterator[Alert]:
    """Leads that wait, an average that is too long, too few leads in time."""
    yield timed_alerts.overdue(obliged, speed, "an answer" if speed.starts == "inbound" else "a follow-up")
    if speed.target.average is not None:
        yield _slow(obliged, speed, speed.target.average)
    yield from timed_alerts.shares(obliged, speed)


def _slow(obliged: Obliged, speed: Speed, agreed: Duration) -> Alert:
    average = recorded("leadsla_follow_up_seconds", "obligation", "window", operation="avg", **obliged.windows)
    target = recorded("leadsla_target_follow_up_seconds", "obligation", operation="max", **obliged.own)
    counted = recorded("leadsla_window_follow_ups", "obligation", "window", **obliged.windows)
    return obliged.alert(
        SLOW,
        f"{average} > {ON_OBLIGATION} group_left () {target}\n"
        f"and {ON_WINDOW} {counted} >= {obliged.settings.minimum_decided}\n{GUARD}",
        "notice",
        f"{promises.awaited(speed).capitalize()} is slow this {label('window')}: {TIME} on average ({obliged.title})",
        f"Agreed are {spoken(agreed)} on average from {promises.started(speed)}; {obliged.provider} is slower than that "
        f"for the {promises.averaged(speed)} this {label('window')}.",
        settle=True,
    )


def tests(tested: Tested, speed: Speed) -> Iterator[Scenario]:
    """Of each of its alerts."""
    yield from timed_tests.overdue(tested)
    if speed.target.average is not None:
        yield from _slow_tests(tested, seconds(speed.target.average))
    yield from timed_tests.shares(tested, speed.share_in_time)


def _slow_tests(tested: Tested, target: float) -> Iterator[Scenario]:
    alert, enough = tested.alert(SLOW), tested.settings.minimum_decided

    def followed_up(leads: int, total: float) -> dict[str, str]:
        return {
            **served(),
            on("a", "leadsla_target_follow_up_seconds", **tested.own): held(text(target)),
            **tested.window("leadsla_window_follow_ups", leads),
            **tested.window("leadsla_window_follow_up_duration_seconds", total),
        }

    yield tested.met("the average is exactly the target", alert, followed_up(enough, enough * target))
    yield tested.missed(
        "the average is a second per lead above the target",
        alert,
        followed_up(enough, enough * (target + 1)),
        target + 1,
    )
    yield tested.met("too few leads for an average", alert, followed_up(enough - 1, (enough - 1) * (target + 1) * 10))


DRAWING: Final = Drawing(
    promise=promises.speed, remarks=promises.timed_remarks, panels=panels, alerts=alerts, tests=tests
)
