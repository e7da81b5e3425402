"""Looks every few seconds at where the topics end: what waits for this worker, and whether the broker answers at all.

It says in the log what has changed, and has topics and foreign writes looked at beside.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from time import monotonic
from typing import Final

from faust.types import TP

from sla_rules.instants import SECOND, Instant
from streams.health.worker_health import PartitionProgress, Phase, WorkerHealth
from streams.kafka.end_offsets import EndOffsets
from streams.monitoring.announcements import Announcements
from streams.monitoring.foreign_writes import ForeignWriteMonitor
from streams.monitoring.topic_monitor import TopicMonitor
from streams.partitions.ownership import Owned
from streams.pipeline.broker_clock import BrokerClock
from streams.pipeline.timekeeper import Timekeeper

LOOK_EVERY: Final = 2.0
"""Seconds between two looks."""
BEHIND_AFTER: Final = 10.0
"""Seconds that records have to wait for the worker to be called behind."""

WRONG_FROM: Final = 5.0
"""Seconds by which this machine's clock may differ from the broker's; it decides nothing, but somebody has set it wrong."""
UNHEARD_AFTER: Final = 60.0
"""Seconds without the broker's time, though it answers otherwise, after which that is said."""

Reached = Callable[[TP], int | None]
"""Where a partition of a topic is folded up to; None before anything of it was fetched."""


def lag_of(partition: int, ends: Mapping[TP, int], reached: Reached) -> dict[str, int]:
    """Records that wait, by topic, where topics end there; those that are not there have none."""
    return {tp.topic: max(end - (reached(tp) or 0), 0) for tp, end in ends.items() if tp.partition == partition}


def is_behind(progress: PartitionProgress, now: float) -> bool:
    """Whether records of a partition have waited for long."""
    waits_since = progress.waits_since
    return any(progress.lag.values()) and waits_since is not None and now - waits_since >= BEHIND_AFTER


@dataclass(frozen=True, slots=True)
class LagMonitor:
    """Keeps in `health` what waits in each owned partition, of the topics that `timekeeper` keeps the time of."""

    timekeeper: Timekeeper
    health: WorkerHealth
    reached: Reached
    topics: TopicMonitor
    foreign_writes: ForeignWriteMonitor
    announcements: Announcements = field(default_factory=Announcements)
    _ends_early: set[str] = field(default_factory=set)

    async def keep_looking(self) -> None:
        """Look until cancelled."""
        while True:
            await self.look()
            await asyncio.sleep(LOOK_EVERY)

    async def look(self) -> None:
        """Ask the broker once what the topics are, and where those of events end in the owned partitions."""
        await self.topics.look()
        tps = self._asked_for()
        owned, asked_at = self._owned, self.timekeeper.clock()
        before = {tp: self.reached(tp) or 0 for tp in tps}
        ends = await self._end_offsets.ends(tps)
        now = monotonic()
        if ends is not None:
            self.health.answered(now)
            self.see(ends, now)
            self._see_how_far(owned, asked_at, now)
            await self._go_on_with({tp.topic for tp, reached in before.items() if ends[tp] < reached})
            await self.foreign_writes.look()
        self.report(now)

    async def _go_on_with(self, ends_early: set[str]) -> None:
        """Go on with topics that end before what was read of them, if they did so at the last look as well.

        A broker that does not know yet that another leads now says where its own log ends.
        """
        before = set(self._ends_early)
        self._ends_early.clear()
        self._ends_early.update(ends_early)
        await self.topics.go_on_with(before & ends_early)

    @property
    def _end_offsets(self) -> EndOffsets:
        return self.timekeeper.end_offsets

    def _asked_for(self) -> Sequence[TP]:
        there = [topic for topic in self.timekeeper.topics if topic not in self._end_offsets.missing]
        return [TP(topic, partition) for partition in list(self.health.partitions) or [0] for topic in there]

    def see(self, ends: Mapping[TP, int], now: float) -> None:
        """Take in where topics end in the owned partitions; nothing of one that has come since they were asked for."""
        asked = {tp.partition for tp in ends}
        for partition, progress in self.health.partitions.items():
            if partition in asked:
                lag = lag_of(partition, ends, self.reached)
                progress.see(lag, due=self.timekeeper.is_due(partition), now=now)

    def _see_how_far(self, asked: Mapping[int, Owned], asked_at: Instant, now: float) -> None:
        """Take in how far the partitions are that were owned when the broker was asked, and still are.

        While a topic is missing nobody knows what waits in it, and while anything is in hand for long it may come to nobody.
        """
        for partition, owned in self._owned.items():
            progress = self.health.partitions.get(partition)
            if asked.get(partition) is owned and progress is not None and not self._is_held(partition, now):
                owned.see(progress.lag, asked_at)

    def _is_held(self, partition: int, now: float) -> bool:
        since = self.health.in_hand.get(partition)
        return bool(self._end_offsets.missing) or (since is not None and now - since >= LOOK_EVERY)

    @property
    def _owned(self) -> Mapping[int, Owned]:
        """None while partitions change hands."""
        ownership = self.timekeeper.ownership
        return {} if ownership.recovering else dict(ownership.partitions)

    def report(self, now: float) -> None:
        """Say whether the broker is silent, the worker behind and clocks wrong."""
        health = self.health
        silent = health.silence(now)
        self.announcements.tell(
            "broker",
            now if silent else None,
            "the broker does not answer: time stands still, nothing is lost",
            "the broker answers again",
            seconds=round(silent),
        )
        waiting = sum(sum(one.lag.values()) for one in health.partitions.values() if is_behind(one, now))
        serving = health.phase is Phase.SERVING and not silent
        self._report_clock(now)
        self.announcements.tell("behind", now if waiting and serving else None, "behind", "caught up", records=waiting)

    def _report_clock(self, now: float) -> None:
        clock = self.timekeeper.clock
        if isinstance(clock, BrokerClock):
            skew, unheard = clock.skew / SECOND, clock.unheard / SECOND
            self.announcements.tell(
                "clock",
                now if abs(skew) > WRONG_FROM else None,
                "this machine's clock and the broker's differ: the broker's counts",
                "this machine's clock and the broker's agree again",
                ahead_of_it_seconds=round(skew, 1),
            )
            self.announcements.tell(
                "probe",
                now if unheard > UNHEARD_AFTER and not self.health.silence(now) else None,
                "the broker has not said for long what time it is: its clock is moved on by this machine's",
                "the broker says again what time it is",
                seconds=round(unheard),
            )
