"""The Faust app, put together: one agent over all event topics, one table, our transport, store and clock."""

import asyncio
import logging
import os
from functools import cached_property, partial
from threading import Timer
from time import monotonic
from typing import Any, Final, cast

import faust
from faust.types import TP
from mode.supervisors import CrashingSupervisor
from structlog import get_logger

from sla_rules.agreement.rulebook import RuleBook
from sla_rules.engine.partition import PartitionState
from sla_rules.figures.team_labels import TeamLabels
from sla_rules.names import BREACHES_TOPIC, FORWARDED_TOPIC, INPUT_TOPICS, REJECTED_TOPIC
from streams.agreed import hold_to_agreed
from streams.arrivals import Arrivals
from streams.broker_clock import BrokerClock
from streams.clock import Clock
from streams.clock_probe import keep_right
from streams.collector import Collector
from streams.connection import new_consumer, new_producer
from streams.delivery import Delivery
from streams.faust_settings import faust_settings
from streams.flow import SteadyFlow
from streams.folding import Folding
from streams.group_memory import remember
from streams.health import Phase, Strand, Vitals
from streams.in_flight import InFlight
from streams.kept_logs import KeptLogs
from streams.lookout import Lookout
from streams.measures import Measures
from streams.ownership import Owned, Ownership
from streams.quarantine_limit import of_partition
from streams.restoring import Restoring
from streams.settings import Settings
from streams.store import LeadTables
from streams.takeover import Estate, read_estates
from streams.timekeeper import Timekeeper
from streams.topic_memory import TopicMemory
from streams.topic_watch import TopicWatch
from streams.topics import agreed_of, changelog_of
from streams.transport import BatchConsumer, BatchTransport, PassThrough
from streams.web import MetricsServer, is_loopback

log = get_logger("leadsla")


