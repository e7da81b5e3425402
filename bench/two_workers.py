"""Do two workers on two halves of the partitions fold twice as much as one?"""

import re
import time
from collections.abc import Sequence
from contextlib import ExitStack
from typing import Final

from bench.contest import Commits, LeadSLA
from bench.process import COLOUR, Process, wait_for
from bench.progress import say
from bench.results import keep, spread
from bench.stage import Stage, reader, stage
from bench.workload import EVENTS, Record, records
from sla_rules.names import INPUT_TOPICS

_WITHIN_SECONDS: Final = 1_200.0
_OPENED: Final = re.compile(r"partitions opened.*partitions=\[([^\]]*)\]")
_WORKER: Final = LeadSLA("leadsla", "leadsla")


def two_workers(events: int = EVENTS, rounds: int = 3) -> None:
    """One worker and two, in turn, and keep events a second."""
    speeds: dict[int, list[float]] = {1: [], 2: []}
    told = records(events)
    with stage() as on:
        for number in range(rounds):
            for workers in (1, 2) if number % 2 == 0 else (2, 1):
                speed = _speed(on, workers, told)
                say(f"round {number + 1}: {workers} workers: {speed:,.0f} events/s")
                speeds[workers].append(speed)
    ratios = [two / one for one, two in zip(speeds[1], speeds[2], strict=True)]
    by_workers = {str(workers): spread(found) for workers, found in speeds.items()}
    keep("two_workers", {"events": events, "rounds": rounds, "events_per_second": by_workers, "ratio": spread(ratios)})


def _speed(on: Stage, workers: int, told: Sequence[Record]) -> float:
    """Events a second of all of them together.

    They share empty topics first, are held still while the events are published, and let go at once.
    """
    on.empty_events()
    task = _WORKER.task(on)
    environment = {**_WORKER.environment(task), "LEADSLA_SESSION_TIMEOUT_SECONDS": "300"}
    with ExitStack() as running:
        processes = []
        for _ in range(workers):
            processes.append(Process(_WORKER.command(), environment, _WORKER.is_ready))
            running.callback(processes[-1].stop)
        wait_for(lambda: _shared(processes, on.partitions), processes[0], _WITHIN_SECONDS, "did not get its share")
        for process in processes:
            process.seen.suspend()
        try:
            on.publish(told)
        finally:
            for process in processes:
                process.seen.resume()
        began = time.monotonic()
        client = running.enter_context(reader(on.kafka.bootstrap, task.group))
        is_done = Commits(client, on.ends(INPUT_TOPICS)).complete
        wait_for(is_done, processes[0], _WITHIN_SECONDS, "had not committed everything")
        return len(told) / (time.monotonic() - began)


def _shared(processes: Sequence[Process], partitions: int) -> bool:
    """Whether each worker owns as many partitions as the others."""
    return all(_owned(process) == partitions // len(processes) for process in processes)


def _owned(process: Process) -> int:
    """The partitions it last said it had opened."""
    said = [found for line in list(process.lines) if (found := _OPENED.search(COLOUR.sub("", line)))]
    return len(said[-1][1].split(",")) if said and said[-1][1] else 0
