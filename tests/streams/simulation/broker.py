"""A broker in memory: logs, committed offsets, and a group that is divided again whenever somebody comes or goes."""

import asyncio
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Coroutine, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import TYPE_CHECKING, Any, NamedTuple

from faust.types import TP

from sla_rules.instants import Instant
from sla_rules.names import EVENT_TOPICS
from streams.clock import MILLISECOND

if TYPE_CHECKING:
    from tests.streams.simulation.fetching import SimulatedThread

STARTED: Instant = 1_767_225_600_000_000
"""When simulated time begins."""


class Kept(NamedTuple):
    """A record of a log, as a consumer hands it over."""

    topic: str
    partition: int
    offset: int
    timestamp: int
    timestamp_type: int
    key: bytes | None
    value: bytes | None
    checksum: None
    serialized_key_size: int
    serialized_value_size: int
    headers: Sequence[tuple[str, bytes]]


@dataclass(slots=True)
class Log:
    """One partition of a topic. Offsets may have holes, where control records lie; `start` is where retention left it."""

    records: list[Kept] = field(default_factory=list)
    end: int = 0
    start: int = 0

    def below(self, position: int, most: int) -> tuple[list[Kept], int]:
        """Records from a position on, and the offset to ask for next."""
        first = bisect_left(self.records, position, key=lambda record: record.offset)
        found = self.records[first : first + most]
        rest = len(self.records) - first - len(found)
        return found, found[-1].offset + 1 if rest else self.end


@dataclass(slots=True)
class Broker:
    """Logs by topic and partition. `pace` says how many seconds an answer takes, at least and at most."""

    partitions: int
    chance: Random
    pace: tuple[float, float] = (0.001, 0.005)
    logs: defaultdict[TP, Log] = field(default_factory=lambda: defaultdict(Log))
    committed: dict[TP, int] = field(default_factory=dict)
    generation: int = 0
    members: list["SimulatedThread"] = field(default_factory=list)
    _dividing: asyncio.Task[None] | None = None
    _again: bool = False
    _waited_for: dict["SimulatedThread", asyncio.Task[None]] = field(default_factory=dict)

    async def answer(self) -> None:
        """The time that an answer takes."""
        await asyncio.sleep(self.seconds())

    def seconds(self) -> float:
        """How many seconds the next answer takes."""
        return self.chance.uniform(*self.pace)

    def now(self) -> Instant:
        """The broker's time."""
        return STARTED + round(asyncio.get_running_loop().time() * 1_000_000)

    def append(self, tp: TP, key: bytes | None, value: bytes | None, headers: Sequence[tuple[str, bytes]] = ()) -> int:
        """Append a record; its offset. Now and then a publisher's control record lies before it."""
        log = self.logs[tp]
        if tp.topic in EVENT_TOPICS and self.chance.random() < 0.05:
            log.end += 1
        offset = log.end
        stamp = self.now() // MILLISECOND
        log.records.append(Kept(*tp, offset, stamp, 1, key, value, None, len(key or b""), len(value or b""), headers))
        log.end += 1
        return offset

    def join(self, member: "SimulatedThread") -> None:
        """A member comes: the group is divided again."""
        self.members.append(member)
        self._divide()

    def leave(self, member: "SimulatedThread") -> None:
        """A member goes, or is missed: the group is divided again."""
        if member in self.members:
            self.members.remove(member)
            member.forget_assignment()
            if (waited_for := self._waited_for.pop(member, None)) is not None:
                waited_for.cancel()
            self._divide()

    def _divide(self) -> None:
        self._again = True
        if self._dividing is None or self._dividing.done():
            self._dividing = asyncio.create_task(self._divide_until_settled())

    async def _divide_until_settled(self) -> None:
        while self._again:
            self._again = False
            await self.answer()
            await self._wait_for({member: member.revoke() for member in self.members})
            await self.answer()
            self.generation += 1
            members = list(self.members)
            shares: dict[int, set[int]] = defaultdict(set)
            for partition in range(self.partitions):
                if members:
                    shares[partition % len(members)].add(partition)
            await self._wait_for(
                {member: member.assign(shares[number], self.generation) for number, member in enumerate(members)}
            )

    async def _wait_for(self, doing: Mapping["SimulatedThread", Coroutine[Any, Any, None]]) -> None:
        """Wait until every member has done its part, or is missed."""
        self._waited_for = {member: asyncio.create_task(part) for member, part in doing.items()}
        await asyncio.gather(*self._waited_for.values(), return_exceptions=True)
