"""`make soak`: workers and broker disrupted under load by a plan, and every topic compared with the pure fold of all events."""

import asyncio
import shutil
import sys
from enum import StrEnum
from pathlib import Path
from tempfile import mkdtemp
from typing import Annotated

import typer

from bench.progress import say
from bench.soak.disruptions import NoVictimError
from bench.soak.kept import added_up, keep_outcome
from bench.soak.plan import Kind, counts_within, drawn
from bench.soak.run import new_kafka, run
from bench.soak.seats import FreshSeat
from tests.real_parts.program import NotStartedError


class Store(StrEnum):
    """Where the workers keep leads."""

    memory = "memory"
    rocksdb = "rocksdb"


def soak(
    kills: Annotated[int, typer.Option(min=0, help="How often a worker is killed.")] = 0,
    freezes: Annotated[int, typer.Option(min=0, help="How often one stands still past its session.")] = 0,
    joins: Annotated[int, typer.Option(min=0, help="How often one leaves politely and joins again.")] = 0,
    broker_kills: Annotated[int, typer.Option(min=0, help="How often the broker is killed and comes back.")] = 0,
    slow_phases: Annotated[int, typer.Option(min=0, help="How often the broker is slow for a while.")] = 0,
    cuts: Annotated[int, typer.Option(min=0, help="How often no worker reaches the broker for a while.")] = 0,
    cut_offs: Annotated[int, typer.Option(min=0, help="How often one does not reach the broker past its session.")] = 0,
    minutes: Annotated[float, typer.Option(min=0.1, help="How long to disrupt, where no counts are given.")] = 3.0,
    workers: Annotated[int, typer.Option(min=2, max=4)] = 3,
    store: Annotated[Store, typer.Option(help="Where leads lie.")] = Store.memory,
    seed: Annotated[int, typer.Option(help="What the plan and the events are drawn from.")] = 1,
    rate: Annotated[float, typer.Option(min=1, help="Events a second.")] = 80.0,
    *,
    kept: Annotated[bool, typer.Option("--kept", help="Run nothing; add up what is kept.")] = False,
) -> None:
    """Disrupt workers and broker under load, compare every topic with the pure fold of all events, and keep the result."""
    if kept:
        for line in added_up():
            typer.echo(line)  # noqa: TID251 - our own text
        return
    asked = {
        Kind.KILL: kills,
        Kind.FREEZE: freezes,
        Kind.JOIN: joins,
        Kind.BROKER_KILL: broker_kills,
        Kind.SLOW: slow_phases,
        Kind.CUT: cuts,
        Kind.CUT_OFF: cut_offs,
    }
    plan = drawn(asked if any(asked.values()) else counts_within(60 * minutes), workers, seed)
    folder = Path(mkdtemp(prefix="leadsla-soak-"))
    about = sum(one.after for one in plan) / 60
    say(f"{len(plan)} disruptions of {workers} workers on {store} from seed {seed}, about {about:.0f} minutes")
    say(f"logs lie in {folder}")
    kafka = new_kafka(folder, seed, workers)
    try:
        running = run(
            kafka, plan, folder, stores=[store] * workers, seed=seed, a_second=rate, tell=say, new_seat=FreshSeat
        )
        outcome = asyncio.run(running)
    except (NoVictimError, NotStartedError) as reason:
        say(f"given up: {reason}\nthe logs lie in {folder}")
        sys.exit(2)
    finally:
        kafka.close()
    keep_outcome(outcome, store.value, seed, workers)
    for sentence in outcome.ending.differences:
        say(sentence)
    if outcome.ending.differences:
        say(
            f"{outcome.ending.lost:,} events lost, {len(outcome.ending.differences):,} differences; see the logs in {folder}"
        )
        sys.exit(1)
    shutil.rmtree(folder)
    say(f"nothing lost, nothing different: {outcome.ending.events:,} events in {outcome.seconds / 60:.1f} minutes")


if __name__ == "__main__":
    typer.run(soak)
