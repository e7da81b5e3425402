"""When may time pass for a partition? Silence counts only while we are listening.

When a deadline falls due by the clock, the broker is asked where each event topic of the partition ends. Once all
below is read, time comes to the instant of the question: whatever arrived before it has had its say. Until then, and
without an answer, time stands, so that a worker that was away publishes no breach that waiting events disprove. A worker
that never catches up still gets on: what it has to read is what was there when it asked.

Time never runs ahead of the broker's clock. Where it turns out that it did, a tick sets it back.

At the end of a day every partition has all of its leads to look at. They take turns, a few leads each, one turn at a time
however many they are: between two turns come events, and deadlines that fall due.
"""

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

from faust.types import TP

from sla_rules.instants import Instant
from streams.clock import Clock
from streams.kafka.end_offsets import EndOffsets
from streams.partitions.ownership import Owned, Ownership
from streams.pipeline.batches import Tick
from streams.pipeline.broker_clock import BrokerClock

SCAN_BUDGET: Final = 5_000
"""Leads that are looked at in one turn: it takes some 15 ms."""

Position = Callable[[TP], int | None]


@dataclass(slots=True)
class Watch:
    """A question put to the broker: time may come to `asked_at` once every topic is read up to its end."""

    asked_at: Instant
    ends: dict[TP, int]


@dataclass(slots=True)
class Timekeeper:
    """Keeps the time of all owned partitions, those of the topics of events."""

    clock: Clock
    topics: Sequence[str]
    ownership: Ownership
    end_offsets: EndOffsets
    _watches: dict[int, Watch] = field(default_factory=dict)
    _looker: int = -1
    """Whose turn it was last to look at its leads."""

    def is_ahead(self, owned: Owned) -> bool:
        """Whether the time of a partition is to be set back; by any clock but the broker's it is not."""
        return isinstance(self.clock, BrokerClock) and owned.state.is_ahead_of(self.clock.at_most)

    def door(self, partition: int) -> TP:
        """The event partition that a partition's ticks enter by."""
        return TP(self.topics[0], partition)

    def forget(self) -> None:
        """Drop what was asked: ownership has changed."""
        self._watches.clear()

    async def due(self, position: Position) -> AsyncIterator[Tick]:
        """The ticks to send now, after everything that has been read so far."""
        now = self.clock()
        looker = self._next_looker()
        for partition, owned in list(self.ownership.partitions.items()):
            scan_budget = SCAN_BUDGET if partition == looker else 0
            tick = await self._tick(partition, owned, now, position, scan_budget)
            if tick is not None:
                yield tick

    @property
    def is_looking(self) -> bool:
        """Whether any partition has leads to look at."""
        return any(owned.state.is_looking for owned in self.ownership.partitions.values())

    def _next_looker(self) -> int | None:
        """The partition whose turn it is to look at its leads; None while the last is still at it, or none has to."""
        partitions = self.ownership.partitions
        last = partitions.get(self._looker)
        if last is not None and last.tick_pending:
            return None
        looking = sorted(
            number for number, owned in partitions.items() if owned.state.is_looking and not owned.tick_pending
        )
        if not looking:
            return None
        self._looker = next((number for number in looking if number > self._looker), looking[0])
        return self._looker

    async def _tick(
        self, partition: int, owned: Owned, now: Instant, position: Position, scan_budget: int
    ) -> Tick | None:
        if owned.tick_pending:
            return None
        if self.is_ahead(owned):
            self._watches.pop(partition, None)
            owned.tick_pending = True
            return Tick(partition, None, back_to=now)
        watch = self._watches.get(partition)
        if watch is not None and watch.asked_at > now:
            del self._watches[partition]
            watch = None
        if watch is None and owned.is_due(now):
            watch = await self._ask(partition, now)
        come_to = None
        if watch is not None and all(_is_read(position(tp), end) for tp, end in watch.ends.items()):
            del self._watches[partition]
            come_to = watch.asked_at
        offsets = self.ownership.offsets
        waits = scan_budget or owned.has_figures_to_tell(now) or owned.restoring
        waits = waits or partition in offsets.foreign_writes or partition in offsets.lost
        if come_to is None and not waits:
            return None
        owned.tick_pending = True
        return Tick(partition, come_to, scan_budget)

    def is_due(self, partition: int) -> bool:
        """Whether time has something to decide for a partition, or waits to be let on."""
        owned = self.ownership.partitions.get(partition)
        return owned is not None and (
            partition in self._watches or owned.state.is_looking or owned.is_due(self.clock())
        )

    async def _ask(self, partition: int, now: Instant) -> Watch | None:
        ends = await self.end_offsets.ends([TP(topic, partition) for topic in self.topics])
        if ends is None:
            return None
        watch = self._watches[partition] = Watch(now, ends)
        return watch


def _is_read(position: int | None, end: int) -> bool:
    return end == 0 or (position is not None and position >= end)
