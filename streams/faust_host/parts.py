"""The parts of a worker, put together before it joins its group; their clients connect when it starts."""

from collections.abc import Coroutine
from dataclasses import dataclass
from time import monotonic
from typing import Any

from structlog import get_logger

from sla_rules.agreement.rulebook import RuleBook
from sla_rules.figures.team_labels import TeamLabels
from sla_rules.names import INPUT_TOPICS
from streams.agreement_owner.agreement_owner import AgreementOwner
from streams.clock import Clock
from streams.faust_host.arrivals import Arrivals
from streams.faust_host.host import Member
from streams.health.worker_health import WorkerHealth
from streams.kafka.end_offsets import EndOffsets
from streams.kafka.topic_memory import TopicMemory
from streams.monitoring.collector import Collector
from streams.monitoring.foreign_writes import ForeignWriteMonitor
from streams.monitoring.lag_monitor import LagMonitor
from streams.monitoring.progress_writer import ProgressWriter
from streams.monitoring.recreated_topics import RecreatedTopics, Rereading
from streams.monitoring.topic_monitor import TopicMonitor
from streams.monitoring.topic_watch import TopicWatch
from streams.monitoring.web import MetricsServer, is_loopback
from streams.partitions.kept_logs import KeptLogs
from streams.partitions.lead_tables import LeadTables
from streams.partitions.ownership import Ownership
from streams.partitions.recovery import Recovery
from streams.partitions.restoring import Restoring
from streams.pipeline.broker_clock import BrokerClock
from streams.pipeline.clock_probe import keep_right
from streams.pipeline.counters import Counters
from streams.pipeline.delivery import Delivery
from streams.pipeline.folder import Folder
from streams.pipeline.handover import Handover
from streams.pipeline.in_flight import InFlight
from streams.pipeline.intake import Intake
from streams.pipeline.opening import Opener
from streams.pipeline.processor import Processor
from streams.pipeline.timekeeper import Timekeeper
from streams.settings import Settings

log = get_logger("leadsla")


@dataclass(frozen=True, slots=True)
class Parts:
    """What a worker consists of beside Faust; transport and store know it as their `Host`."""

    settings: Settings
    clock: Clock
    ownership: Ownership
    health: WorkerHealth
    counters: Counters
    lead_tables: LeadTables
    end_offsets: EndOffsets
    timekeeper: Timekeeper
    intake: Intake
    delivery: Delivery
    in_flight: InFlight
    processor: Processor
    handover: Handover
    lag_monitor: LagMonitor
    arrivals: Arrivals
    progress_writer: ProgressWriter
    agreement_owner: AgreementOwner
    server: MetricsServer

    async def start(self) -> None:
        """Open our own clients, and serve `/metrics`.

        Raises:
            aiokafka.errors.KafkaError: no broker answers.
            OSError: the address of `/metrics` is taken by somebody else.

        """
        await self.delivery.start()
        await self.end_offsets.start()
        port = await self.server.start()
        host = self.settings.metrics_host
        log.info("metrics served", url=f"http://{host}:{port}/metrics")
        if not is_loopback(host):
            log.warning(
                "whoever reaches the port may read the figures of agreements and teams; no lead is named", host=host
            )

    def watchers(self) -> list[Coroutine[Any, Any, None]]:
        """What is to run beside all else, from the start on until it is cancelled."""
        watchers = [
            self.lag_monitor.keep_looking(),
            self.arrivals.keep_looking(),
            self.progress_writer.keep_writing(),
            self.agreement_owner.keep_going(),
        ]
        if isinstance(self.clock, BrokerClock):
            watchers.append(keep_right(self.settings, self.clock))
        return watchers

    async def stop(self) -> None:
        """Close what `start` opened, after all that can be delivered has been; again, nothing happens."""
        await self.in_flight.give_up()
        await self.server.stop()
        await self.end_offsets.stop()
        await self.delivery.stop()
        self.lead_tables.keep_only(set())


def build_parts(
    member: Member, settings: Settings, rules: RuleBook, partitions: int, memory: TopicMemory, clock: Clock
) -> Parts:
    """The parts of a worker; `partitions` is how many each topic has, `memory` what the group knows of the topics."""
    ownership, health, counters = Ownership(recovering=True), WorkerHealth(monotonic()), Counters()
    team_labels = TeamLabels(rules.teams, settings.metrics_teams)
    lead_tables, end_offsets = LeadTables(settings), EndOffsets(settings)
    timekeeper = Timekeeper(clock, INPUT_TOPICS, ownership, end_offsets)
    intake = Intake(member.generation, member.begin_of, counters)
    delivery = Delivery(settings, ownership.offsets, lead_tables, counters, clock)
    in_flight = InFlight(member.crash)
    folder = Folder(settings, clock, partitions)
    processor = Processor(ownership, intake, folder, delivery, in_flight, health)
    kept_logs = KeptLogs(settings, memory, end_offsets)
    restoring = Restoring(kept_logs, ownership, health.conditions, member.join_again)
    recovery = Recovery(settings, lead_tables, restoring, health)
    opener = Opener(settings, rules, team_labels, clock)
    handover = Handover(member.generation, recovery, opener, processor, timekeeper)
    rereading = Rereading(ownership, health, counters, end_offsets, member.read_from)
    recreated = RecreatedTopics(settings, rules, clock, memory, rereading)
    watch = TopicWatch(settings, partitions, health.conditions, ids=memory.ids)
    topics = TopicMonitor(end_offsets, health, watch, recreated.go_on_with, restoring.look)
    foreign_writes = ForeignWriteMonitor(ownership.offsets, end_offsets, health)
    lag_monitor = LagMonitor(timekeeper, health, member.reached, topics, foreign_writes)
    arrivals = Arrivals(intake.on_the_way, member.flow_control, health, ownership, member.crash)
    agreement_owner = AgreementOwner(
        settings, rules, partitions, ownership, member.generation, clock, end_offsets, health.conditions
    )
    progress_writer = ProgressWriter(settings, timekeeper, member.generation, agreement_owner.undecided)
    counts = dict.fromkeys(INPUT_TOPICS, partitions)
    collector = Collector(rules, ownership, counters, health, clock, counts, team_labels, agreement_owner.shown)
    server = MetricsServer(collector, health, settings)
    return Parts(
        settings,
        clock,
        ownership,
        health,
        counters,
        lead_tables,
        end_offsets,
        timekeeper,
        intake,
        delivery,
        in_flight,
        processor,
        handover,
        lag_monitor,
        arrivals,
        progress_writer,
        agreement_owner,
        server,
    )
