"""`leadsla demo`: from nothing to the first breach on screen, without installing anything."""

import asyncio
import json
import logging
import signal
import socket
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Final

import typer
from rich.console import Console

from leadsla.cli.agreements import agreements_of
from leadsla.cli.broker import settings_of
from leadsla.cli.exit_codes import FAILED, UNABLE
from leadsla.demo.breaches import Breaches
from leadsla.demo.clocks import Clocks
from leadsla.demo.demo_run import DemoRun, WorkerFailedError
from leadsla.demo.output import Lines, Output, Script, Terminal, save_picture
from leadsla.demo.shipped import agreements_folder
from leadsla.demo.stage import Stage
from leadsla.demo.story import Story, story_of
from leadsla.demo.worker_process import WorkerProcess
from sla_rules.agreement.model import Agreement
from sla_rules.time.calendar import Calendar
from streams.clock import FastClock, wall_clock
from streams.embedded_broker import EmbeddedBroker
from streams.topics import plan

SPEED: Final = 120.0
"""A working day passes in less than five minutes, an hour's deadline in half of one."""
HOST: Final = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Performance:
    """What is played, and for whom."""

    agreements: tuple[Agreement, ...]
    folder: Path
    story: Story
    speed: float
    seconds: float | None
    output: Output
    boards: Path
    picture: Path | None
    private: Path
    """A folder that goes with the demo."""


def demo(
    speed: Annotated[float, typer.Option(min=1, max=3600, help="How much faster than usual time passes.")] = SPEED,
    seconds: Annotated[
        float | None, typer.Option(min=1, help="End after so many seconds.", show_default="at Ctrl-C")
    ] = None,
    seed: Annotated[int, typer.Option(help="Another seed is another day.")] = 9,
    out: Annotated[Path, typer.Option(help="Folder for boards, rules and alerts.")] = Path("generated"),
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Show nothing; print a summary as JSON at the end.")] = False,
    picture: Annotated[Path | None, typer.Option(hidden=True, help="Save the last screen as SVG.")] = None,
) -> None:
    """Show the service at work: a simulated CRM, a broker in memory, the real worker, and a clock that runs fast."""
    try:
        folder = agreements_folder()
    except FileNotFoundError as missing:
        typer.echo(f"leadsla demo: {missing}", err=True)
        raise typer.Exit(UNABLE) from None
    agreements = agreements_of([folder])
    console = Console()
    output = Script() if as_json else Terminal(console) if console.is_terminal else Lines(console)
    with TemporaryDirectory(prefix="leadsla-demo-") as private:
        # Whatever clients log would tear the screen.
        logging.basicConfig(filename=Path(private) / "demo.log", level=logging.WARNING)
        performance = Performance(
            agreements,
            folder,
            story_of(agreements, seed),
            speed,
            seconds,
            output,
            out.resolve(),
            picture,
            Path(private),
        )
        try:
            stage = asyncio.run(_perform(performance))
        except WorkerFailedError as failed:
            typer.echo(f"leadsla demo: {failed}", err=True)
            raise typer.Exit(FAILED) from None
    output.farewell(stage)
    if as_json:
        typer.echo(json.dumps(stage.summary()))


async def _perform(performance: Performance) -> Stage:
    end = _end(performance.seconds)
    with EmbeddedBroker() as broker:
        settings = settings_of(broker=broker.bootstrap)
        broker.create(*plan(settings))
        port = _free_port(settings.metrics_port)
        clock = FastClock(wall_clock(), performance.story.begins, performance.speed)
        stage = Stage(
            agreements=performance.agreements,
            clock=clock,
            metrics_url=f"http://{HOST}:{port}/metrics",
            boards=performance.boards,
            breaches=Breaches(clock.starts_at),
            clocks=Clocks.under(performance.agreements),
            office=Calendar(performance.agreements[0].calendar),
        )
        worker = WorkerProcess(
            {
                "LEADSLA_BROKER": settings.broker,
                "LEADSLA_AGREEMENTS": str(performance.folder),
                "LEADSLA_CLOCK": str(clock),
                "LEADSLA_GROUP": settings.group,
                "LEADSLA_METRICS_HOST": HOST,
                "LEADSLA_METRICS_PORT": str(port),
                "LEADSLA_DATA_DIR": str(performance.private / "worker"),
            },
            performance.private / "worker.log",
        )
        output = performance.output
        run = DemoRun(
            performance.story, stage, settings, worker, performance.folder, lambda breach: output.hear(stage, breach)
        )
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
