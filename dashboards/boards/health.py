"""The part of a board about the service: can the figures above be trusted right now?"""

from collections.abc import Iterator

from dashboards.layout import Sized
from dashboards.panels import BAD, GOOD, TARGET, Query, lines, row, stat
from dashboards.queries import LAG, LOADED, QUARANTINED, SILENCE, STANDING, UNOWNED, known
from dashboards.service_alerts import AWAY_TOO_LONG, STILL_TOO_LONG, TOLERATED_LAG
from sla_rules.instants import seconds


def health() -> Iterator[Sized]:
    """All panels, their heading first."""
    yield Sized(row("Can these figures be trusted?"), 24, 1)
    yield Sized(
        stat(
            "Partitions without a worker",
            "While there is one, its leads are missing from every figure, and alerts on agreements are silent.",
            [Query(UNOWNED, "unowned")],
            "none",
            steps=((None, GOOD), (1, BAD)),
            decimals=0,
        ),
        5,
        4,
    )
    yield Sized(
        stat(
            "Behind the clock",
            "For how long something has waited in the slowest partition; deadlines of that time are judged once it has caught up.",
            [Query(f"clamp_min(max({known(LAG)}), 0)", "behind")],
            "s",
            steps=((None, GOOD), (30, TARGET), (seconds(TOLERATED_LAG), BAD)),
            decimals=0,
        ),
        5,
        4,
    )
    rejected = known("topic_reason:leadsla_rejected:increase1d")
    yield Sized(
        stat(
            "Records rejected in 24 hours",
            "Kept in the rejected topic with the reason; they count for nobody until they are sent right.",
            [Query(f"sum({rejected})", "rejected")],
            "none",
            steps=((None, GOOD), (1, TARGET)),
            decimals=0,
            nothing="0",
        ),
        5,
        4,
    )
    yield Sized(
        stat(
            "Leads in quarantine",
            "They cannot be judged, through a fault in the rules; their events are kept, and they are in no figure.",
            [Query(known(QUARANTINED), "quarantined")],
            "none",
            steps=((None, GOOD), (1, BAD)),
            decimals=0,
        ),
        5,
        4,
    )
    last = known("topic:leadsla_last_event_timestamp_seconds:max")
    yield Sized(
        stat(
            "Latest event",
            "Time of the latest event of any topic.",
            [Query(f"max({last}) * 1000", "latest")],
            "dateTimeFromNow",
            nothing="none yet",
        ),
        4,
        4,
    )
    waiting = known("topic:leadsla_lag_records:sum")
    yield Sized(
        stat(
            "Records that wait",
            "Of all topics, as the broker last said where they end; unknown while it does not answer.",
            [Query(f"sum({waiting})", "waiting")],
            "none",
            decimals=0,
            nothing="unknown",
        ),
        6,
        4,
    )
    yield Sized(
        stat(
            "Standing still",
            "How long something has waited in a partition without being dealt with; more than moments is a fault.",
            [Query(f"clamp_min(max({known(STANDING)}), 0)", "still")],
            "s",
            steps=((None, GOOD), (30, TARGET), (seconds(STILL_TOO_LONG), BAD)),
            decimals=0,
            nothing="nothing waits",
        ),
        6,
        4,
    )
    yield Sized(
        stat(
            "The broker's last answer",
            "How long ago; while it is silent, time stands and no deadline is judged.",
            [Query(f"clamp_min({known(SILENCE)}, 0)", "silent")],
            "s",
            steps=((None, GOOD), (15, TARGET), (seconds(AWAY_TOO_LONG), BAD)),
            decimals=0,
        ),
        6,
        4,
    )
    yield Sized(
        stat(
            "Partitions being loaded",
            "Share of the records read, while a worker takes partitions over.",
            [Query(known(LOADED), "read")],
            "percentunit",
            decimals=0,
            nothing="none",
        ),
        6,
        4,
    )
    events = known("topic_result:leadsla_events:rate5m")
    yield Sized(
        lines(
            "Events a minute, by result",
            "Records read from all topics, by what became of them.",
            [Query(f"sum by (result) ({events}) * 60", "{{result}}")],
            "none",
        ),
        12,
        7,
    )
    bucket = known("le:leadsla_event_delay_seconds_bucket:rate5m")
    yield Sized(
        lines(
            "From event to figure",
            "From the time an event carries to its processing: half of the events are faster than the lower line, "
            "99 of 100 faster than the upper one.",
            [
                Query(f"histogram_quantile(0.5, {bucket})", "half"),
                Query(f"histogram_quantile(0.99, {bucket})", "99 of 100"),
            ],
            "s",
        ),
        12,
        7,
    )
