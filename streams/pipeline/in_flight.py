"""Deliveries under way, at most one a partition, so that the worker folds for other partitions meanwhile."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class InFlight:
    """What is being delivered, by partition. `crash` ends the worker, whatever the agent is waiting for."""

    crash: Callable[[BaseException], Awaitable[None]]
    _tasks: dict[int, asyncio.Task[None]] = field(default_factory=dict)

    def begin(self, partition: int, delivery: Coroutine[Any, Any, None]) -> None:
        """Let a delivery run; the one before it of the same partition has `ended`."""
        self._tasks[partition] = asyncio.create_task(self._run(partition, delivery))

    async def ended(self, partition: int) -> None:
        """Wait until nothing of a partition is under way. Who waits may be cancelled; the delivery goes on.

        Raises:
            UndeliveredError: the last delivery failed; nothing of the partition may follow it.

        """
        task = self._tasks.get(partition)
        if task is not None:
            await asyncio.shield(task)

    async def all_ended(self) -> None:
        """Wait until nothing is under way.

        Raises:
            UndeliveredError: a delivery failed.

        """
        while self._tasks:
            await self.ended(next(iter(self._tasks)))

    async def give_up(self) -> None:
        """Cancel what is still under way when the worker has ended: it is not acknowledged, a restart reads it again."""
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _run(self, partition: int, delivery: Coroutine[Any, Any, None]) -> None:
        """A delivery that failed stays where it is, in the way of whatever would follow it."""
        try:
            await delivery
        except Exception as error:
            await self.crash(error)
            raise
        del self._tasks[partition]
