"""One run of the demo: a broker in memory, a worker of its own, and somebody who watches."""

import asyncio
import signal
import socket
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from leadsla.cli.broker import settings_of
from leadsla.demo.agreement_events import AgreementEvents
from leadsla.demo.breaches import Breaches
from leadsla.demo.clocks import Clocks
from leadsla.demo.demo_run import DemoRun
from leadsla.demo.output import Output, save_picture
from leadsla.demo.stage import Stage
from leadsla.demo.story import Story
from leadsla.demo.worker_process import WorkerProcess
from sla_rules.agreement.model import Agreement
from sla_rules.instants import iso, moment
from sla_rules.time.calendar import Calendar
from sla_rules.time.periods import start_of
from streams.clock import FastClock, wall_clock
from streams.kafka.embedded_broker import EmbeddedBroker
from streams.kafka.topics import plan

HOST: Final = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Performance:
    """What is played, and for whom."""

    agreements: tuple[Agreement, ...]
    source: Path
    """The agreements' file or folder."""
    story: Story
    speed: float
    seconds: float | None
    output: Output
    boards: Path
    picture: Path | None
    private: Path
    """A folder that goes with the demo."""


async def perform(performance: Performance) -> Stage:
    """Run until the time is up or a signal comes.

    Raises:
        WorkerFailedError: the worker ended by itself.

    """
    end = _end(performance.seconds)
    with EmbeddedBroker() as broker:
        settings = settings_of(broker=broker.bootstrap)
        broker.create(*plan(settings))
        port = _free_port(settings.metrics_port)
        story = performance.story
        clock = FastClock(wall_clock(), story.begins, performance.speed)
        office = Calendar(performance.agreements[0].calendar)
        stage = Stage(
            agreements=performance.agreements,
            clock=clock,
            metrics_url=f"http://{HOST}:{port}/metrics",
            boards=performance.boards,
            breaches=Breaches(clock.starts_at),
            agreement_events=AgreementEvents(
                start_of(moment(story.begins).astimezone(office.zone).date(), office.zone)
            ),
            clocks=Clocks.under(performance.agreements),
            office=office,
        )
        worker = WorkerProcess(
            {
                "LEADSLA_BROKER": settings.broker,
                "LEADSLA_AGREEMENTS": str(performance.source),
                "LEADSLA_CLOCK": str(clock),
                "LEADSLA_LISTENING_SINCE": iso(story.listens_since),
                "LEADSLA_GROUP": settings.group,
                "LEADSLA_METRICS_HOST": HOST,
                "LEADSLA_METRICS_PORT": str(port),
                "LEADSLA_DATA_DIR": str(performance.private / "worker"),
            },
            performance.private / "worker.log",
        )
        output = performance.output
        run = DemoRun(story, stage, settings, worker, performance.source, lambda news: output.hear(stage, news))
        await run.run(_watched(performance, stage, end))
    return stage


def _end(seconds: float | None) -> asyncio.Event:
    """Set when the time is up, or when a signal says so; from here on no signal leaves a worker behind."""
    end = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, end.set)
    if seconds is not None:
        loop.call_later(seconds, end.set)
    return end


async def _watched(performance: Performance, stage: Stage, end: asyncio.Event) -> None:
    """Let the audience watch, and keep the last picture."""
    await performance.output.watch(stage, end)
    if performance.picture is not None:
        save_picture(stage, performance.picture)


def _free_port(wanted: int) -> int:
    """The port that a worker would take, if it is free, so that a Prometheus at hand finds the demo; else another."""
    for port in (wanted, 0):
        with socket.socket() as probe:
            try:
                probe.bind((HOST, port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    message = "no port is free"
    raise OSError(message)
