"""Tests of the alerts on the service itself, for promtool."""

from collections.abc import Iterator, Mapping
from typing import Final

from dashboards.alert import Alert
from dashboards.rule_files import FIGURES_GROUP, SERVICE_GROUP, SHARED
from dashboards.scenario import STEP, Firing, Scenario, held, on, served, test_file
from dashboards.service_alerts import (
    AWAY_TOO_LONG,
    BEHIND_TIME,
    BROKER_AWAY,
    CLOCK,
    COLLECTOR,
    CONDITION,
    DOWN,
    DRIFT,
    LOST,
    QUARANTINE,
    REJECTED,
    SILENT,
    STANDS_STILL,
    STILL_TOO_LONG,
    TOLERATED_LAG,
    TOLERATED_SKEW,
    UNNOTICED,
    UNNOTICED_AFTER,
    UNOWNED_PARTITION,
    WATCHDOG,
    service_alerts,
)
from dashboards.settings import Settings
from sla_rules.instants import HOUR, MINUTE, seconds
from sla_rules.names import SHARED_FILE

SHARED_GROUPS: Final = (FIGURES_GROUP, SERVICE_GROUP)
TOPIC: Final = "handed-off"


def service_tests(settings: Settings) -> str:
    """The test file of the shared rules."""
    return test_file(_scenarios(settings), [SHARED_FILE], SHARED_GROUPS, MINUTE, SHARED)


def _scenarios(settings: Settings) -> Iterator[Scenario]:
    alerts = {alert.name: alert for alert in service_alerts(settings)}
    build = on("a", "leadsla_build_info", version="1")
    info = on("a", "leadsla_agreement_info", agreement="a", version="1", timezone="UTC", digest="other")

    yield Scenario("the watchdog always fires", WATCHDOG, 0, {}, [Firing(alerts[WATCHDOG], 1)])

    yield Scenario("a worker answers", DOWN, 5 * MINUTE, {build: held(1)})
    yield Scenario("no worker answers", DOWN, 5 * MINUTE, {}, [Firing(alerts[DOWN], 1)])

    yield Scenario("every partition is served", UNOWNED_PARTITION, 5 * MINUTE, served())
    yield Scenario(
        "a partition is served by nobody",
        UNOWNED_PARTITION,
        5 * MINUTE,
        served(missing=1),
        [Firing(alerts[UNOWNED_PARTITION], 1)],
    )

    now = on("a", "leadsla_partition_now_timestamp_seconds", partition="0")
    lag = int(seconds(TOLERATED_LAG))
    yield Scenario("a worker is as far behind as is tolerated", BEHIND_TIME, 9 * MINUTE, {now: f"-{lag}+60x30"})
    yield Scenario(
        "a worker is a second further behind",
        BEHIND_TIME,
        9 * MINUTE,
        {now: f"-{lag + 1}+60x30"},
        [Firing(alerts[BEHIND_TIME], lag + 1)],
    )
    yield from _nights(alerts[BEHIND_TIME])

    yield from _deadlines(settings)

    waits = on("a", "leadsla_waiting_since_timestamp_seconds", partition="0")
    answered = on("a", "leadsla_broker_answered_timestamp_seconds")
    still, away = int(seconds(STILL_TOO_LONG)), int(seconds(AWAY_TOO_LONG))
    yield Scenario(
        "a partition stands still as long as is tolerated",
        STANDS_STILL,
        2 * MINUTE,
        {waits: held(120 - still)},
    )
    yield Scenario(
        "a partition stands still a second longer",
        STANDS_STILL,
        2 * MINUTE,
        {waits: held(119 - still)},
        [Firing(alerts[STANDS_STILL], still + 1, {"partition": "0"})],
    )
    yield Scenario(
        "the broker was silent for as long as is tolerated", BROKER_AWAY, 5 * MINUTE, {answered: f"-{away}+60x30"}
    )
    yield Scenario(
        "a worker runs and its broker has not answered for a second longer",
        BROKER_AWAY,
        5 * MINUTE,
        {build: held(1), answered: f"-{away + 1}+60x30"},
        [Firing(alerts[BROKER_AWAY], away + 1)],
    )

    condition = on("a", "leadsla_condition", kind="topic_missing")
    yield Scenario("nothing stands in the way", CONDITION, 5 * MINUTE, {condition: held(0)})
    yield Scenario(
        "a topic is missing",
        CONDITION,
        5 * MINUTE,
        {condition: held(1)},
        [Firing(alerts[CONDITION], 1, {"kind": "topic_missing"})],
    )

    skew, more = on("a", "leadsla_clock_skew_seconds"), on("b", "leadsla_clock_skew_seconds")
    tolerated = int(seconds(TOLERATED_SKEW))
    yield Scenario("clocks differ by what is tolerated", CLOCK, 5 * MINUTE, {skew: held(tolerated), more: held(0)})
    yield Scenario("a clock is wrong for a moment", CLOCK, 5 * MINUTE, {skew: "0x3 3600 0x10"})
    yield Scenario(
        "one of two workers has a clock that is an hour behind the broker's",
        CLOCK,
        5 * MINUTE,
        {skew: held(0), more: held(-3_600)},
        [Firing(alerts[CLOCK], 3_600)],
    )

    latest = on("a", "leadsla_last_event_timestamp_seconds", topic=TOPIC)
    silence = int(seconds(settings.silent_after))
    yield Scenario("events are as old as is tolerated", SILENT, 0, {latest: held(-silence)})
    yield Scenario(
        "events are a minute older", SILENT, MINUTE, {latest: held(-silence)}, [Firing(alerts[SILENT], silence + 60)]
    )

    yield from _records(alerts)

    errors = on("a", "leadsla_collector_errors_total")
    yield Scenario("collections succeed", COLLECTOR, 20 * MINUTE, {errors: held(3)})
    yield Scenario("a collection fails", COLLECTOR, 20 * MINUTE, {errors: "3x18 4x20"}, [Firing(alerts[COLLECTOR], 1)])

    if settings.digest is not None:
        same = on("a", "leadsla_agreement_info", agreement="a", version="1", timezone="UTC", digest=settings.digest)
        yield Scenario("workers run what the rules say", DRIFT, 15 * MINUTE, {same: held(1)})
        yield Scenario(
            "a worker runs with other agreements",
            DRIFT,
            15 * MINUTE,
            {same: held(1), info: held(1)},
            [Firing(alerts[DRIFT], 1, {"agreement": "a", "digest": "other"})],
        )


