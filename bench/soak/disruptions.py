"""Carrying out what the plan says: to workers, to the broker, and to the way between them."""

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

from bench.soak.plan import Disruption, Kind
from bench.soak.seats import Seat
from tests.real_parts.slow_kafka import SlowKafka
from tests.real_parts.slow_link import AT_ONCE, SlowLink

_VICTIM_SECONDS: Final = 300.0


class NoVictimError(Exception):
    """No worker came to be in the state that a disruption needs; the message shows the ends of their logs."""


@dataclass(slots=True)
class Scene:
    """The broker and the seats, each with its own way to it, and what has been `done` so far.

    The broker is killed once at a time, and the ways have one pace at a time; all else may fall together.
    """

    kafka: SlowKafka
    seats: Sequence[Seat]
    done: Counter[Kind] = field(default_factory=Counter)
    _broker: asyncio.Lock = field(default_factory=asyncio.Lock)
    _pace: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def carry_out(self, one: Disruption) -> None:
        """Do it and wait until it is over.

        Raises:
            NoVictimError: there is no worker to do it to.
            NotStartedError: the broker did not come back.

        """
        match one.kind:
            case Kind.KILL:
                (await self._victim(one, lambda seat: seat.program.running)).kill(one.lasts)
            case Kind.JOIN:
                (await self._victim(one, lambda seat: not seat.frozen and seat.is_ready())).leave(one.lasts)
            case Kind.FREEZE:
                await (await self._victim(one, lambda seat: not seat.frozen and seat.program.running)).freeze(one.lasts)
            case Kind.BROKER_KILL:
                async with self._broker:
                    await asyncio.to_thread(self.kafka.kill)
                    await asyncio.sleep(one.lasts)
                    await asyncio.to_thread(self.kafka.start)
            case Kind.SLOW:
                async with self._pace:
                    self.kafka.pace(one.pace)
                    await asyncio.sleep(one.lasts)
                    self.kafka.pace(AT_ONCE)
            case Kind.CUT:
                await self._cut(one.lasts, self.kafka.links)
            case Kind.CUT_OFF:
                await self._cut(one.lasts, [self.kafka.links[one.seat]])
        self.done[one.kind] += 1

    @staticmethod
    async def _cut(seconds: float, links: Sequence[SlowLink]) -> None:
        for link in links:
            await asyncio.to_thread(link.cut)
        await asyncio.sleep(seconds)
        for link in links:
            await asyncio.to_thread(link.mend)

    async def _victim(self, one: Disruption, fits: Callable[[Seat], bool]) -> Seat:
        """The seat that was drawn, or the next one that it can be done to."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + _VICTIM_SECONDS
        while True:
            for seat in (*self.seats[one.seat :], *self.seats[: one.seat]):
                if await asyncio.to_thread(fits, seat):
                    return seat
            if loop.time() > deadline:
                logs = "\n\n".join(seat.program.tail() for seat in self.seats)
                message = f"no worker for {one.kind} within {_VICTIM_SECONDS:g} s:\n{logs}"
                raise NoVictimError(message)
            await asyncio.sleep(0.2)
