"""Alerts on the service itself: whoever runs it has to know before marketing and sales trust a figure that is stale."""

from collections.abc import Iterator
from typing import Final

from dashboards.alert import COUNT, TIME, Alert, label
from dashboards.escaping import verbatim
from dashboards.queries import GUARD, LAG, QUARANTINED, SILENCE, STANDING, UNOWNED, known, raw, recorded
from dashboards.settings import Settings
from dashboards.uids import OVERVIEW_UID
from dashboards.wording import spoken
from sla_rules.instants import MINUTE, SECOND, Duration, seconds

DOWN: Final = "LeadSLADown"
UNOWNED_PARTITION: Final = "LeadSLAPartitionUnowned"
UNNOTICED: Final = "LeadSLADeadlineUnnoticed"
BEHIND_TIME: Final = "LeadSLAWorkerBehind"
STANDS_STILL: Final = "LeadSLAPartitionStandsStill"
BROKER_AWAY: Final = "LeadSLABrokerAway"
CONDITION: Final = "LeadSLACondition"
CLOCK: Final = "LeadSLAClockSkew"
SILENT: Final = "LeadSLAInputSilent"
REJECTED: Final = "LeadSLARecordsRejected"
LOST: Final = "LeadSLARecordsLost"
QUARANTINE: Final = "LeadSLALeadsQuarantined"
COLLECTOR: Final = "LeadSLACollectorFailing"
DRIFT: Final = "LeadSLARulesDrift"
WATCHDOG: Final = "LeadSLAWatchdog"

TOLERATED_LAG: Final = 2 * MINUTE
UNNOTICED_AFTER: Final = 5 * MINUTE
STILL_TOO_LONG: Final = 2 * MINUTE
AWAY_TOO_LONG: Final = MINUTE
TOLERATED_SKEW: Final = 5 * SECOND


