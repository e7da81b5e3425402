"""The agent's one door: batches and ticks of a partition, folded in the order they come, each durable before the next.

Partitions do not wait for each other: while what followed from one message is on its way, another partition's is folded.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from time import monotonic
from typing import cast

from faust.types.tuples import Message

from streams.health.worker_health import WorkerHealth
from streams.partitions.ownership import Owned, Ownership
from streams.pipeline.batches import Batch, Tick
from streams.pipeline.delivery import Delivery
from streams.pipeline.folder import Folder
from streams.pipeline.in_flight import InFlight
from streams.pipeline.intake import Intake
from streams.pipeline.output import OutputBatch

Ack = Callable[[], Awaitable[object]]
"""Lets go of a message."""


@dataclass(frozen=True, slots=True)
class Processor:
    """Folds what is admitted into the owned partitions and has delivered what follows."""

    ownership: Ownership
    intake: Intake
    folder: Folder
    delivery: Delivery
    in_flight: InFlight
    health: WorkerHealth

    async def take(self, message: Message, ack: Ack) -> None:
        """Fold one message once the delivery before it has ended, and begin to deliver what follows from it.

        When that is durable, `ack` is called; at once where the partition went away meanwhile, or the message is of
        what is read again.

        Raises:
            UnaccountedError: something before it never came to be folded.
            UndeliveredError: something of the partition could not be delivered.
            RejectionLimitError: more of the partition would have to be dead-lettered than is allowed.
            QuarantineLimitError: too many leads of the partition cannot be judged.

        """
        value = cast("Batch | Tick", message.value)
        await self.in_flight.ended(value.partition)
        admitted = await self.intake.admit(message)
        owned = self.ownership.partitions.get(value.partition)
        if owned is None or not admitted:
            if owned is not None and isinstance(value, Tick):
                owned.tick_pending = False
            await ack()
            return
        self.health.took(value.partition, monotonic())
        if isinstance(value, Tick):
            await self._catch_up(owned, value.partition)
            output = self.folder.tick(owned, value)
        else:
            output = await self.folder.batch(owned, value)
        self.in_flight.begin(value.partition, self._see_through(owned, message, output, ack))

    async def open(self, owned: Owned, partition: int, *, set_back: bool) -> None:
        """Deliver what follows from opening a partition; `set_back` if its former owner was ahead of the broker's clock.

        Raises:
            UndeliveredError: something could not be delivered.

        """
        if set_back:
            await self.delivery.deliver(self.folder.set_back(owned, partition, self.folder.clock()))
        await self.delivery.deliver(self.folder.watch(owned, partition))

    async def _catch_up(self, owned: Owned, partition: int) -> None:
        """Begin to write again what topics have lost, and absorb what others wrote to them."""
        offsets = self.ownership.offsets
        if lost := offsets.take_lost(partition):
            owned.restore(lost, self.delivery.changelog)
        if writes := offsets.take_foreign_writes(partition):
            await self.delivery.deliver(await self.folder.absorb(owned, partition, writes))

    async def _see_through(self, owned: Owned, message: Message, output: OutputBatch, ack: Ack) -> None:
        """Make durable what follows from a message, and only then let go of it."""
        await self.delivery.deliver(output)
        value = cast("Batch | Tick", message.value)
        if isinstance(value, Tick):
            owned.tick_pending = False
            owned.delivered()
        else:
            self.intake.mark_done(message)
        got_on = isinstance(value, Batch) or value.now is not None or value.scan_budget > 0
        self.health.finished(value.partition, monotonic(), got_on=got_on)
        await ack()
