"""`make bench`: measure against peers and limits, and keep the results."""

import signal
import sys
from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer

from bench import before as _before
from bench import check as _check
from bench import clocks as _clocks
from bench import growth as _growth
from bench import kafka_streams as _kafka_streams
from bench import mergers as _mergers
from bench import replay as _replay
from bench import report as _report
from bench import takeover as _takeover
from bench import teams as _teams
from bench import throughput as _throughput
from bench import two_workers as _two_workers
from bench.open_leads import LEADS
from bench.process import BenchError
from bench.progress import say
from bench.workload import EVENTS
from tests.real_parts.kafka import NoKafkaError

app = typer.Typer(help=__doc__, no_args_is_help=True, add_completion=False, rich_markup_mode=None)

Rounds = Annotated[int, typer.Option(min=1, help="How often each is measured.")]


@app.callback()
def main() -> None:
    """Measure against peers and limits, and keep the results in bench/results."""
    # Asked to end, take the broker and the contenders along.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))


@app.command()
def throughput(
    events: Annotated[int, typer.Option(min=1_000, help="Events on the topics.")] = EVENTS,
    rounds: Rounds = 3,
    only: Annotated[
        list[str] | None, typer.Option(help="A contender to run; may be given again. All otherwise.")
    ] = None,
) -> None:
    """Events a second of one process, from topics on a real Kafka to committed offsets, beside peers and limits."""
    names = [contender.name for contender in _throughput.CONTENDERS]
    for name in only or ():
        if name not in names:
            message = f"{name} is none of {', '.join(names)}"
            raise typer.BadParameter(message, param_hint="--only")
    _throughput.throughput(only or names, events, rounds)


@app.command()
def clocks(
    events: Annotated[int, typer.Option(min=1_000, help="Events on the topics.")] = EVENTS,
    pairs: Annotated[int, typer.Option(min=1, help="How often both are measured.")] = _clocks.PAIRS,
) -> None:
    """The worker that writes open clocks beside itself without, in pairs."""
    _clocks.clocks(events, pairs)


@app.command()
def takeover(
    leads: Annotated[int, typer.Option(min=100_000, help="Open leads to take over.")] = LEADS,
    seconds: Annotated[int, typer.Option(min=5, max=40, help="Seconds of deadlines to look at before midnight.")] = 30,
) -> None:
    """Recovery and memory, with leads in memory and on disk, time of /metrics, and latency of breaches, also at midnight."""
    _takeover.takeover(leads, seconds)


@app.command()
def workers(
    events: Annotated[int, typer.Option(min=1_000, help="Events on the topics.")] = EVENTS, rounds: Rounds = 3
) -> None:
    """Two workers on two halves of the partitions beside one worker on all."""
    _two_workers.two_workers(events, rounds)


@app.command()
def growth(
    events: Annotated[int, typer.Option(min=1_000, help="Events folded for each point.")] = _growth.EVENTS,
    rounds: Rounds = 3,
) -> None:
    """CPU of the fold alone by events of a lead, agreements, segments and calendars."""
    _growth.growth(events, rounds)


@app.command()
def teams(
    count: Annotated[int, typer.Option(min=1, help="Teams with a lead that waits.")] = _teams.TEAMS,
    scrapes: Annotated[int, typer.Option(min=1, help="Scrapes of each.")] = _teams.SCRAPES,
) -> None:
    """A scrape with very many teams: how much it says, how long it takes, and how long the event loop waits for it."""
    _teams.teams(count, scrapes)


@app.command()
def mergers(
    leads: Annotated[int, typer.Option(min=2, help="Leads of the largest ring, way and fan.")] = _mergers.LEADS,
) -> None:
    """What leads that are merged in rings, ways, fans and cliques send on, write and cost."""
    _mergers.mergers(leads)


@app.command()
def replay(
    events: Annotated[int, typer.Option(min=1_000, help="Events in the file.")] = _replay.EVENTS,
) -> None:
    """`leadsla replay` with one process and with two, beside the fold alone."""
    _replay.replay(events)


@app.command()
def kafka_streams(
    events: Annotated[int, typer.Option(min=1_000, help="Events on the topics.")] = EVENTS, rounds: Rounds = 3
) -> None:
    """The worker's shell, and the worker, beside Kafka Streams, each on one core. Needs Java, its compiler and Maven."""
    try:
        _kafka_streams.kafka_streams(events, rounds)
    except NoKafkaError as absent:
        say(f"kafka-streams: {absent}")
        raise typer.Exit(1) from None


@app.command()
def everything() -> None:
    """All of the above at full size, one after the other, and the report: about an hour on a quiet machine."""
    throughput()
    workers()
    takeover()
    growth()
    teams()
    mergers()
    replay()
    with suppress(typer.Exit):  # where only the broker is by Docker, all else is still worth a report
        kafka_streams()
    report()


@app.command()
def check(rounds: Rounds = _check.ROUNDS) -> None:
    """Measure ratios again and compare them with the last kept ones; exit status 1 where one got worse by 15 %."""
    if not _check.check(rounds):
        raise typer.Exit(1)


@app.command()
def before(
    checkout: Annotated[
        Path, typer.Argument(help="Another checkout of this project, with the commit to compare with.")
    ],
    events: Annotated[int, typer.Option(min=1_000, help="Events on the topics.")] = EVENTS,
    pairs: Annotated[int, typer.Option(min=1, help="How often each is measured, in turn.")] = _before.PAIRS,
) -> None:
    """The worker beside the one of an earlier commit: did what came between cost speed?"""
    try:
        _before.before(checkout, events, pairs)
    except BenchError as wrong:
        say(f"before: {wrong}")
        raise typer.Exit(1) from None


@app.command()
def report() -> None:
    """Write docs/performance.md and its plots from the kept results."""
    _report.report()


app()
