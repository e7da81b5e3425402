"""The Faust app: membership of the group, one agent over all event topics, one table, and the parts that do the work."""

import asyncio
import logging
import os
import sys
from functools import cached_property, partial
from threading import Timer
from time import monotonic
from typing import Any, cast

import faust
from faust.types import TP
from mode.supervisors import CrashingSupervisor
from structlog import get_logger

from sla_rules.agreement.rulebook import RuleBook
from sla_rules.names import INPUT_TOPICS
from streams.clock import Clock
from streams.faust_host.faust_settings import faust_settings
from streams.faust_host.flow import SteadyFlow
from streams.faust_host.parts import build_parts
from streams.faust_host.pass_through import PassThrough
from streams.faust_host.transport import BatchConsumer, BatchTransport
from streams.health.worker_health import Phase
from streams.kafka.patience import answered
from streams.kafka.topic_memory import TopicMemory
from streams.settings import Settings

log = get_logger("leadsla")


class LeadApp(faust.App):
    """A worker: Faust keeps group membership, rebalancing and commits; all else is done by its parts."""

    def __init__(self, settings: Settings, rules: RuleBook, partitions: int, memory: TopicMemory, clock: Clock) -> None:
        self.parts = build_parts(self, settings, rules, partitions, memory, clock)
        super().__init__(settings.group, **faust_settings(settings, partitions))

    @cached_property
    def flow_control(self) -> SteadyFlow:
        """What lets messages into the agent's queue."""
        return SteadyFlow()

    def _new_transport(self) -> BatchTransport:
        return BatchTransport(self.conf.broker_consumer, self, loop=self.loop, host=self.parts)

    @property
    def _batches(self) -> BatchConsumer:
        return cast("BatchConsumer", self.consumer)

    def generation(self) -> int:
        """The generation of the group that the partitions owned now are of."""
        generation: int = self.consumer_generation_id
        return generation

    def reached(self, tp: TP) -> int | None:
        """Offset up to which all of a partition of a topic is folded; None before anything of it was fetched."""
        return self._batches.reached(tp)

    async def begin_of(self, tp: TP) -> int:
        """Where a partition of a topic begins now."""
        begins = await answered(partial(self._batches.earliest_offsets, tp), f"looking where {tp.topic} begins")
        begin: int = begins.get(tp, 0)
        return begin

    async def read_from(self, tp: TP, offset: int) -> None:
        """Go on reading a partition of a topic elsewhere."""
        await self._batches.seek(tp, offset)

    async def join_again(self) -> None:
        """Have the group divide its partitions again."""
        await self._batches.join_again()

    async def on_first_start(self) -> None:
        """Open our own clients before Faust starts to read."""
        await super().on_first_start()
        await self.parts.start()
        for watcher in self.parts.watchers():
            self.add_future(watcher)

    async def on_stop(self) -> None:
        """Finish what is in hand and commit it; end without that where the broker does not let us."""
        within = self.parts.settings.stop_within_seconds
        log.info("stopping", within_seconds=within)
        self.parts.health.enter(Phase.STOPPING, monotonic())
        last_resort = Timer(within, self._end_at_once)
        last_resort.daemon = True
        last_resort.start()
        give_up = asyncio.get_running_loop().call_later(within / 2, self._give_up)
        try:
            await super().on_stop()
        finally:
            give_up.cancel()

    async def on_shutdown(self) -> None:
        """Close our own clients after everything has been delivered."""
        await super().on_shutdown()
        await self.parts.stop()

    def _give_up(self) -> None:
        """Wait no longer for what is in hand: a broker that does not answer by now keeps the worker from nothing else."""
        log.warning("the broker does not let the worker finish; what is not committed will be read again")
        self._batches.give_up()

    def _end_at_once(self) -> None:
        """End as if killed. The last line says why, as the front door does of workers that end by themselves."""
        log.error("not stopped in time: ending as if killed; nothing is lost, what is not committed will be read again")
        logging.shutdown()
        sys.stderr.write(f"leadsla worker: {self.crash_reason or 'it was asked to stop and could not in time'}\n")
        sys.stderr.flush()
        os._exit(1)


def build_app(
    settings: Settings,
    rules: RuleBook,
    partitions: int,
    memory: TopicMemory | None = None,
    clock: Clock | None = None,
) -> LeadApp:
    """The app of one worker, with its agent; `memory` is what its group knows of the topics.

    Without a clock it lives by that of its settings.
    """
    app = LeadApp(settings, rules, partitions, memory or TopicMemory(), clock or settings.new_clock())
    app.Table("leads", partitions=partitions, key_type=bytes, value_type=bytes, host=app.parts)
    events = app.topic(*INPUT_TOPICS, partitions=partitions, schema=PassThrough(), internal=False)
    cast("Any", app.on_partitions_revoked).connect(_on_revoked)
    processor = app.parts.processor

    @app.agent(events, supervisor_strategy=CrashingSupervisor, name="fold")
    async def fold(stream: Any) -> None:
        async for event in stream.noack().events():
            await processor.take(event.message, partial(stream.ack, event))

    return app


async def _on_revoked(app: LeadApp, revoked: set[TP], **_: Any) -> None:
    app.parts.handover.hide({tp.partition for tp in revoked})
