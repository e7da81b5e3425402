"""Volume: the alert on deliveries that lie behind the goal line, and all else that is drawn of it."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from dashboards import promises
from dashboards.alert import COUNT, Alert
from dashboards.alert_names import BEHIND
from dashboards.boards.volume import volume as panels
from dashboards.kinds.drawing import Drawing
from dashboards.kinds.obliged import ON_WINDOW, Obliged
from dashboards.kinds.tested import Tested
from dashboards.queries import GUARD, recorded
from dashboards.scenario import Scenario, held, on, served
from dashboards.wording import number, percentage
from sla_rules.agreement.obligations import Volume


def alerts(obliged: Obliged, volume: Volume) -> Iterator[Alert]:
    """Less is delivered than the goal line asks for."""
    window = {**obliged.own, "window": volume.interval}
    delivered = recorded("leadsla_window_leads", "obligation", "window", **window)
    line = recorded("leadsla_target_leads_to_date", "obligation", "window", operation="max", **window)
    tolerance = obliged.settings.goal_tolerance
    what = "leads" if volume.measure == "leads" else "value of leads"
    yield obliged.alert(
        BEHIND,
        f"{delivered} < {ON_WINDOW} {number(tolerance)} * {line}\n{GUARD}",
        "notice",
        f"Behind the goal line this {volume.interval}: {COUNT} delivered ({obliged.title})",
        f"{obliged.provider} promised {obliged.recipient} {number(volume.agreed)} {what} this {volume.interval}; "
        f"delivered are less than {percentage(tolerance)} of what the goal line asks for by now."
        + "".join(f" {sentence}" for sentence in promises.goal_remarks(volume)),
        settle=True,
    )


def tests(tested: Tested, volume: Volume) -> Iterator[Scenario]:
    """Of its alert."""
    alert = tested.alert(BEHIND)
    line = Decimal(1000)
    enough = int(line * tested.settings.goal_tolerance)

    def delivered(leads: int) -> dict[str, str]:
        metric = "leadsla_target_leads_to_date"
        return {
            **served(),
            on("a", metric, window=volume.interval, **tested.own): held(line),
            **tested.window("leadsla_window_leads", leads, volume.interval),
        }

    yield tested.met("delivery is exactly at what is tolerated", alert, delivered(enough))
    yield tested.missed(
        "one lead less than tolerated is delivered", alert, delivered(enough - 1), enough - 1, volume.interval
    )


DRAWING: Final = Drawing(
    promise=promises.volume, remarks=promises.goal_remarks, panels=panels, alerts=alerts, tests=tests
)