def _records(alerts: Mapping[str, Alert]) -> Iterator[Scenario]:
    """What becomes of records, and of the leads that they are about."""
    rejected = on("a", "leadsla_rejected_total", topic=TOPIC, reason="not-json")
    where = {"topic": TOPIC, "reason": "not-json"}
    yield Scenario("nothing is rejected", REJECTED, 20 * MINUTE, {rejected: held(0)})
    yield Scenario(
        "the first record of its kind is rejected",
        REJECTED,
        20 * MINUTE,
        {rejected: "_x18 1x20"},
        [Firing(alerts[REJECTED], 1, where)],
    )
    yield Scenario(
        "one more record is rejected",
        REJECTED,
        20 * MINUTE,
        {rejected: "0x18 1x20"},
        [Firing(alerts[REJECTED], 1, where)],
    )
    lost = on("a", "leadsla_lost_records_total", topic=TOPIC)
    yield Scenario("nothing is lost", LOST, 20 * MINUTE, {lost: held(0)})
    yield Scenario(
        "records were deleted before they were read",
        LOST,
        20 * MINUTE,
        {lost: "_x18 3x20"},
        [Firing(alerts[LOST], 3, {"topic": TOPIC})],
    )
    yield Scenario("what was rejected long ago is quiet", REJECTED, 60 * MINUTE, {rejected: "0x18 1x60"})

    aside = on("a", "leadsla_quarantined_leads", partition="0")
    yield Scenario("every lead can be judged", QUARANTINE, 5 * MINUTE, {aside: held(0)})
    yield Scenario(
        "two leads cannot be judged, seen by two workers while their partition changes hands",
        QUARANTINE,
        5 * MINUTE,
        {aside: held(2), on("b", "leadsla_quarantined_leads", partition="0"): held(2)},
        [Firing(alerts[QUARANTINE], 2)],
    )


def _nights(alert: Alert) -> Iterator[Scenario]:
    """Hours in which nothing happens: at each scrape the worker looked two seconds ago, and nothing waited."""
    now = on("a", "leadsla_partition_now_timestamp_seconds", partition="0")
    answered = on("a", "leadsla_broker_answered_timestamp_seconds")
    night, stands = 10 * HOUR, 5
    scrapes = night // STEP
    idle = {now: f"-2+60x{scrapes}", answered: f"-2+60x{scrapes}"}
    yield Scenario("nothing arrives and nothing falls due all night", alert.name, night, idle)
    before = scrapes - stands
    waiting = {**idle, now: f"-2+60x{before} {60 * before - 2}x{stands}"}
    yield Scenario(
        "something has waited for five minutes at the end of an idle night",
        alert.name,
        night,
        waiting,
        [Firing(alert, 60 * stands + 2)],
    )
    yield Scenario(
        "a broker that is away has an alert of its own",
        alert.name,
        night,
        {now: waiting[now], answered: waiting[now]},
    )


def _deadlines(settings: Settings) -> Iterator[Scenario]:
    alert = next(alert for alert in service_alerts(settings) if alert.name == UNNOTICED)
    who = {"agreement": "a", "obligation": "o"}
    oldest = on("a", "leadsla_oldest_open_deadline_timestamp_seconds", partition="0", **who)
    overdue = on("a", "leadsla_overdue_leads", segment="all", team="t", partition="0", **who)
    passed = {oldest: held(-int(seconds(UNNOTICED_AFTER)))}
    yield Scenario("a deadline has just passed", alert.name, 5 * MINUTE, {**served(), **passed, overdue: held(0)})
    yield Scenario(
        "a deadline passed and no lead is overdue",
        alert.name,
        6 * MINUTE,
        {**served(), **passed, overdue: held(0)},
        [Firing(alert, seconds(UNNOTICED_AFTER) + 360, who)],
    )
    yield Scenario(
        "a deadline passed and its lead is overdue", alert.name, 6 * MINUTE, {**served(), **passed, overdue: held(1)}
    )
