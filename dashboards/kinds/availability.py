"""Availability: alerts on what is down, and on downtime that uses up or exceeds what is allowed; all else that is drawn of it."""

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Final

from dashboards import promises
from dashboards.alert import COUNT, SHARE, Alert, label
from dashboards.alert_names import ALLOWANCE_SPENT, DOWN, UPTIME_LOW
from dashboards.boards.availability import NEARLY_SPENT
from dashboards.boards.availability import availability as panels
from dashboards.kinds.drawing import Drawing
from dashboards.kinds.obliged import ON_OBLIGATION, Obliged
from dashboards.kinds.tested import Tested, at_least, text
from dashboards.kinds.timed_tests import TEAM
from dashboards.queries import GUARD, recorded
from dashboards.scenario import Scenario, held, on, served
from dashboards.wording import percentage, spoken
from sla_rules.agreement.judged_intervals import judged_intervals
from sla_rules.agreement.obligations import Availability

_LEAST_ALLOWANCE: Final = Decimal("0.000001")
"""What less than this allows is gone before anybody could be told that it goes."""
_SERVICES: Final = 1_000
"""Seconds at least in a test."""


def alerts(obliged: Obliged, terms: Availability) -> Iterator[Alert]:
    """One is down; most of the downtime allowed in a window is used up; or more than all of it."""
    down = recorded("leadsla_overdue_leads", "obligation", "team", **obliged.own)
    yield obliged.alert(
        DOWN,
        f"{down} > 0\n{GUARD}",
        "page",
        f"Down now: {COUNT} with {label('team')} ({obliged.title})",
        f"{obliged.provider} promised {obliged.recipient} to be {', '.join(promises.availability(terms))}. Downtime counts until it is up again.",
    )
    yield _low(obliged, terms)
    if 1 - terms.target.share >= _LEAST_ALLOWANCE:
        yield _nearly_spent(obliged, terms)


def _low(obliged: Obliged, terms: Availability) -> Alert:
    whole, downtime = _whole(obliged), _of_window(obliged, "downtime")
    return obliged.alert(
        UPTIME_LOW,
        f"({whole} - {downtime}) / ({whole} > 0) < {ON_OBLIGATION} group_left () {_target(obliged)}\n{GUARD}",
        "notice",
        f"Uptime this {label('window')} is {SHARE} at best ({obliged.title})",
        f"Agreed are {percentage(terms.target.share)}. Even if nothing is down any more until the {label('window')} ends, "
        f"{obliged.provider} stays below that.",
        settle=True,
    )


def _nearly_spent(obliged: Obliged, terms: Availability) -> Alert:
    downtime = _of_window(obliged, "downtime")
    allowed = f"{_whole(obliged)} * {ON_OBLIGATION} group_left () (1 - {_target(obliged)})"
    return obliged.alert(
        ALLOWANCE_SPENT,
        f"{downtime} / ({allowed}) > {NEARLY_SPENT} <= 1\n{GUARD}",
        "notice",
        f"{SHARE} of the downtime allowed this {label('window')} is used up ({obliged.title})",
        f"Agreed are {percentage(terms.target.share)}, which leaves little more to be down for until the {label('window')} ends.",
        settle=True,
    )


def _of_window(obliged: Obliged, figure: str) -> str:
    return recorded(f"leadsla_window_{figure}_seconds", "obligation", "window", **obliged.judged_windows)


def _whole(obliged: Obliged) -> str:
    return f"({_of_window(obliged, 'available')} + {_of_window(obliged, 'ahead')})"


def _target(obliged: Obliged) -> str:
    return recorded("leadsla_target_availability_ratio", "obligation", operation="max", **obliged.own)


def tests(tested: Tested, terms: Availability) -> Iterator[Scenario]:
    """Of each of its alerts."""
    yield from tested.late(
        tested.alert(DOWN),
        {"team": TEAM},
        {"team": TEAM},
        ("none is down", "what is down pages at once, each counted once", "what is down waits"),
    )
    window = judged_intervals(tested.agreement, terms)[0]
    up, whole = at_least(Fraction(terms.target.share), _SERVICES)

    def lost(downtime: float, available: float, ahead: float) -> dict[str, str]:
        return {
            **served(),
            on("a", "leadsla_target_availability_ratio", **tested.own): held(text(float(terms.target.share))),
            **tested.window("leadsla_window_downtime_seconds", downtime, window),
            **tested.window("leadsla_window_available_seconds", available, window),
            **tested.window("leadsla_window_ahead_seconds", ahead, window),
        }

    low = tested.alert(UPTIME_LOW)
    half = whole // 2
    yield tested.met("the downtime is exactly what the window allows", low, lost(whole - up, half, whole - half))
    yield tested.missed(
        "a second more is lost", low, lost(whole - up + 1, half, whole - half), (up - 1) / whole, window
    )
    yield tested.met("nothing is to be up", low, lost(0, 0, 0))
    allowed = 1 - float(terms.target.share)
    if 1 - terms.target.share >= _LEAST_ALLOWANCE:
        spent = tested.alert(ALLOWANCE_SPENT)
        yield tested.met("half of what is allowed is used up", spent, lost(allowed * 500_000, 400_000, 600_000))
        yield tested.missed("nine tenths of it are", spent, lost(allowed * 900_000, 400_000, 600_000), 0.9, window)
        yield tested.met("twice as much as is allowed was lost", spent, lost(allowed * 2_000_000, 400_000, 600_000))


def remarks(terms: Availability) -> Iterator[str]:
    """What is left out."""
    if terms.announced:
        yield f"Maintenance that is announced {spoken(terms.announced)} before it begins is left out."
    if terms.pauses:
        yield "Time in which it is paused is left out."


DRAWING: Final = Drawing(promise=promises.availability, remarks=remarks, panels=panels, alerts=alerts, tests=tests)
