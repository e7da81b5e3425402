"""`/metrics`: a view of the owned partitions at scrape time. Costs by series, not by leads.

Series of a partition that this worker does not own, or has not recovered, are not there. What can be zero is shown as
zero from the start, so that rates and sums see the first event.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from importlib.metadata import version
from itertools import accumulate
from time import monotonic, perf_counter

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector
from structlog import get_logger

from sla_rules.instants import SECOND
from sla_rules.names import METRIC, METRICS
from sla_rules.rulebook import RuleBook
from streams.clock import Clock
from streams.exposition import Sample, agreed, owed, windows
from streams.health import Phase, Vitals
from streams.measures import DELAYS, Measures
from streams.ownership import Ownership

log = get_logger("leadsla")

RESULTS = ("accepted", "duplicate", "conflict", "rejected")


class LeadCollector(Collector):
    """Collects every metric of `sla_rules.names`."""

    def __init__(
        self,
        rules: RuleBook,
        ownership: Ownership,
        measures: Measures,
        vitals: Vitals,
        clock: Clock,
        topics: dict[str, int],
    ) -> None:
        self._rules = rules
        self._ownership = ownership
        self._measures = measures
        self._vitals = vitals
        self._clock = clock
        self._topics = topics
        self._errors = 0
        self._duration = 0.0

    def describe(self) -> Iterable[Metric]:
        """Nothing is collected at registration."""
        return ()

    def collect(self) -> Iterator[Metric]:
        """All families, in the order of their list; after an error those of the service itself, and its count."""
        began = perf_counter()
        samples: list[Sample] = []
        try:
            now = self._clock()
            samples.extend(agreed(self._rules, now))
            if not self._ownership.recovering:
                for partition, owned in sorted(self._ownership.partitions.items()):
                    samples.extend(windows(self._rules, owned.book, partition, now))
                    samples.extend(owed(self._rules, owned.book, partition, now))
        except Exception:
            self._errors += 1
            samples.clear()
            log.exception("collection failed")
        self._duration = perf_counter() - began
        samples.extend(self._service())
        yield from _families(samples)
        yield from self._delays()

    def _service(self) -> Iterator[Sample]:
        measures = self._measures
        for topic, partitions in self._topics.items():
            yield "leadsla_partitions", (topic,), partitions
            for result in RESULTS:
                yield "leadsla_events_total", (topic, result), measures.events[topic, result]
            if topic in measures.last_event:
                yield "leadsla_last_event_timestamp_seconds", (topic,), measures.last_event[topic] / SECOND
            if topic in measures.last_processed:
                yield "leadsla_last_processed_timestamp_seconds", (topic,), measures.last_processed[topic] / SECOND
            if not self._ownership.recovering:
                for partition in sorted(self._ownership.partitions):
                    yield "leadsla_partition_owned", (topic, str(partition)), 1
        for (topic, reason), count in sorted(measures.rejected.items()):
            yield "leadsla_rejected_total", (topic, reason), count
        yield "leadsla_recovering", (), int(self._ownership.recovering)
        yield from _vital_signs(self._vitals, self._clock() / SECOND, monotonic())
        yield "leadsla_collector_duration_seconds", (), self._duration
        yield "leadsla_collector_errors_total", (), self._errors
        yield "leadsla_build_info", (version("leadsla"),), 1

    def _delays(self) -> Iterator[Metric]:
        metric = METRIC["leadsla_event_delay_seconds"]
        family = HistogramMetricFamily(metric.name, metric.help, labels=metric.labels)
        bounds = [*(str(bound / SECOND) for bound in DELAYS), "+Inf"]
        for topic in self._topics:
            delays = self._measures.delays[topic]
            buckets = list(zip(bounds, map(float, accumulate(delays.counts)), strict=True))
            family.add_metric([topic], buckets, delays.total / SECOND)
        yield family


def _vital_signs(vitals: Vitals, now: float, ticks: float) -> Iterator[Sample]:
    """What waits and whether the broker answers; `ticks` is now by the clock that the vitals are kept in."""
    yield "leadsla_broker_answered_timestamp_seconds", (), now - (ticks - vitals.answered_at)
    if vitals.phase is Phase.LOADING and vitals.to_read:
        yield "leadsla_recovery_read_records", (), vitals.read
        yield "leadsla_recovery_read_ratio", (), min(vitals.read / vitals.to_read, 1.0)
    if vitals.phase is not Phase.SERVING or vitals.silence(ticks):
        return
    for partition, strand in sorted(vitals.strands.items()):
        for topic, records in strand.lag.items():
            yield "leadsla_lag_records", (topic, str(partition)), records
        if (stood := vitals.stands(strand.stands_since(), ticks)) is not None:
            yield "leadsla_waiting_since_timestamp_seconds", (str(partition),), now - stood


def _families(samples: Iterable[Sample]) -> Iterator[Metric]:
    by_name: defaultdict[str, list[tuple[tuple[str, ...], float]]] = defaultdict(list)
    for name, labels, value in samples:
        by_name[name].append((labels, value))
    for metric in METRICS:
        if metric.kind == "histogram":
            continue
        kind = CounterMetricFamily if metric.kind == "counter" else GaugeMetricFamily
        family = kind(metric.name.removesuffix("_total"), metric.help, labels=metric.labels)
        for labels, value in by_name[metric.name]:
            family.add_metric(labels, value)
        yield family
