"""`/metrics`: a view of the owned partitions at scrape time. Costs by series, not by leads.

Series of a partition that this worker does not own, or has not recovered, are not there. What can be zero is shown as
zero from the start, so that rates and sums see the first event.

The event loop is held only to copy what is shown; the rest is done in a thread. Not in turns on the loop: while a backlog
is folded, each turn would wait for a batch.
"""

import asyncio
from collections.abc import Callable, Iterable, Iterator, Sequence
from importlib.metadata import version
from itertools import accumulate, chain
from time import monotonic, perf_counter

from structlog import get_logger

from sla_rules.agreement.rulebook import RuleBook
from sla_rules.figures.team_labels import TeamLabels
from sla_rules.instants import SECOND, Instant
from streams.agreement_owner.owned_agreements import ShownAgreement
from streams.clock import Clock
from streams.health.conditions import Kind
from streams.health.worker_health import Phase, WorkerHealth
from streams.monitoring.exposed_agreements import agreement_samples
from streams.monitoring.exposed_kinds import Sample
from streams.monitoring.exposition import Outline, Snapshot, outline, owed, snapshot, windows
from streams.monitoring.text_format import Format, TextFormat
from streams.partitions.ownership import Ownership
from streams.pipeline.broker_clock import BrokerClock
from streams.pipeline.counters import DELAYS, Counters

log = get_logger("leadsla")

RESULTS = ("accepted", "duplicate", "conflict", "rejected")
HELD_AT_MOST = 0.005
"""Seconds after which the loop gets a turn before more is copied."""


