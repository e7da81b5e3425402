"""Which partitions this worker owns, and what it knows of each."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from sla_rules.engine.partition import BEFORE_ALL, PartitionState
from sla_rules.instants import SECOND, Duration, Instant
from sla_rules.names import BREACHES_TOPIC, CLOCKS_TOPIC, FORWARDED_TOPIC, PERIODS_TOPIC
from streams.dead_letters.limits import Rejections
from streams.partitions.last_arrivals import LastArrivals
from streams.partitions.offset_tracker import OffsetTracker

TELL_FIGURES_EVERY: Final[Duration] = SECOND
"""Figures of one window are published at most this often."""


@dataclass(slots=True)
class Owned:
    """An owned and recovered partition. `tick_pending` while a tick is on its way to the agent.

    `rejections` by topic, where there have been any since it was recovered. `restoring` are topics that lost something
    of the partition and are being written again; `restored` those that have been.
    """

    state: PartitionState
    tick_pending: bool = False
    figures_told_at: Instant = 0
    rejections: dict[str, Rejections] = field(default_factory=dict)
    restoring: set[str] = field(default_factory=set)
    restored: set[str] = field(default_factory=set)
    arrivals: LastArrivals = field(default_factory=LastArrivals)
    _seen_to: Instant = BEFORE_ALL

    @property
    def come_to(self) -> Instant:
        """Up to when all that arrived is folded and all that fell due is judged; it stands while something waits.

        The time of the partition's state says less, since that moves only when something falls due. `BEFORE_ALL` where nothing
        is known yet.
        """
        return max(self._seen_to, self.state.now)

    def see(self, lag: Mapping[str, int], asked_at: Instant) -> None:
        """Take in how many records wait, by topic, as the broker was asked at an instant.

        All is read up to then, and of topics that lag up to what arrived of them last. What was seen before still holds, unless
        it was of a time that has not come.
        """
        read = [self.arrivals.topics.get(topic, BEFORE_ALL) for topic, records in lag.items() if records]
        due = [] if self.state.next_due is None else [self.state.next_due]
        self._seen_to = min(asked_at, max(self._seen_to, min([asked_at, *read, *due])))

    def restore(self, topics: set[str], changelog: str) -> None:
        """Begin to write again what topics lost."""
        self.restoring |= topics
        self.state.write_again(
            states=changelog in topics,
            notices=BREACHES_TOPIC in topics,
            figures=PERIODS_TOPIC in topics,
            forwards=FORWARDED_TOPIC in topics,
            clocks=CLOCKS_TOPIC in topics,
        )
        if PERIODS_TOPIC in topics:
            self.figures_told_at = 0

    def delivered(self) -> None:
        """All that follows from a tick is durable; with it, maybe, the last of what topics had lost."""
        if self.restoring and self.state.is_whole:
            self.restored |= self.restoring
            self.restoring = set()

    def is_due(self, now: Instant) -> bool:
        """Whether time, come to `now`, has something to decide."""
        due = self.state.next_due
        return due is not None and due <= now

    def has_figures_to_tell(self, now: Instant) -> bool:
        """Whether figures have changed and were not published just now, or have to be before facts are kept."""
        windows = self.state.windows
        return bool(windows.changed) and (
            windows.owes_behind or not 0 <= now - self.figures_told_at < TELL_FIGURES_EVERY
        )


@dataclass(slots=True)
class Ownership:
    """The owned partitions by number. What is not in here is shown nowhere."""

    partitions: dict[int, Owned] = field(default_factory=dict)
    recovering: bool = False
    offsets: OffsetTracker = field(default_factory=OffsetTracker)

    def keep_only(self, partitions: set[int]) -> None:
        """Drop what went to another worker; ticks that were on their way to the rest are lost with the rebalance."""
        for partition in self.partitions.keys() - partitions:
            del self.partitions[partition]
        self.offsets.keep_only(partitions)
        for owned in self.partitions.values():
            owned.tick_pending = False
