"""Every topic, metric and label name, with one sentence each. Exporter, queries, documents and tests read this list."""

from dataclasses import dataclass
from typing import Final, Literal

EVENT_TOPICS: Final = ("lead-created", "handed-off", "contact-attempt", "lead-outcome", "deal-closed", "deliverable")
FORWARDED_TOPIC: Final = "leadsla-forwarded"
"""Facts of merged leads, on their way to the partition of the lead that survives."""
INPUT_TOPICS: Final = (*EVENT_TOPICS, FORWARDED_TOPIC)
BREACHES_TOPIC: Final = "sla-breaches"
PERIODS_TOPIC: Final = "sla-periods"
CLOCKS_TOPIC: Final = "sla-clocks"
AGREEMENTS_TOPIC: Final = "sla-agreements"
"""What follows from the figures of all partitions together; all of an agreement lies on the partition of its id."""
REJECTED_TOPIC: Final = "leadsla-rejected"
PROGRESS_TOPIC: Final = "leadsla-progress"
"""How far the owner of each partition is, so that a reader of the other topics knows whether they can be up to date."""

BACKFILL: Final = "leadsla_backfill"
"""The header of a mark, which is a record of an event topic without key and value: history begins here, or has ended."""
BEGINS: Final = b"begins"
ENDS: Final = b"ends"
"""What it says."""
BACKFILL_TOPIC: Final = EVENT_TOPICS[0]
"""Where marks lie, one in each partition before what is loaded into any topic, one after it."""

ALL_SEGMENTS: Final = "all"
"""Label value of an obligation without segments."""

UNMATCHED: Final = "unmatched"
"""Segment of a lead that none of the agreement's segments matches: counted and shown, never silently met."""

NO_TEAM: Final = "unassigned"
"""Label value of a lead that was handed to no team."""

OTHER: Final = "other"
"""Label value of all teams together that have no series of their own."""

WINDOWS: Final = ("day", "week", "month", "quarter", "year")
"""Calendar windows, in the agreement's zone; weeks start on Monday."""


SHARED_FILE: Final = "leadsla"
"""What generated files that belong to all agreements are called, and hence no agreement."""


@dataclass(frozen=True, slots=True)
class Metric:
    """One metric family: its full name (counters end in `_total`), kind, label names in order, and what it says."""

    name: str
    kind: Literal["gauge", "counter", "histogram"]
    labels: tuple[str, ...]
    help: str


LABELS: Final = {
    "agreement": "Identifier of the agreement.",
    "version": "Version of the agreement that is in force.",
    "digest": "Short hash of the agreement files a worker runs with or rules were generated from.",
    "timezone": "IANA zone of the agreement's calendar windows.",
    "obligation": "Identifier of the obligation within its agreement.",
    "segment": "Segment of the lead; `all` where the agreement has none, and for goals and deliveries.",
    "team": "Team that the lead was handed to; `unassigned` where the hand-off named none, `other` for teams beyond the limit.",
    "window": "Calendar window: day, week, month, quarter or year.",
    "day": "Day of the current month, 01 to 31.",
    "state": "waiting (not touched yet) or attempted.",
    "actor": "human or automation.",
    "flag": "bulk, backdated, zero_seconds or outside_hours.",
    "outcome": "published or retracted.",
    "partition": "Partition of the event topics; one worker owns it.",
    "topic": "Kafka topic.",
    "result": "accepted, duplicate, conflict or rejected.",
    "reason": "Why a record was dead-lettered.",
    "kind": "What is the matter, by the names that the runbook lists.",
    "currency": "Currency of the agreement.",
    "le": "Upper bound of a band, in seconds.",
    "label": "Name of a label whose values are limited.",
}

_OBLIGATION = ("agreement", "obligation", "segment")
_WINDOW = (*_OBLIGATION, "window", "partition")
_WHOLE = ("agreement", "obligation", "window")

