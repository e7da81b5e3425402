"""What this process has read and rejected: plain counts, shown by the collector."""

from bisect import bisect_left
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import Final

from sla_rules.instants import DAY, HOUR, MINUTE, SECOND, Instant
from streams.pipeline.output import OutputBatch

DELAYS: Final = (
    SECOND // 10,
    SECOND // 2,
    SECOND,
    5 * SECOND,
    15 * SECOND,
    MINUTE,
    5 * MINUTE,
    15 * MINUTE,
    HOUR,
    4 * HOUR,
    DAY,
    7 * DAY,
)
"""Upper bounds of the delay histogram."""


@dataclass(slots=True)
class Delays:
    """A histogram: counts by bound, the last for all above, and the sum in microseconds."""

    counts: list[int] = field(default_factory=lambda: [0] * (len(DELAYS) + 1))
    total: int = 0


@dataclass(slots=True)
class Counters:
    """Counts of this process by topic."""

    events: Counter[tuple[str, str]] = field(default_factory=Counter)
    rejected: Counter[tuple[str, str]] = field(default_factory=Counter)
    delays: defaultdict[str, Delays] = field(default_factory=lambda: defaultdict(Delays))
    last_event: dict[str, Instant] = field(default_factory=dict)
    last_processed: dict[str, Instant] = field(default_factory=dict)
    lost: Counter[str] = field(default_factory=Counter)

    def count(self, output: OutputBatch, now: Instant) -> None:
        """Count what has been made durable by now."""
        for one in output.decoded.rejected:
            self.events[one.record.topic, "rejected"] += 1
            self.rejected[one.record.topic, one.reason] += 1
        if output.topic is not None:
            self._count_batch(output.topic, output, now)

    def _count_batch(self, topic: str, output: OutputBatch, now: Instant) -> None:
        for fate, count in output.changes.fates.items():
            self.events[topic, fate] += count
        times, delays = output.decoded.times, self.delays[topic]
        for time in times:
            delay = max(now - time, 0)
            delays.counts[bisect_left(DELAYS, delay)] += 1
            delays.total += delay
        if times:
            self.last_event[topic] = max(self.last_event.get(topic, 0), *times)
        self.last_processed[topic] = now