def service_alerts(settings: Settings) -> Iterator[Alert]:
    """The same for every agreement; the watchdog last."""

    def alert(name: str, expr: str, severity: str, summary: str, description: str, hold: Duration = 0) -> Alert:
        links = {
            "dashboard_url": verbatim(settings.board(OVERVIEW_UID)),
            "runbook_url": verbatim(settings.runbook(name)),
        }
        return Alert(name, expr, {"severity": severity}, summary, description, hold=hold, links=links)

    yield alert(
        DOWN,
        f"absent({raw('leadsla_build_info')})",
        "page",
        "No LeadSLA worker answers",
        "Prometheus gets figures from no worker: no deadline is watched, and no other alert can fire.",
        2 * MINUTE,
    )
    yield alert(
        UNOWNED_PARTITION,
        f"{UNOWNED} > 0",
        "page",
        f"Partitions that no worker serves: {COUNT}",
        "The leads in them are missing from every figure; alerts on agreements are silent until all are served again.",
        MINUTE,
    )
    oldest = recorded("leadsla_oldest_open_deadline_timestamp_seconds", "obligation", operation="min")
    overdue = recorded("leadsla_overdue_leads", "obligation", "team")
    yield alert(
        UNNOTICED,
        f"time() - {oldest} > {seconds(UNNOTICED_AFTER):.0f}\n"
        f"unless on (agreement, obligation) sum by (agreement, obligation) ({overdue}) > 0\n{GUARD}",
        "page",
        f"A deadline of {label('agreement')} passed {TIME} ago and nobody was told",
        f"The oldest deadline of {label('obligation')} lies in the past, and no lead counts as overdue: "
        "the worker does not see time pass.",
        UNNOTICED_AFTER,
    )
    yield alert(
        BEHIND_TIME,
        f"max({known(LAG)}) > {seconds(TOLERATED_LAG):.0f} unless on () {known(SILENCE)} > {seconds(AWAY_TOO_LONG):.0f}",
        "page",
        f"A worker is {TIME} behind",
        f"Events or deadlines wait: until the worker has caught up, deadlines of the last {TIME} are not judged.",
        TOLERATED_LAG,
    )
    yield alert(
        STANDS_STILL,
        f"{known(STANDING)} > {seconds(STILL_TOO_LONG):.0f}",
        "page",
        f"Partition {label('partition')} stands still for {TIME}",
        "Records or deadlines wait in it and none is dealt with, though the broker answers: its worker has to be "
        "started anew.",
    )
    yield alert(
        BROKER_AWAY,
        f"{known(SILENCE)} > {seconds(AWAY_TOO_LONG):.0f}",
        "page",
        f"A worker has had no answer from the broker for {TIME}",
        "The worker runs and nobody knows what waits for it: time stands for its partitions, no deadline is judged. "
        "It goes on by itself once the broker answers.",
        MINUTE,
    )
    yield alert(
        CONDITION,
        f"max by (kind) ({raw('leadsla_condition')}) > 0",
        "page",
        f"LeadSLA waits for somebody: {label('kind')}",
        "A worker has found something about its topics that it cannot set right by itself. Its log and its /readyz say "
        "what, and what to do; the runbook tells of each kind.",
        MINUTE,
    )
    yield alert(
        CLOCK,
        f"max(abs({raw('leadsla_clock_skew_seconds')})) > {seconds(TOLERATED_SKEW):.0f}",
        "notice",
        f"The clocks of a worker and of the broker differ by {TIME}",
        "The broker's clock counts, so that a worker's wrong clock changes no deadline. If it is the broker's that is "
        "wrong, breaches are told at the wrong time until it is set right.",
        MINUTE,
    )
    latest = known("topic:leadsla_last_event_timestamp_seconds:max")
    yield alert(
        SILENT,
        f"time() - max({latest}) > {seconds(settings.silent_after):.0f}",
        "notice",
        f"No event for {TIME}",
        f"The latest event of any topic is older than {spoken(settings.silent_after)}. Either nothing happens, or "
        "nothing is sent any more.",
    )
    rejected = raw("leadsla_rejected_total")
    fresh = f"({rejected} unless {rejected} offset 15m) > 0"
    yield alert(
        REJECTED,
        f"sum by (topic, reason) (increase({rejected}[15m]) > 0 or {fresh}) > 0",
        "notice",
        f"Records of {label('topic')} are rejected: {label('reason')}",
        "They are kept in the rejected topic with the reason, and count for nobody until they are sent right.",
    )
    lost = raw("leadsla_lost_records_total")
    yield alert(
        LOST,
        f"sum by (topic) (increase({lost}[1h]) > 0 or ({lost} unless {lost} offset 1h) > 0) > 0",
        "page",
        f"Records of {label('topic')} were deleted before they were read",
        "The topic keeps events for less time than a worker was away or behind. What they said counts for nobody until it "
        "is sent again.",
    )
    yield alert(
        QUARANTINE,
        f"{known(QUARANTINED)} > 0",
        "page",
        f"Leads that cannot be judged: {COUNT}",
        "A fault in the rules meets their events. These are kept; until a release without the fault, the leads are in no "
        "figure, and nobody is told of their deadlines.",
    )
    yield alert(
        COLLECTOR,
        f"sum(increase({raw('leadsla_collector_errors_total')}[15m])) > 0",
        "page",
        "A worker cannot give its figures",
        "Collections for Prometheus fail: its leads are missing from every figure, and no alert on them can fire.",
    )
    if settings.digest is not None:
        yield alert(
            DRIFT,
            f"count by (agreement, digest) ({raw('leadsla_agreement_info', digest='!' + settings.digest)}) > 0",
            "notice",
            f"Workers and rules disagree on {label('agreement')}",
            f"These rules were built from agreement files {settings.digest}, a worker runs with {label('digest')}: "
            "build and load the rules again, or restart the worker.",
            10 * MINUTE,
        )
    yield alert(
        WATCHDOG,
        "vector(1)",
        "none",
        "Alerts get through",
        "Always fires. Whoever receives it has to raise the alarm when it stops coming.",
    )
