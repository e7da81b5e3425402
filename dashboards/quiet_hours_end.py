"""Alertmanager is told dates and no rules for them: whoever runs the service hears in time that they run out."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from dashboards.alert import Alert
from dashboards.alert_names import QUIET_HOURS_END
from dashboards.escaping import verbatim
from dashboards.queries import LAG, known
from dashboards.quiet_hours import known_until
from dashboards.scenario import Firing, Scenario, held, on
from dashboards.settings import Settings
from dashboards.uids import board_uid
from sla_rules.agreement.model import Agreement
from sla_rules.instants import DAY, Instant, seconds
from sla_rules.time.periods import start_of

TOLD_AHEAD: Final = 30 * DAY


def quiet_hours_end(agreement: Agreement, settings: Settings) -> Iterator[Alert]:
    """The alert that the dates of an agreement's calendars will soon end; none where none of their dates comes back.

    It names no party, and so goes to whoever runs the service.
    """
    last = _last(agreement, settings)
    if last is None:
        return
    # The workers' clock rather than Prometheus': tests can set it.
    yield Alert(
        QUIET_HOURS_END,
        f"time() - min({known(LAG)}) >= {seconds(_told_from(agreement, last)):.0f}",
        {"severity": "notice", "agreement": agreement.agreement},
        f"Quiet hours of {agreement.agreement} are known until {last}: build again",
        "Alertmanager knows holidays and other hours by their dates, and those of later years not yet: on them it would tell "
        "people as on any other day. Run `leadsla build` and load its files.",
        links={
            "dashboard_url": verbatim(settings.board(board_uid(agreement.agreement))),
            "runbook_url": verbatim(settings.runbook(QUIET_HOURS_END)),
        },
    )


def quiet_hours_end_tests(agreement: Agreement, settings: Settings) -> Iterator[Scenario]:
    """The second before it is told, and that second."""
    last = _last(agreement, settings)
    if last is None:
        return
    (alert,) = quiet_hours_end(agreement, settings)
    now = on("a", "leadsla_partition_now_timestamp_seconds", partition="0")
    told = int(seconds(_told_from(agreement, last)))
    yield Scenario("quiet hours are known for more than thirty days", alert.name, 0, {now: held(told - 1)})
    yield Scenario("quiet hours are known for thirty days", alert.name, 0, {now: held(told)}, [Firing(alert, told)])


def _last(agreement: Agreement, settings: Settings) -> date | None:
    """The last date that all of its calendars are known on."""
    ends = (known_until(hours, settings.today) for hours in (agreement.calendar, *agreement.calendars.values()))
    return min((end for end in ends if end is not None), default=None)


def _told_from(agreement: Agreement, last: date) -> Instant:
    return start_of(last + timedelta(days=1), ZoneInfo(agreement.calendar.time_zone)) - TOLD_AHEAD
