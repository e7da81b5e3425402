"""Looks every few seconds at where the topics end: what waits for this worker, and whether the broker answers at all.

It asks by the timekeeper's client, since the fetching one can be seconds behind, and says in the log what has changed.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from time import monotonic
from typing import Final

from aiokafka.errors import KafkaError
from faust.types import TP
from structlog import get_logger

from sla_rules.instants import SECOND
from streams.broker_clock import BrokerClock
from streams.health import Phase, Strand, Vitals
from streams.timekeeper import ANSWER_WITHIN, Timekeeper
from streams.topic_metadata import TopicMetadata, topic_metadata
from streams.topic_watch import TopicWatch

log = get_logger("leadsla")

LOOK_EVERY: Final = 2.0
"""Seconds between two looks."""
REMIND_EVERY: Final = 30.0
"""Seconds after which a state that lasts is said again."""
BEHIND_AFTER: Final = 10.0
"""Seconds that records have to wait for the worker to be called behind."""

WRONG_FROM: Final = 5.0
"""Seconds by which this machine's clock may differ from the broker's; it decides nothing, but somebody has set it wrong."""
UNHEARD_AFTER: Final = 60.0
"""Seconds without the broker's time, though it answers otherwise, after which that is said."""

Reached = Callable[[TP], int | None]
"""Where a partition of a topic is folded up to; None before anything of it was fetched."""
MadeAnew = Callable[[str], Awaitable[None]]
"""Told of a topic that has become another one of the same name."""
LookAt = Callable[[Mapping[str, TopicMetadata], float], Awaitable[None]]
"""Shown the topics as they are, and when."""


@dataclass(slots=True)
class Lookout:
    """Fills `vitals` with what waits. `topics` are those of the events."""

    topics: Sequence[str]
    timekeeper: Timekeeper
    vitals: Vitals
    reached: Reached
    watch: TopicWatch
    made_anew: MadeAnew
    look_closer: LookAt
    _said: dict[str, float] = field(default_factory=dict)

    async def keep_looking(self) -> None:
        """Look until cancelled."""
        while True:
            await self.look()
            await asyncio.sleep(LOOK_EVERY)

    async def look(self) -> None:
        """Ask the broker once what the topics are, and where those of events end in the owned partitions."""
        await self._look_at_topics()
        owned = list(self.vitals.strands)
        there = [topic for topic in self.topics if topic not in self.timekeeper.missing]
        tps = [TP(topic, partition) for partition in owned or [0] for topic in there]
        before = {tp: self.reached(tp) or 0 for tp in tps}
        ends = await self.timekeeper.ends(tps)
        now = monotonic()
        if ends is not None:
            self.vitals.answered(now)
            for partition in owned:
                if (strand := self.vitals.strands.get(partition)) is not None:
                    self._see(partition, strand, ends, now)
            await self._go_on_with({tp.topic for tp, reached in before.items() if ends[tp] < reached})
            await self._look_for_strangers()
        self._report(now)

    async def _look_at_topics(self) -> None:
        """Whether the topics are still there, as they were and the same."""
        found = await self._topics()
        if found is None:
            return
        now = monotonic()
        self.vitals.answered(now)
        anew = self.watch.look(found, now)
        self.timekeeper.missing = self.watch.unseen
        await self._go_on_with(anew)
        if self.watch.is_sure:
            with suppress(KafkaError):  # as above
                await self.look_closer(found, now)

    async def _go_on_with(self, others: Iterable[str]) -> None:
        """Go on with topics that are not what they were: of another id, or with less in them than has been read."""
        for topic in others:
            # Without an answer, again with the next look.
            with suppress(KafkaError):
                await self.made_anew(topic)
                self.watch.accept(topic)

    async def _topics(self) -> dict[str, TopicMetadata] | None:
        client = self.timekeeper.client
        if client is None:
            return None
        try:
            return await asyncio.wait_for(topic_metadata(client, self.watch.topics), ANSWER_WITHIN)
        except (KafkaError, TimeoutError):
            return None

    async def _look_for_strangers(self) -> None:
        """Whether somebody else wrote where only we do. Asked apart: lag is known even where outputs cannot be."""
        ledger = self.timekeeper.ownership.ledger
        known = {TP(*place): end for place, end in ledger.ends.items() if place[0] not in self.timekeeper.missing}
        ends = await self.timekeeper.ends(known)
        if ends is not None and self.vitals.phase is Phase.SERVING:
            for tp, end in ends.items():
                # Nothing of ours is on its way there now: what lies beyond our own count is a stranger's.
                if tp.partition not in self.vitals.in_hand:
                    ledger.saw(*tp, end, known[tp])

    def _see(self, partition: int, strand: Strand, ends: dict[TP, int], now: float) -> None:
        lag = {}
        for topic in self.topics:
            tp = TP(topic, partition)
            if tp in ends:
                lag[topic] = max(ends[tp] - (self.reached(tp) or 0), 0)
        strand.see(lag, due=self.timekeeper.is_due(partition), now=now)

    def _report(self, now: float) -> None:
        vitals = self.vitals
        silent = vitals.silence(now)
        self._tell(
            "broker",
            now if silent else None,
            "the broker does not answer: time stands still, nothing is lost",
            "the broker answers again",
            seconds=round(silent),
        )
        waiting = {p: sum(strand.lag.values()) for p, strand in vitals.strands.items() if _behind(strand, now)}
        serving = vitals.phase is Phase.SERVING and not silent
        self._report_clock(now)
        self._tell("behind", now if waiting and serving else None, "behind", "caught up", records=sum(waiting.values()))

    def _report_clock(self, now: float) -> None:
        clock = self.timekeeper.clock
        if isinstance(clock, BrokerClock):
            skew, unheard = clock.skew / SECOND, clock.unheard / SECOND
            self._tell(
                "clock",
                now if abs(skew) > WRONG_FROM else None,
                "this machine's clock and the broker's differ: the broker's counts",
                "this machine's clock and the broker's agree again",
                ahead_of_it_seconds=round(skew, 1),
            )
            self._tell(
                "probe",
                now if unheard > UNHEARD_AFTER and not self.vitals.silence(now) else None,
                "the broker has not said for long what time it is: its clock is moved on by this machine's",
                "the broker says again what time it is",
                seconds=round(unheard),
            )

    def _tell(self, what: str, lasts: float | None, sentence: str, over: str, **facts: object) -> None:
        """Say that a state has begun, that it still lasts, or that it is over."""
        said = self._said.get(what)
        if lasts is None:
            if self._said.pop(what, None) is not None:
                log.info(over)
        elif said is None or lasts - said >= REMIND_EVERY:
            self._said[what] = lasts
            log.warning(sentence, **facts)


def _behind(strand: Strand, now: float) -> bool:
    return any(strand.lag.values()) and strand.waits_since is not None and now - strand.waits_since >= BEHIND_AFTER
