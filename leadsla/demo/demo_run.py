"""The demo's run: broker, publisher and listeners in this process, the worker in one of its own."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Any, Final

import aiohttp
from aiokafka import TopicPartition

from crm_simulator import Item, simulate
from leadsla.cli.generated import GENERATED
from leadsla.demo.agreement_events import ToldEvent
from leadsla.demo.breaches import Breach
from leadsla.demo.readings import Readings
from leadsla.demo.stage import Stage
from leadsla.demo.story import Story
from leadsla.demo.worker_process import LEADSLA, WorkerProcess
from sla_rules.instants import Instant
from sla_rules.names import AGREEMENTS_TOPIC, BREACHES_TOPIC, EVENT_TOPICS
from streams.clock import MILLISECOND
from streams.kafka.connection import new_consumer
from streams.kafka.embedded_broker import PARTITIONS
from streams.kafka.publisher import Publisher
from streams.settings import Settings

PUBLISH_EVERY: Final = 0.05
SCRAPE_EVERY: Final = 0.5
ANSWER_WITHIN: Final = 5.0
READY_WITHIN: Final = 90.0
"""Seconds that a worker may take until it owns its partitions."""
LAST_LOOKS: Final = 20
MOST_AHEAD: Final = 4_000
"""Events that the publisher may be ahead of the worker: far below the 5 MiB that a partition of the broker keeps."""
_TURN: Final = 100
"""Events published between two turns of the others."""


class WorkerFailedError(Exception):
    """The worker ended by itself, or never got ready."""


@dataclass(slots=True)
class DemoRun:
    """One performance."""

    story: Story
    stage: Stage
    settings: Settings
    worker: WorkerProcess
    agreements: Path
    on_news: Callable[[Breach | ToldEvent], None]
    _closing: bool = field(default=False, init=False)
    _started: asyncio.Event = field(default_factory=asyncio.Event, init=False)
    """Set once the worker has been started."""

    async def run(self, until: Coroutine[Any, Any, None]) -> None:
        """Play until `until` is done.

        Raises:
            WorkerFailedError: the worker did not last so long.

        """
        async with AsyncExitStack() as stack:
            publisher = await stack.enter_async_context(Publisher(self.settings, EVENT_TOPICS))
            session = await stack.enter_async_context(aiohttp.ClientSession())
            stack.push_async_callback(self.worker.stop)
            publishing = asyncio.create_task(self._play(publisher))
            others = self._watch(), self._scrape(session), self._listen(), self._generate()
            await _together(self._close(until, publishing), publishing, *others)

    async def _close(self, until: Coroutine[Any, Any, None], publishing: asyncio.Task[None]) -> None:
        """When the end has come, publish no more, and let the worker finish what it was given."""
        await until
        self._closing = True
        await publishing
        for _ in range(LAST_LOOKS):
            if not self.stage.ready.is_set() or self.stage.processed >= self.stage.published:
                return
            await asyncio.sleep(SCRAPE_EVERY)

    async def _watch(self) -> None:
        """Notice when the worker fails."""
        await self._started.wait()
        ended = asyncio.create_task(self.worker.ended())
        try:
            await asyncio.wait([ended], timeout=READY_WITHIN)
            if not ended.done() and self.stage.ready_after is None:
                problem = f"the worker was not ready after {READY_WITHIN:.0f} s"
            else:
                problem = f"the worker ended with status {await ended}"
        finally:
            ended.cancel()
        raise WorkerFailedError("\n".join([f"{problem}; its last lines:", *self.worker.last_lines()]))

    async def _play(self, publisher: Publisher) -> None:
        """Publish the weeks before, start the worker, which finds all of them there, and publish the day as it passes."""
        told = simulate(self.story.plan)
        ahead = await self._publish_history(publisher, told)
        if not self._closing:
            await self.worker.start()
            self._started.set()
            await self._publish(publisher, chain(ahead, told))

    async def _publish_history(self, publisher: Publisher, told: Iterator[Item]) -> list[Item]:
        """Publish what arrived before the curtain rises; the one event that was looked at and came later, if any."""
        later = []
        for number, item in enumerate(told):
            if self._closing or item.arrival >= self.stage.clock.starts_at:
                later.append(item)
                break
            if number % _TURN == 0:
                await asyncio.sleep(0)
            await self._send(publisher, item, item.arrival)
            self.stage.history += 1
        await publisher.flush()
        return later

    async def _publish(self, publisher: Publisher, told: Iterable[Item]) -> None:
        """Publish what arrives by the demo's clock, as the day passes."""
        stage = self.stage
        for number, item in enumerate(told):
            if number % _TURN == 0:
                await asyncio.sleep(0)
            while not self._closing and (item.arrival > stage.now or stage.published - stage.processed > MOST_AHEAD):
                await publisher.flush()
                await asyncio.sleep(PUBLISH_EVERY)
            if self._closing:
                break
            await self._send(publisher, item, stage.now)
        await publisher.flush()

    async def _send(self, publisher: Publisher, item: Item, stamp: Instant) -> None:
        await publisher.publish(item.topic, item.key, item.value, item.headers, stamp)
        self.stage.clocks.take(item, stamp)
        self.stage.leads.add(item.key)
        self.stage.published += 1

    async def _scrape(self, session: aiohttp.ClientSession) -> None:
        while True:
            await self._look(session)
            await asyncio.sleep(SCRAPE_EVERY)

    async def _look(self, session: aiohttp.ClientSession) -> None:
        try:
            timeout = aiohttp.ClientTimeout(ANSWER_WITHIN)
            async with session.get(self.stage.metrics_url, timeout=timeout) as answer:
                self.stage.read(Readings(await answer.text()))
        except (aiohttp.ClientError, TimeoutError):
            return  # it is starting, or busy; whether it lives, `_watch` says

    async def _listen(self) -> None:
        """Hear of breaches and of agreements the way a CRM would: from their topics."""
        consumer = new_consumer(self.settings)
        await consumer.start()
        try:
            topics = (BREACHES_TOPIC, AGREEMENTS_TOPIC)
            consumer.assign([TopicPartition(topic, partition) for topic in topics for partition in range(PARTITIONS)])
            while True:
                for records in (await consumer.getmany(timeout_ms=100)).values():
                    for record in records:
                        news = self.stage.hear(record.topic, record.value, record.timestamp * MILLISECOND)
                        if news is not None:
                            self.on_news(news)
        finally:
            await consumer.stop()

    async def _generate(self) -> None:
        """Write boards, rules and alerts, once the worker has the machine no longer to itself."""
        await self.stage.ready.wait()
        out = self.stage.boards
        process = await asyncio.create_subprocess_exec(
            *LEADSLA,
            "build",
            str(self.agreements),
            "--out",
            str(out),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
        )
        try:
            failed = await process.wait()
        finally:
            if process.returncode is None:
                process.kill()
        self.stage.boards_written = 0 if failed else sum(len(list(out.glob(pattern))) for pattern in GENERATED)


async def _together(until: Coroutine[Any, Any, None], *others: Awaitable[None]) -> None:
    """Run all until the first is done or any fails; then end all."""
    end = asyncio.create_task(until)
    tasks = {end, *(asyncio.ensure_future(other) for other in others)}
    pending = tasks
    try:
        while not end.done():
            done, pending = await asyncio.wait(pending, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
    finally:
        for task in pending:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
