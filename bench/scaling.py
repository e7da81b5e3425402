"""Beyond one machine, on paper and by simulation: what some rates of events take, from the costs that were measured.

Paper: CPU of an event, memory of a lead, bytes of a state and seconds of recovery are multiplied. Simulation: leads are
thrown onto partitions, to see by how much the fullest worker exceeds the average; and a worker is killed under load, to
see how long until all that waited has been folded.
"""

from collections.abc import Sequence
from math import ceil
from random import Random
from typing import NamedTuple

EVENTS_PER_LEAD = 7.2
"""As in the throughput benchmark: created, handed off, 5.2 attempts."""
BYTES_PER_EVENT = 420
"""Of a structured CloudEvent on the wire, without compression."""
BUSY = 0.5
"""Share of a core that a worker may use: the rest is for bulk imports and for catching up."""
NOTICED_AFTER = 30.0
"""Seconds until a dead worker is noticed: the default session timeout."""
MEMORY = 16 * 2**30
"""Bytes that the leads of one worker may take."""
PARTITIONS_PER_WORKER = 4
"""So that the group can grow fourfold before topics have to be made again, and a lost worker's part spreads."""


class Costs(NamedTuple):
    """What was measured on one core: CPU seconds an event, bytes of memory a lead, of a state, seconds to load a lead."""

    event: float
    memory: float
    state: float
    load: float


class Plan(NamedTuple):
    """What a rate takes. `memory` in bytes of each worker, `traffic` in bytes a second, `away` and `caught_up` in seconds."""

    rate: float
    keep_days: int
    leads: float
    workers: int
    partitions: int
    memory: float
    traffic_in: float
    traffic_out: float
    away: float
    caught_up: float


def plan(costs: Costs, rate: float, keep_days: int, seed: int = 1) -> Plan:
    """Workers, partitions, memory and traffic for so many events a second, leads being kept so many days."""
    leads = rate / EVENTS_PER_LEAD * 86_400 * keep_days
    needed = rate * costs.event / BUSY
    workers = max(ceil(needed), ceil(leads * costs.memory / MEMORY), 2)
    while needed * excess(workers, workers * PARTITIONS_PER_WORKER, seed) > workers:
        workers += max(workers // 50, 1)
    moved = leads / workers / max(workers - 1, 1)
    away = NOTICED_AFTER + moved * costs.load
    capacity = (workers - 1) / costs.event
    return Plan(
        rate=rate,
        keep_days=keep_days,
        leads=leads,
        workers=workers,
        partitions=workers * PARTITIONS_PER_WORKER,
        memory=leads * costs.memory / workers,
        traffic_in=rate * BYTES_PER_EVENT,
        traffic_out=rate * costs.state,
        away=away,
        caught_up=away + drained(rate, capacity, away),
    )


def excess(workers: int, partitions: int, seed: int, leads: int = 20_000) -> float:
    """By how much the fullest worker's events exceed the average, leads lying by hash and some being told of more often."""
    rng = Random(seed)  # noqa: S311 - no secret
    loads = [0] * partitions
    for _ in range(min(max(leads, 200 * partitions), 1_000_000)):
        loads[rng.randrange(partitions)] += 2 + rng.randrange(13)
    by_worker = [sum(loads[worker::workers]) for worker in range(workers)]
    return max(by_worker) * workers / sum(by_worker)


def drained(rate: float, capacity: float, away: float) -> float:
    """Seconds until what came in `away` seconds, and what comes meanwhile, has been folded; second by second."""
    waiting, seconds = rate * away, 0
    while waiting > 0 and seconds < 86_400:
        waiting += rate - capacity
        seconds += 1
    return float(seconds)


def table(plans: Sequence[Plan]) -> tuple[list[str], list[list[str]]]:
    """Head and rows, in words and round numbers."""
    head = [
        "events/s",
        "leads kept for",
        "leads kept",
        "workers (cores)",
        "partitions",
        "memory a worker",
        "events in",
        "states out",
        "a worker dies: its leads are judged again after",
        "caught up after",
    ]
    rows = [
        [
            f"{one.rate:,g}",
            f"{one.keep_days} days",
            f"{one.leads / 1e6:,.1f} M",
            f"{one.workers:,}",
            f"{one.partitions:,}",
            f"{one.memory / 2**30:,.1f} GiB",
            f"{one.traffic_in / 1e6:,.3g} MB/s",
            f"{one.traffic_out / 1e6:,.3g} MB/s",
            f"{one.away:,.0f} s",
            f"{one.caught_up:,.0f} s",
        ]
        for one in plans
    ]
    return head, rows