class LeadApp(faust.App):
    """A worker: Faust keeps group membership, rebalancing and commits; the books are ours."""

    event_topics: Final = frozenset(INPUT_TOPICS)

    def __init__(
        self,
        settings: Settings,
        rules: RuleBook,
        partitions: int,
        memory: TopicMemory,
        clock: Clock | None = None,
    ) -> None:
        self.settings = settings
        self.rules = rules
        self.clock = settings.new_clock() if clock is None else clock
        self.ownership = Ownership(recovering=True)
        self.team_labels = TeamLabels(rules.teams, settings.metrics_teams)
        self.measures = Measures()
        self.vitals = Vitals(monotonic())
        self.lead_tables = LeadTables(settings)
        self.timekeeper = Timekeeper(self.clock, INPUT_TOPICS, self.ownership)
        self.in_flight = InFlight(self.crash)
        self.memory = memory
        self.kept_logs = KeptLogs(settings, memory, self.timekeeper)
        self.restoring = Restoring(self.kept_logs, self.ownership, self.vitals.conditions, self._divide_again)
        self._lost: dict[str, set[int]] = {}
        self._estates: dict[int, Estate] = {}
        self._generation = -1
        self._active: set[int] = set()
        self._hidden = True
        self._changing = asyncio.Lock()
        self._partitions = partitions
        self._web: MetricsServer | None = None
        super().__init__(settings.group, **faust_settings(settings, partitions))

    @cached_property
    def flow_control(self) -> SteadyFlow:
        """What lets messages into the agent's queue."""
        return SteadyFlow()

    def _new_transport(self) -> BatchTransport:
        return BatchTransport(self.conf.broker_consumer, self, loop=self.loop)

    async def on_first_start(self) -> None:
        """Open our own clients before Faust starts to read."""
        await super().on_first_start()
        self.producer_of_outputs = new_producer(self.settings)
        await self.producer_of_outputs.start()
        self.timekeeper.client = new_consumer(self.settings)
        await self.timekeeper.client.start()
        ledger = self.ownership.ledger
        self.delivery = Delivery(self.producer_of_outputs, changelog_of(self.settings), ledger)
        self.folding = Folding(
            self.settings,
            self.clock,
            self.ownership,
            self.measures,
            self.vitals,
            self._partitions,
            self.delivery,
            self.in_flight,
            cast("BatchConsumer", self.consumer).admit,
            cast("BatchConsumer", self.consumer).mark_done,
            self.lead_tables.settle,
        )
        topics = dict.fromkeys(INPUT_TOPICS, self._partitions)
        collector = Collector(
            self.rules, self.ownership, self.measures, self.vitals, self.clock, topics, self.team_labels
        )
        self._web = MetricsServer(collector, self.vitals, self.settings)
        port = await self._web.start()
        host = self.settings.metrics_host
        log.info("metrics served", url=f"http://{host}:{port}/metrics")
        if not is_loopback(host):
            log.warning(
                "whoever reaches the port may read the figures of agreements and teams; no lead is named", host=host
            )
        reached = cast("BatchConsumer", self.consumer).reached
        self.watch = TopicWatch(self.settings, self._partitions, self.vitals.conditions, ids=self.memory.ids)
        lookout = Lookout(
            INPUT_TOPICS, self.timekeeper, self.vitals, reached, self.watch, self.made_anew, self.restoring.look
        )
        self.add_future(lookout.keep_looking())
        on_the_way = cast("BatchConsumer", self.consumer).on_the_way
        arrivals = Arrivals(on_the_way, self.flow_control, self.vitals, self.ownership, self.crash)
        self.add_future(arrivals.keep_looking())
        if isinstance(self.clock, BrokerClock):
            self.add_future(keep_right(self.settings, self.clock))

    async def _divide_again(self) -> None:
        """Have the group divide its partitions again, so that what was left alone is taken over."""
        await cast("BatchConsumer", self.consumer).join_again()

    async def made_anew(self, topic: str) -> None:
        """Go on with a topic that was deleted and made anew."""
        if topic in self.event_topics:
            await self._read_from_beginning(topic)
        elif topic == agreed_of(self.settings):
            await self._remember_again()
        elif topic == REJECTED_TOPIC:
            log.error("a topic was deleted and made anew; what lay in the old one is gone", topic=topic)
        if (found := self.watch.found(topic)) is not None:
            await remember(self.settings, self.memory.alter_topic(topic, found))

    async def _remember_again(self) -> None:
        """Write again what the group remembers, by what this worker knows of it."""
        log.error("what the group remembers was deleted; writing it again", topic=agreed_of(self.settings))
        agreements = [version.agreement for versions in self.rules.versions.values() for version in versions]
        await hold_to_agreed(self.settings, {}, agreements, self.clock())
        await remember(self.settings, self.memory.known)

    async def _read_from_beginning(self, topic: str) -> None:
        """Begin a topic again; by itself the client would go on at the old offset where the new topic has got so far."""
        waited = sum(strand.lag.get(topic, 0) for strand in self.vitals.strands.values())
        self.measures.lost[topic] += waited
        log.error(
            "a topic was deleted and made anew: it is read from its beginning; what waited in the old one is lost",
            topic=topic,
            records=waited,
        )
        tps = [TP(topic, partition) for partition in self.ownership.partitions]
        for tp, begin in (await self.timekeeper.begins(tps)).items():
            await self.consumer.seek(tp, begin)

    async def on_stop(self) -> None:
        """Finish what is in hand and commit it; end without that where the broker does not let us."""
        log.info("stopping", within_seconds=self.settings.stop_within_seconds)
        self.vitals.enter(Phase.STOPPING, monotonic())
        last_resort = Timer(self.settings.stop_within_seconds, _end_at_once)
        last_resort.daemon = True
        last_resort.start()
        await super().on_stop()

    async def on_shutdown(self) -> None:
        """Close our own clients after everything has been delivered."""
        await super().on_shutdown()
        await self.in_flight.give_up()
        if self._web is not None:
            await self._web.stop()
        if self.timekeeper.client is not None:
            await self.timekeeper.client.stop()
        await self.producer_of_outputs.stop()
        self.lead_tables.keep_only(set())

    async def hide_partitions(self, revoked: set[TP]) -> None:
        """Show nothing while partitions change hands."""
        self._hidden = self.ownership.recovering = True
        self.vitals.enter(Phase.JOINING, monotonic())
        given_back = sorted({tp.partition for tp in revoked})
        log.info("waiting for the group to divide the partitions", given_back=given_back)

    async def take_over(self, active: set[int], generation: int) -> None:
        """Drop what went to others and read what came.

        A partition is kept only from one generation to the next: after a longer absence somebody else may have owned
        it in between.
        """
        async with self._changing:
            # Faust has waited already, since what is in flight is not acknowledged: nothing of it meets the new books.
            await self.in_flight.all_ended()
            await self._take_over(active, generation)

    async def _take_over(self, active: set[int], generation: int) -> None:
        owned = self._active & self.ownership.partitions.keys()
        kept = active & owned if generation == self._generation + 1 else set()
        self._generation, self._active, self._hidden = generation, active, False
        self.ownership.keep_only(kept)
        self.vitals.enter(Phase.LOADING, monotonic())
        self.vitals.strands.clear()
        self.lead_tables.keep_only(kept)
        log.info("joined", partitions=sorted(active), kept=sorted(kept), generation=generation)
        self.timekeeper.forget()
        self.delivery.write_as(generation)
        changelog = changelog_of(self.settings)
        self._lost = await self.kept_logs.taken_over(active - kept)
        self.restoring.leave_alone(self._lost[changelog], monotonic())
        known = active - kept - self.restoring.left_alone
        self._estates = await read_estates(self.settings, changelog, known, self._loading, self.lead_tables.open)
        for partition, estate in self._estates.items():
            for topic, end in estate.ends.items():
                self.ownership.ledger.begin(topic, partition, end)

    def _loading(self, read: int, to_read: int) -> None:
        self.vitals.to_read = to_read
        self.vitals.loaded(read, monotonic())

    async def open_partitions(self) -> None:
        """Index what was read, and let it be seen and time begin for it.

        A rebalance does not wait for the opening that it interrupts. What was loaded for an earlier generation must not
        be opened then: another may have owned it since.
        """
        async with self._changing:
            if self._generation == self.consumer_generation_id:
                await self._open_partitions()

    async def _open_partitions(self) -> None:
        try:
            for partition, estate in self._estates.items():
                leads, limits = self.lead_tables.leads[partition], self.settings.lead_limits
                state = PartitionState(self.rules, leads, self.team_labels, limits)
                with of_partition(partition, self.settings):
                    state.load(estate.told, estate.figures, notices_lost=partition in self._lost[BREACHES_TOPIC])
                    owned = self.ownership.partitions[partition] = Owned(state)
                    owned.restoring = {topic for topic, numbers in self._lost.items() if partition in numbers}
                    state.write_again(forwards=FORWARDED_TOPIC in owned.restoring)
                    if self.timekeeper.is_ahead(owned):
                        await self.folding.set_back(owned, partition, self.clock())
                    await self.folding.watch(owned, partition)
            self._estates = {}
            if self._hidden:
                return
            now = monotonic()
            self.vitals.strands = {partition: Strand(now) for partition in self.ownership.partitions}
            self.vitals.enter(Phase.SERVING, now)
            self.ownership.recovering = False
        except Exception as error:
            # Faust gathers this callback without looking at what it raised.
            await self.crash(error)
            raise
        log.info("partitions opened", partitions=sorted(self.ownership.partitions))


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
    app = LeadApp(settings, rules, partitions, memory or TopicMemory(), clock)
    app.Table("leads", partitions=partitions, key_type=bytes, value_type=bytes)
    events = app.topic(*INPUT_TOPICS, partitions=partitions, schema=PassThrough(), internal=False)
    cast("Any", app.on_partitions_revoked).connect(_on_revoked)

    @app.agent(events, supervisor_strategy=CrashingSupervisor, name="fold")
    async def fold(stream: Any) -> None:
        async for event in stream.noack().events():
            await app.folding.take(event.message, partial(stream.ack, event))

    return app


def _end_at_once() -> None:
    log.error("not stopped in time: ending as if killed; nothing is lost, what is not committed will be read again")
    logging.shutdown()
    os._exit(1)


async def _on_revoked(app: LeadApp, revoked: set[TP], **_: Any) -> None:
    await app.hide_partitions(revoked)
