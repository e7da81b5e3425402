"""Whole workers on a broker in memory: all of Faust's and our code, but for aiokafka's clients and the web server."""

import asyncio
from collections.abc import Callable, Collection, Coroutine, Mapping
from pathlib import Path
from typing import Any, ClassVar, cast

import pytest
from faust.transport.drivers import aiokafka as driver
from faust.types import TP
from faust.types.tuples import RecordMetadata

from sla_rules.agreement.rulebook import RuleBook
from sla_rules.engine.codec import decode
from sla_rules.names import INPUT_TOPICS
from streams.faust_host.app import LeadApp, build_app
from streams.faust_host.transport import BatchConsumer, BatchTransport
from streams.kafka.topic_metadata import TopicMetadata
from streams.kafka.topics import changelog_of
from streams.settings import Settings
from tests.streams.simulation.broker import Broker
from tests.streams.simulation.clients import Consumer, Producer
from tests.streams.simulation.fetching import SimulatedThread


class Nothing:
    """Stands where something is of no account: a web server, a timer, a garbage collector."""

    daemon = False

    def __init__(self, *_: object) -> None:
        pass

    async def start(self) -> int:
        """Start nothing."""
        return 0

    async def stop(self) -> None:
        """Stop nothing."""

    def collect(self) -> None:
        """Collect nothing."""

    async def keep_writing(self) -> None:
        """Write nothing."""


class NoTimer(Nothing):
    """A timer that never goes off."""

    def start(self) -> None:  # type: ignore[override] # a thread's, which is not awaited
        """Wait for ever."""


class _FaustsProducer(driver.Producer):
    """Faust's own producer, through which nothing goes."""

    async def on_start(self) -> None:
        await self.add_runtime_dependency(self.buffer)

    async def on_stop(self) -> None:
        pass

    async def flush(self) -> None:
        pass

    def key_partition(self, topic: str, key: bytes) -> TP:
        del key
        return TP(topic, 0)

    async def send(self, *_: Any, **__: Any) -> RecordMetadata:  # type: ignore[override] # of no account
        message = "nothing is to go through Faust's own producer"
        raise AssertionError(message)


class Simulation:
    """Patches the shell so that every app built while it lasts lives on one broker; `apps` by the order they came in."""

    def __init__(self, patch: pytest.MonkeyPatch, broker: Broker, rules: RuleBook, folder: Path) -> None:
        self.broker = broker
        self._rules = rules
        self._settings = Settings(metrics_port=0, data_dir=folder)
        self.apps: list[LeadApp] = []
        self.crashes: list[BaseException] = []
        """Why workers have stopped by themselves."""
        self.memory: dict[bytes, bytes] = {}
        """What the group remembers."""
        self._doing: list[asyncio.Future[Any]] = []
        topics = [*INPUT_TOPICS, changelog_of(self._settings)]

        class SimulatedConsumer(BatchConsumer):
            def _new_consumer_thread(self) -> Any:
                return SimulatedThread(self, broker, topics, loop=self.loop, beacon=self.beacon)

        class SimulatedTransport(BatchTransport):
            Consumer: ClassVar[type[BatchConsumer]] = SimulatedConsumer
            Producer: ClassVar[type[driver.Producer]] = _FaustsProducer

        patch.setattr("streams.faust_host.app.BatchTransport", SimulatedTransport)
        patch.setattr("streams.pipeline.delivery.new_producer", lambda _: Producer(broker))
        for place in ("kafka.end_offsets", "partitions.recovery", "partitions.offset_tracker"):
            patch.setattr(f"streams.{place}.new_consumer", lambda _: Consumer(broker))
        patch.setattr("streams.kafka.end_offsets.agreed_metadata", self._topics)
        patch.setattr("streams.partitions.kept_logs.remembered", self._remembered)
        patch.setattr("streams.partitions.kept_logs.remember", self._remember)
        patch.setattr("streams.faust_host.parts.MetricsServer", Nothing)
        patch.setattr("streams.faust_host.parts.ProgressWriter", Nothing)
        patch.setattr("streams.faust_host.app.Timer", NoTimer)
        # Faust collects garbage while it waits in a rebalance: a third of a second each time in a process full of tests.
        patch.setattr("faust.transport.consumer.gc", Nothing())
        patch.setattr(Settings, "new_clock", lambda _: broker.now)

    async def start(self) -> LeadApp:
        """A worker more; it may still be joining."""
        app = build_app(self._settings, self._rules, self.broker.partitions)
        self.apps.append(app)
        self._doing.append(asyncio.ensure_future(app.start()))
        self._doing.append(asyncio.ensure_future(self._see_off(app)))
        return app

    async def _see_off(self, app: LeadApp) -> None:
        """End a worker that has crashed, as its process would."""
        await app._crashed.wait()  # noqa: SLF001 - mode's own, which its worker waits for
        if app.crash_reason is not None:
            self.crashes.append(app.crash_reason)
        if app in self.apps:
            await self.stop(app)

    async def _topics(self, _: object, topics: Collection[str], known: object = None) -> dict[str, TopicMetadata]:
        del known
        await self.broker.answer()
        return {topic: TopicMetadata(self.broker.partitions, topic) for topic in topics}

    async def _remembered(self, _: object) -> dict[bytes, bytes]:
        await self.broker.answer()
        return dict(self.memory)

    async def _remember(self, _: object, changes: Mapping[bytes, bytes]) -> None:
        await self.broker.answer()
        self.memory |= changes

    @staticmethod
    def has_started(app: LeadApp) -> bool:
        """Whether a worker has its own clients."""
        return app.parts.delivery._producer is not None  # noqa: SLF001 - its own

    async def kill(self, app: LeadApp) -> None:
        """End a worker without asking: it never sends or receives anything again, and is missed after a while."""
        thread: SimulatedThread = cast("Any", app.consumer)._thread  # noqa: SLF001 - there is no other way to it
        producer: Producer = cast("Any", app.parts.delivery)._producer  # noqa: SLF001 - as above
        thread.dead = producer.dead = True
        asyncio.get_running_loop().call_later(6, self.broker.leave, thread)
        self.apps.remove(app)

    def stop(self, app: LeadApp) -> Coroutine[Any, Any, None]:
        """Ask a worker to end, which takes a while."""
        self.apps.remove(app)
        ending: Coroutine[Any, Any, None] = app.stop()
        return ending

    def facts(self) -> set[tuple[bytes, str]]:
        """Lead and id of every fact that the changelog has."""
        changelog = changelog_of(self._settings)
        last: dict[bytes, bytes] = {}
        for tp, log in self.broker.logs.items():
            if tp.topic == changelog:
                last |= {record.key: record.value for record in log.records if record.key and record.value}
        return {(lead, fact.id) for lead, state in last.items() for fact in decode(state).facts}


async def until(condition: Callable[[], bool], seconds: float) -> bool:
    """Wait, in simulated seconds, until a condition holds; whether it came to hold."""
    for _ in range(round(seconds)):
        if condition():
            return True
        await asyncio.sleep(1)
    return condition()
