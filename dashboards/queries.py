"""PromQL from the list of metrics: raw selectors, and the recorded names that boards and alerts ask for.

Workers change hands: for a scrape or two a partition's series come from two of them, and each worker exports the
targets. So nothing asks for a raw series but the recording layer: `max by (..., partition)` takes the duplicates out,
then `sum` adds the partitions up. Recorded names say which labels are left, `level:metric:operation`; a level implies
those above it, agreement > obligation > segment.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from dashboards.escaping import quoted
from sla_rules.names import METRIC, METRICS, Metric

UNOWNED: Final = "leadsla:partitions_unowned:sum"
UNAGREED: Final = "leadsla:uncovered_leads:sum"
QUARANTINED: Final = "leadsla:quarantined_leads:sum"
LAG: Final = "partition:leadsla_lag_seconds:min"
STANDING: Final = "partition:leadsla_standing_seconds:min"
SILENCE: Final = "leadsla:broker_silence_seconds:max"
LOADED: Final = "leadsla:recovery_read_ratio:min"
GUARD: Final = f"unless on () {UNOWNED} > 0"
"""Ends every alert on figures: while a partition has no owner its leads are missing from them."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """A recorded series: its name, the labels that are left, and what it is computed from."""

    name: str
    labels: tuple[str, ...]
    expr: str


def selector(name: str, **matchers: str) -> str:
    """`name{label="value"}`; a value that begins with `~` or `!` keeps it as its operator."""
    if not matchers:
        return name
    return f"{name}{{{','.join(_matcher(label, value) for label, value in matchers.items())}}}"


def raw(name: str, **matchers: str) -> str:
    """A selector of an exported series.

    Raises:
        KeyError: no such metric, or the metric has no such label.

    """
    known = METRIC[name].labels
    for label in matchers:
        if label not in known:
            raise KeyError(label)
    return selector(name, **matchers)


def by(operation: str, labels: Iterable[str], expr: str) -> str:
    """An aggregation that keeps these labels."""
    return f"{operation} by ({', '.join(labels)}) ({expr})"


def level(labels: Iterable[str]) -> str:
    """The first part of a recorded name."""
    kept = list(labels)
    if "segment" in kept:
        kept.remove("obligation")
    if "segment" in kept or "obligation" in kept:
        kept.remove("agreement")
    return "_".join(kept)


def recorded(metric: str, *labels: str, operation: str = "sum", **matchers: str) -> str:
    """A selector of a recorded series: the metric with these labels left (`agreement` is always among them).

    Raises:
        KeyError: nothing of the kind is recorded.

    """
    return known(f"{level(('agreement', *labels))}:{metric}:{operation}", **matchers)


def known(name: str, **matchers: str) -> str:
    """A selector of a recorded series by its full name.

    Raises:
        KeyError: nothing is recorded under it.

    """
    return selector(RECORDED[name].name, **matchers)


def _matcher(label: str, value: str) -> str:
    operator = "="
    if value[:1] in {"~", "!"}:
        operator, value = ("=~" if value[0] == "~" else "!="), value[1:]
    return f'{label}{operator}"{quoted(value)}"'


def _deduplicated(metric: Metric) -> str:
    return by("max", metric.labels, metric.name)


def _added_up(metric: Metric, *labels: str) -> Recorded:
    return Recorded(f"{level(labels)}:{metric.name}:sum", labels, by("sum", labels, _deduplicated(metric)))


def _reduced(metric: Metric, operation: str, *labels: str) -> Recorded:
    return Recorded(f"{level(labels)}:{metric.name}:{operation}", labels, by(operation, labels, metric.name))


def _without(labels: Iterable[str], *left_out: str) -> tuple[str, ...]:
    return tuple(label for label in labels if label not in left_out)


def _figures() -> Iterable[Recorded]:
    """Table-derived gauges: per segment, and per obligation, which is what the agreement judges."""
    for metric in METRICS:
        if metric.kind == "gauge" and {"obligation", "segment", "partition"} <= set(metric.labels):
            yield _added_up(metric, *_without(metric.labels, "partition"))
            yield _added_up(metric, *_without(metric.labels, "partition", "segment"))
    # A partition that was away for a while must not look like a jump: burn alerts subtract partition by partition.
    for name in ("leadsla_window_within_target_leads", "leadsla_window_breached_leads"):
        yield _added_up(METRIC[name], *_without(METRIC[name].labels, "segment"))
    # Counters from tables never fall, so their maximum is their value; `increase` first, then `sum` over partitions.
    breaches = METRIC["leadsla_breaches_total"]
    yield _reduced(breaches, "max", *breaches.labels)
    yield _reduced(METRIC["leadsla_oldest_open_deadline_timestamp_seconds"], "min", "agreement", "obligation")


def _targets() -> Iterable[Recorded]:
    """What was agreed, from whichever worker; an agreement states one target for all segments of an obligation."""
    for metric in METRICS:
        if metric.name.startswith(("leadsla_target_", "leadsla_goal_", "leadsla_window_start_", "leadsla_window_end_")):
            yield _reduced(metric, "max", *_without(metric.labels, "segment"))


def _ratios() -> Iterable[Recorded]:
    """Averages and shares; undefined, hence absent, where there is nothing to divide by."""
    for labels in (("agreement", "obligation", "segment", "window"), ("agreement", "obligation", "window")):
        at = level(labels)
        for name, above, below in (
            ("leadsla_follow_up_seconds:avg", ("follow_up_duration_seconds",), ("follow_ups",)),
            ("leadsla_within_target:ratio", ("within_target_leads",), ("within_target_leads", "breached_leads")),
            ("leadsla_attempts:avg", ("unconnected_attempts",), ("unconnected_leads",)),
        ):
            numerator = " + ".join(f"{at}:leadsla_window_{part}:sum" for part in above)
            denominator = " + ".join(f"{at}:leadsla_window_{part}:sum" for part in below)
            yield Recorded(f"{at}:{name}", labels, f"{numerator} / ({denominator} > 0)")


def _service() -> Iterable[Recorded]:
    """The service itself. Process counters fall when a worker restarts: rate first, then sum."""
    owned = by("max", ("topic", "partition"), f"{raw('leadsla_partition_owned')} == 1")
    yield Recorded(
        UNOWNED, (), f"sum({by('max', ('topic',), raw('leadsla_partitions'))}) - (count({owned}) or vector(0))"
    )
    for name, metric in ((UNAGREED, "leadsla_uncovered_leads"), (QUARANTINED, "leadsla_quarantined_leads")):
        yield Recorded(name, (), by("sum", (), _deduplicated(METRIC[metric])))
    events, labels = raw("leadsla_events_total"), ("topic", "result")
    yield Recorded("topic_result:leadsla_events:rate5m", labels, by("sum", labels, f"rate({events}[5m])"))
    rejected, labels = raw("leadsla_rejected_total"), ("topic", "reason")
    yield Recorded("topic_reason:leadsla_rejected:increase1d", labels, by("sum", labels, f"increase({rejected}[1d])"))
    delay = "leadsla_event_delay_seconds"
    yield Recorded(f"le:{delay}_bucket:rate5m", ("le",), by("sum", ("le",), f"rate({raw(delay)}_bucket[5m])"))
    yield _reduced(METRIC["leadsla_last_event_timestamp_seconds"], "max", "topic")
    yield _reduced(METRIC["leadsla_last_processed_timestamp_seconds"], "max", "topic")
    # Two workers that both show a partition: the one that is ahead owns it.
    lag = by("min", ("topic", "partition"), raw("leadsla_lag_records"))
    yield Recorded("topic:leadsla_lag_records:sum", ("topic",), by("sum", ("topic",), lag))
    waits = raw("leadsla_waiting_since_timestamp_seconds")
    yield Recorded(STANDING, ("partition",), by("min", ("partition",), f"timestamp({waits}) - {waits}"))
    answered = raw("leadsla_broker_answered_timestamp_seconds")
    yield Recorded(SILENCE, (), f"max(timestamp({answered}) - {answered})")
    yield Recorded(LOADED, (), f"min({raw('leadsla_recovery_read_ratio')})")
    # As of the scrape, so that neither its age nor the rule's counts as lag; of two workers the one that is ahead.
    now = raw("leadsla_partition_now_timestamp_seconds")
    yield Recorded(LAG, ("partition",), by("min", ("partition",), f"timestamp({now}) - {now}"))


FIGURES: Final = tuple(_figures())
TARGETS: Final = tuple(_targets())
RATIOS: Final = tuple(_ratios())
SERVICE: Final = tuple(_service())

RECORDED: Final = {series.name: series for series in (*FIGURES, *TARGETS, *RATIOS, *SERVICE)}
"""Everything that is recorded, by name."""
