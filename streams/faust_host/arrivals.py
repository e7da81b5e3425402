"""Does what was handed over to Faust come to the agent? A later batch would show what is missing; often there is none.

What is on its way twice in a row, with nothing in the agent's queue and nothing of its partition in hand, has been dropped
in between.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Final

from faust.types import TP
from structlog import get_logger

from streams.faust_host.flow import SteadyFlow
from streams.health.worker_health import Phase, WorkerHealth
from streams.partitions.ownership import Ownership
from streams.pipeline.coverage import Hole, UnaccountedError
from streams.reading.records import Span

log = get_logger("leadsla")

LOOK_EVERY: Final = 2.0
"""Seconds between two looks: what is handed over is in the agent's hands, or behind something that is, in milliseconds."""


@dataclass(slots=True)
class Arrivals:
    """Looks after what is `on_the_way`: by partition of a topic, what was handed over last and is not durable yet."""

    on_the_way: Callable[[], dict[TP, Span]]
    flow: SteadyFlow
    health: WorkerHealth
    ownership: Ownership
    crash: Callable[[BaseException], Awaitable[None]]
    _missed: set[tuple[TP, Span]] = field(default_factory=set)
    _ticks_missed: set[int] = field(default_factory=set)

    async def keep_looking(self) -> None:
        """Look until cancelled, or until something is found to be missing."""
        while True:
            await asyncio.sleep(LOOK_EVERY)
            hole = self.look()
            if hole is not None:
                await self.crash(UnaccountedError(hole))
                return

    def look(self) -> Hole | None:
        """What was handed over and never came; ticks that never came are let go, so that another one is sent."""
        missed, ticks_missed = self._missing()
        lost = missed & self._missed
        for partition in ticks_missed & self._ticks_missed:
            log.warning("a tick never came to be folded; sending another", partition=partition)
            self.ownership.partitions[partition].tick_pending = False
        self._missed, self._ticks_missed = missed, ticks_missed
        if not lost:
            return None
        tp, span = min(lost)
        return Hole(tp, span.begin, span.end)

    def _missing(self) -> tuple[set[tuple[TP, Span]], set[int]]:
        """What should be in the agent's queue, or in its hands, and is not."""
        if self.health.phase is not Phase.SERVING or not self.flow.is_active() or not self.flow.is_drained:
            return set(), set()
        in_hand = self.health.in_hand
        owned = self.ownership.partitions
        # What comes of a partition that was left alone is let go: nothing of it is folded here.
        served = owned.keys() - in_hand.keys()
        missed = {(tp, span) for tp, span in self.on_the_way().items() if tp.partition in served}
        return missed, {partition for partition in served if owned[partition].tick_pending}
