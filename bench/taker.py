"""A worker that takes over what lies in a changelog, under a clock of its own."""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Final

from bench.contenders.job import AGREEMENT, Task
from bench.contest import LeadSLA, worker_environment
from bench.process import Process
from sla_rules.instants import SECOND, Instant
from streams.clock import FastClock, wall_clock
from tests.real_parts.loopback import HOST, free_port

_WORKER: Final = LeadSLA("leadsla", "leadsla")
_NO_SETTINGS: Final[Mapping[str, str]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Taker:
    """A worker that has opened its partitions; `clock` is what it lives by."""

    process: Process
    address: str
    clock: FastClock

    @property
    def seconds_to_open(self) -> float:
        """From the start of the process until its partitions were open."""
        return (self.process.ready_at or self.process.started_at) - self.process.started_at

    def wall(self, at: Instant) -> Instant:
        """What the wall clock shows when the worker's shows this."""
        return self.clock.began + at - self.clock.starts_at

    def shows(self, at: Instant) -> Instant:
        """What the worker's clock shows when the wall clock shows this."""
        return self.clock.starts_at + at - self.clock.began

    def sleep_until(self, at: Instant) -> None:
        """Return when the worker's clock shows so much."""
        time.sleep(max(self.wall(at) - wall_clock(), 0) / SECOND)


@contextmanager
def taking_over(
    task: Task, starts_at: Instant, agreement: Path = AGREEMENT, settings: Mapping[str, str] = _NO_SETTINGS
) -> Iterator[Taker]:
    """A worker, from the moment that its partitions are open; stopped after the block."""
    clock = FastClock(wall_clock(), starts_at, 1.0)
    port = free_port()
    environment = {
        **worker_environment(task, clock),
        "LEADSLA_AGREEMENTS": str(agreement),
        "LEADSLA_METRICS_PORT": str(port),
        **settings,
    }
    process = Process(_WORKER.command(), environment, _WORKER.is_ready)
    try:
        process.wait_ready()
        yield Taker(process, f"{HOST}:{port}", clock)
    finally:
        process.stop()