METRICS: Final = (
    # What was agreed: every worker exports the same.
    Metric(
        "leadsla_agreement_info",
        "gauge",
        ("agreement", "version", "timezone", "digest"),
        "Always 1; names the version in force.",
    ),
    Metric(
        "leadsla_target_deadline_seconds",
        "gauge",
        _OBLIGATION,
        "Time within which a lead has to be served; absent where it is agreed in working days.",
    ),
    Metric(
        "leadsla_target_deadline_working_days",
        "gauge",
        _OBLIGATION,
        "Working days within which a lead has to be served; absent where it is agreed in time.",
    ),
    Metric(
        "leadsla_target_follow_up_seconds", "gauge", _OBLIGATION, "Agreed average from hand-off to first follow-up."
    ),
    Metric(
        "leadsla_target_within_ratio",
        "gauge",
        _OBLIGATION,
        "Agreed share of leads served within the deadline, or of customers kept.",
    ),
    Metric("leadsla_target_attempts", "gauge", _OBLIGATION, "Agreed average of attempts on a lead not connected."),
    Metric("leadsla_target_leads", "gauge", (*_OBLIGATION, "window"), "Leads (or value) agreed for the window."),
    Metric(
        "leadsla_target_leads_to_date", "gauge", (*_OBLIGATION, "window"), "Goal line: what should be delivered by now."
    ),
    Metric(
        "leadsla_target_capacity_leads",
        "gauge",
        (*_OBLIGATION, "window"),
        "Leads that the reps can serve in the window; absent where no capacity is agreed.",
    ),
    Metric(
        "leadsla_target_due_timestamp_seconds",
        "gauge",
        ("agreement", "obligation"),
        "When the next delivery is due; absent if none is due any more.",
    ),
    Metric("leadsla_target_availability_ratio", "gauge", _OBLIGATION, "Agreed share of the time that a service is up."),
    Metric("leadsla_window_start_timestamp_seconds", "gauge", ("agreement", "window"), "Start of the current window."),
    Metric("leadsla_window_end_timestamp_seconds", "gauge", ("agreement", "window"), "End of the current window."),
    Metric(
        "leadsla_goal_by_day_leads",
        "gauge",
        (*_OBLIGATION, "day"),
        "Cumulative goal by the end of each day of the month.",
    ),
    # What happened in the current windows: recomputed from the facts, so they may fall.
    Metric(
        "leadsla_window_leads",
        "gauge",
        _WINDOW,
        "Cycles begun (speed, depth), leads or value delivered (volume), deliveries due (deliverable), or customers at the"
        " start (retention).",
    ),
    Metric("leadsla_window_follow_ups", "gauge", _WINDOW, "Cycles followed up."),
    Metric(
        "leadsla_window_follow_up_duration_seconds",
        "gauge",
        _WINDOW,
        "Sum of times to first follow-up, by the clock agreed.",
    ),
    Metric(
        "leadsla_window_within_target_leads",
        "gauge",
        _WINDOW,
        "Cycles or deliveries that met the obligation; customers kept.",
    ),
    Metric(
        "leadsla_window_breached_leads",
        "gauge",
        _WINDOW,
        "Cycles or deliveries that breached the obligation; customers lost.",
    ),
    Metric("leadsla_window_open_leads", "gauge", _WINDOW, "Cycles or deliveries not decided yet."),
    Metric("leadsla_window_closed_leads", "gauge", _WINDOW, "Cycles closed before they were decided."),
    Metric("leadsla_window_excused_leads", "gauge", _WINDOW, "Cycles waived."),
    Metric(
        "leadsla_window_unready_leads", "gauge", _WINDOW, "Hand-offs below the agreed quality; they count for no one."
    ),
    Metric(
        "leadsla_window_anomalies", "gauge", _WINDOW, "Follow-ups stamped before their clock began; they took no time."
    ),
    Metric("leadsla_window_untouched_leads", "gauge", _WINDOW, "Cycles without any follow-up."),
    Metric(
        "leadsla_window_within_band_leads",
        "gauge",
        (*_OBLIGATION, "window", "le", "partition"),
        "Cycles followed up within each band, cumulative.",
    ),
    Metric("leadsla_window_unconnected_leads", "gauge", _WINDOW, "Cycles not connected that count for depth."),
    Metric("leadsla_window_unconnected_attempts", "gauge", _WINDOW, "Qualifying attempts on those cycles."),
    Metric(
        "leadsla_window_contact_attempts",
        "gauge",
        (*_OBLIGATION, "window", "actor", "partition"),
        "Contact attempts on all cycles that count for depth, qualifying or not, by who made them.",
    ),
    Metric(
        "leadsla_window_flagged_attempts",
        "gauge",
        (*_OBLIGATION, "window", "team", "flag", "partition"),
        "Follow-ups (speed) or attempts (depth) with a flag, which count as any other; absent where there are none.",
    ),
    Metric(
        "leadsla_window_available_seconds",
        "gauge",
        _WINDOW,
        "Time in which services are to be up, of the days that have begun.",
    ),
    Metric("leadsla_window_ahead_seconds", "gauge", _WINDOW, "The same of the days of the window still to come."),
    Metric("leadsla_window_downtime_seconds", "gauge", _WINDOW, "Time in which services were not up."),
    Metric("leadsla_window_excused_seconds", "gauge", _WINDOW, "Time waived, as for maintenance."),
    Metric("leadsla_window_won_leads", "gauge", _WINDOW, "New customers, who were not there when the window began."),
    Metric("leadsla_window_outages", "gauge", _WINDOW, "How often services went down."),
    Metric(
        "leadsla_delivered_by_day_leads",
        "gauge",
        (*_OBLIGATION, "day", "partition"),
        "Leads or value delivered on each day of the current month.",
    ),
    # What is open now.
    Metric(
        "leadsla_open_leads",
        "gauge",
        (*_OBLIGATION, "team", "state", "partition"),
        "Cycles or deliveries whose deadline has not passed and that are not decided.",
    ),
    Metric(
        "leadsla_overdue_leads",
        "gauge",
        (*_OBLIGATION, "team", "partition"),
        "Cycles or deliveries whose deadline passed without what was owed, still owed.",
    ),
    Metric(
        "leadsla_oldest_open_deadline_timestamp_seconds",
        "gauge",
        ("agreement", "obligation", "partition"),
        "Earliest deadline of what is still owed, to the minute; absent if nothing is.",
    ),
    Metric(
        "leadsla_uncovered_leads",
        "gauge",
        ("partition",),
        "Cycles that no agreement applies to; they count for no one.",
    ),
    Metric(
        "leadsla_quarantined_leads",
        "gauge",
        ("partition",),
        "Leads that cannot be judged; their events are kept, and they are in no figure.",
    ),
    # What was published.
    Metric(
        "leadsla_breaches_total",
        "counter",
        (*_OBLIGATION, "outcome", "partition"),
        "Breaches published, and breaches retracted: facts disproved them, or a clock was wrong.",
    ),
    Metric(
        "leadsla_reassignments_total",
        "counter",
        (*_OBLIGATION, "outcome", "partition"),
        "Reassignments published as due, and those retracted; absent where there were none.",
    ),
    # What only all partitions together say: by the owner of the agreement alone.
    Metric(
        "leadsla_agreement_owned",
        "gauge",
        ("agreement",),
        "1 where this worker owns the agreement and all is known of it, 0 while it is not, or stands still.",
    ),
    Metric(
        "leadsla_agreement_as_of_timestamp_seconds",
        "gauge",
        ("agreement",),
        "Start of the day that the figures of running periods below are as of.",
    ),
    Metric(
        "leadsla_decided_start_timestamp_seconds",
        "gauge",
        _WHOLE,
        "Start of the last period that is decided; absent before the first.",
    ),
    Metric(
        "leadsla_decided_met",
        "gauge",
        _WHOLE,
        "Whether its goal was met, by the figures published: 1 or 0; absent where nothing was due.",
    ),
    Metric("leadsla_decided_attainment_ratio", "gauge", _WHOLE, "How much of its goal was reached; absent likewise."),
    Metric(
        "leadsla_decided_credit_ratio",
        "gauge",
        _WHOLE,
        "Share of its fee to be given back; absent where none is agreed.",
    ),
    Metric(
        "leadsla_decided_credit_amount",
        "gauge",
        (*_WHOLE, "currency"),
        "The same as an amount; absent where no fee is agreed.",
    ),
    Metric(
        "leadsla_missed_in_a_row", "gauge", ("agreement",), "Latest periods, all missed, that count towards its end."
    ),
    Metric(
        "leadsla_missed_in_a_row_for_cancellation",
        "gauge",
        ("agreement",),
        "Periods missed in a row from which on the agreement may be ended; absent where that is not agreed.",
    ),
    Metric(
        "leadsla_budget_left_leads",
        "gauge",
        _WHOLE,
        "Leads, deliveries or customers that may still be missed in the running period; absent where no share is agreed.",
    ),
    Metric(
        "leadsla_budget_left_seconds",
        "gauge",
        _WHOLE,
        "Time for which services may still be down in the running period.",
    ),
    Metric(
        "leadsla_projected_leads",
        "gauge",
        _WHOLE,
        "Leads (or value) that the running period comes to if it goes on as it has; absent before its first day has ended.",
    ),
    Metric(
        "leadsla_next_goal_leads",
        "gauge",
        ("agreement", "obligation"),
        "Goal that the ledger proposes for the next period; absent where it proposes none.",
    ),
    Metric("leadsla_open_remedies", "gauge", ("agreement",), "Remedies that are due and not overdue."),
    Metric("leadsla_overdue_remedies", "gauge", ("agreement",), "Remedies that nobody has confirmed in time."),
    # The service itself.
    Metric("leadsla_events_total", "counter", ("topic", "result"), "Records read, by what became of them."),
    Metric("leadsla_rejected_total", "counter", ("topic", "reason"), "Records dead-lettered in the rejected topic."),
    Metric("leadsla_lost_records_total", "counter", ("topic",), "Records that were deleted before they were read."),
    Metric("leadsla_event_delay_seconds", "histogram", ("topic",), "From an event's own time to its processing."),
    Metric("leadsla_last_event_timestamp_seconds", "gauge", ("topic",), "Latest event time seen."),
    Metric(
        "leadsla_last_processed_timestamp_seconds",
        "gauge",
        ("topic",),
        "When a record of the topic was last processed.",
    ),
    Metric("leadsla_partitions", "gauge", ("topic",), "Partitions the topic has."),
    Metric(
        "leadsla_partition_owned",
        "gauge",
        ("topic", "partition"),
        "1 for each partition this worker owns and has recovered.",
    ),
    Metric(
        "leadsla_partition_now_timestamp_seconds",
        "gauge",
        ("partition",),
        "Up to when all that arrived in the partition is folded and all that fell due is judged: now, unless something waits.",
    ),
    Metric(
        "leadsla_lag_records",
        "gauge",
        ("topic", "partition"),
        "Records that wait to be folded; absent while the broker does not say where the topics end.",
    ),
    Metric(
        "leadsla_waiting_since_timestamp_seconds",
        "gauge",
        ("partition",),
        "Since when records or deadlines wait and none is dealt with, though the broker answers; absent otherwise.",
    ),
    Metric("leadsla_broker_answered_timestamp_seconds", "gauge", (), "When the broker last said where the topics end."),
    Metric("leadsla_condition", "gauge", ("kind",), "1 while something stands in the way until somebody acts."),
    Metric(
        "leadsla_clock_skew_seconds",
        "gauge",
        (),
        "How far this machine's clock is ahead of the broker's, which counts; absent where it does not.",
    ),
    Metric("leadsla_recovering", "gauge", (), "1 while partitions are being loaded."),
    Metric("leadsla_recovery_read_records", "gauge", (), "Records read of the partitions being loaded; else absent."),
    Metric("leadsla_recovery_read_ratio", "gauge", (), "Share read of the partitions being loaded; else absent."),
    Metric(
        "leadsla_label_values_in_other",
        "gauge",
        ("label",),
        "Values of a label that are shown together as `other` since the worker started, counted up to 10,000.",
    ),
    Metric("leadsla_collector_duration_seconds", "gauge", (), "Time the last collection took."),
    Metric("leadsla_collector_errors_total", "counter", (), "Collections that failed."),
    Metric("leadsla_build_info", "gauge", ("version",), "Always 1; names the release."),
)

METRIC: Final = {metric.name: metric for metric in METRICS}