class Collector:
    """Collects every metric of `sla_rules.names`."""

    def __init__(
        self,
        rules: RuleBook,
        ownership: Ownership,
        counters: Counters,
        health: WorkerHealth,
        clock: Clock,
        topics: dict[str, int],
        teams: TeamLabels,
        agreements: Callable[[], Iterable[ShownAgreement]] = tuple,
    ) -> None:
        self._rules = rules
        self._ownership = ownership
        self._counters = counters
        self._health = health
        self._clock = clock
        self._topics = topics
        self._teams = teams
        self._agreements = agreements
        self._outlines: Sequence[Outline] = ()
        self._format = TextFormat()
        self._turn = asyncio.Lock()
        self._under_way: dict[Format, asyncio.Task[bytes]] = {}
        self._errors = 0
        self._duration = 0.0
        self._has_said_other = False

    async def scrape(self, form: Format) -> bytes:
        """The answer to a scrape. Who asks while the same is being collected is given that, so that none pile up."""
        task = self._under_way.get(form)
        if task is None:
            task = self._under_way[form] = asyncio.create_task(self._scrape(form))
            task.add_done_callback(lambda _: self._under_way.pop(form))
        return await asyncio.shield(task)

    async def _scrape(self, form: Format) -> bytes:
        """All families; after an error those of the service itself, and its count."""
        async with self._turn:
            began = perf_counter()
            try:
                outlines = await self._up_to_date(self._clock())
                seen = await self._look(outlines)
                service = [*self._service(seen), *self._delays(), *agreement_samples(self._agreements())]
                text = await asyncio.to_thread(self._written, outlines, seen, service, form)
            except Exception:
                self._errors += 1
                log.exception("collection failed")
                text = self._format.write([*self._service(()), *self._delays()], form)
            self._duration = perf_counter() - began
        if self._teams.in_other and not self._has_said_other:
            self._has_said_other = True
            log.warning("teams beyond LEADSLA_METRICS_TEAMS are shown together as `other`; sums stay exact")
        return text

    async def _up_to_date(self, now: Instant) -> Sequence[Outline]:
        """What is shown whatever happens, worked out again where it no longer holds."""
        if not self._outlines or not all(one.since <= now < one.until for one in self._outlines):
            outlines, since = [], perf_counter()
            for agreed in self._rules.in_force(now):
                outlines.append(outline(agreed, self._rules, now))
                since = await _give_way(since)
            self._outlines = outlines
        return self._outlines

    async def _look(self, outlines: Iterable[Outline]) -> list[Snapshot]:
        """Every partition as it is between two batches; none if they begin to change hands meanwhile."""
        partitions, since = self._ownership.partitions, perf_counter()
        seen: list[Snapshot] = []
        for number, owned in sorted(partitions.items()):
            if not self._ownership.recovering and partitions.get(number) is owned:
                seen.append(snapshot(owned, number, outlines, self._teams))
            since = await _give_way(since)
        return [] if self._ownership.recovering else [one for one in seen if one.partition in partitions]

    def _written(
        self, outlines: Sequence[Outline], seen: Iterable[Snapshot], rest: list[Sample], form: Format
    ) -> bytes:
        """In a thread of its own: nothing here is changed by anybody else."""
        targets = (one.targets for one in outlines)
        figures = (part for one in seen for part in (windows(outlines, one), owed(outlines, one)))
        return self._format.write(chain(*targets, chain.from_iterable(figures), rest), form)

    def _service(self, seen: Iterable[Snapshot]) -> Iterator[Sample]:
        counters = self._counters
        for topic, partitions in self._topics.items():
            yield "leadsla_partitions", (topic,), partitions
            yield "leadsla_lost_records_total", (topic,), counters.lost[topic]
            for result in RESULTS:
                yield "leadsla_events_total", (topic, result), counters.events[topic, result]
            if topic in counters.last_event:
                yield "leadsla_last_event_timestamp_seconds", (topic,), counters.last_event[topic] / SECOND
            if topic in counters.last_processed:
                yield "leadsla_last_processed_timestamp_seconds", (topic,), counters.last_processed[topic] / SECOND
            for one in seen:
                yield "leadsla_partition_owned", (topic, str(one.partition)), 1
        for (topic, reason), count in sorted(counters.rejected.items()):
            yield "leadsla_rejected_total", (topic, reason), count
        yield "leadsla_recovering", (), int(self._ownership.recovering)
        for kind in Kind:
            yield "leadsla_condition", (kind,), int(self._health.conditions.stand(kind))
        if isinstance(self._clock, BrokerClock):
            yield "leadsla_clock_skew_seconds", (), self._clock.skew / SECOND
        yield from _health_samples(self._health, self._clock() / SECOND, monotonic())
        yield "leadsla_label_values_in_other", ("team",), self._teams.in_other
        yield "leadsla_collector_duration_seconds", (), self._duration
        yield "leadsla_collector_errors_total", (), self._errors
        yield "leadsla_build_info", (version("leadsla"),), 1

    def _delays(self) -> Iterator[Sample]:
        bounds = [*(str(bound / SECOND) for bound in DELAYS), "+Inf"]
        for topic in self._topics:
            delays = self._counters.delays[topic]
            counts = list(accumulate(delays.counts))
            for bound, count in zip(bounds, counts, strict=True):
                yield "leadsla_event_delay_seconds_bucket", (topic, bound), count
            yield "leadsla_event_delay_seconds_count", (topic,), counts[-1]
            yield "leadsla_event_delay_seconds_sum", (topic,), delays.total / SECOND


async def _give_way(since: float) -> float:
    """Give the loop a turn if it has been held for long; since when it is held."""
    if perf_counter() - since < HELD_AT_MOST:
        return since
    await asyncio.sleep(0)
    return perf_counter()


def _health_samples(health: WorkerHealth, now: float, ticks: float) -> Iterator[Sample]:
    """What waits and whether the broker answers; `ticks` is now by the clock that health is kept in."""
    yield "leadsla_broker_answered_timestamp_seconds", (), now - (ticks - health.answered_at)
    if health.phase is Phase.LOADING and health.to_read:
        yield "leadsla_recovery_read_records", (), health.read
        yield "leadsla_recovery_read_ratio", (), min(health.read / health.to_read, 1.0)
    if health.phase is not Phase.SERVING or health.silence(ticks):
        return
    for partition, progress in sorted(health.partitions.items()):
        for topic, records in progress.lag.items():
            yield "leadsla_lag_records", (topic, str(partition)), records
        if (stalled := health.stalled_for(progress.stalled_since(), ticks)) is not None:
            yield "leadsla_waiting_since_timestamp_seconds", (str(partition),), now - stalled
