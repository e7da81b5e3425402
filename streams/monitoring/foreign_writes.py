"""Whether somebody else has written where only this worker does, found out where nothing of ours is written meanwhile."""

from dataclasses import dataclass

from faust.types import TP

from streams.health.worker_health import Phase, WorkerHealth
from streams.kafka.end_offsets import EndOffsets
from streams.partitions.offset_tracker import OffsetTracker


@dataclass(frozen=True, slots=True)
class ForeignWriteMonitor:
    """Compares where topics end with where they do by our own count."""

    offsets: OffsetTracker
    end_offsets: EndOffsets
    health: WorkerHealth

    async def look(self) -> None:
        """Ask once; without an answer, nothing is found."""
        known = {TP(*at): end for at, end in self.offsets.ends.items() if at[0] not in self.end_offsets.missing}
        ends = await self.end_offsets.ends(known)
        if ends is not None and self.health.phase is Phase.SERVING:
            for tp, end in ends.items():
                # Nothing of ours is on its way there now: what lies beyond our own count is a foreign write.
                if tp.partition not in self.health.in_hand:
                    self.offsets.saw(*tp, end, known[tp])
