"""Contenders run one by one on the same events, from ready to committed, and what they left behind."""

import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from hashlib import blake2b
from typing import Any, Final, NamedTuple

import msgspec
import psutil
from confluent_kafka import Consumer, TopicPartition

from bench.contenders.job import AGREEMENT, READY, Task
from bench.process import Process, wait_for
from bench.stage import Stage, reader
from bench.workload import BEGIN
from sla_rules.engine.codec import decode
from sla_rules.instants import DAY
from sla_rules.names import INPUT_TOPICS
from streams.clock import FastClock, wall_clock
from streams.kafka.topics import changelog_of

_ANSWER_SECONDS: Final = 10.0


@dataclass(frozen=True, slots=True)
class Run:
    """What one run took. Seconds and CPU count from ready; `start_seconds` is from the start of the process to ready.

    What is `late` is from the first commit of half of the events or more to the last commit: what a process does that is
    warm. None where a contender commits nothing, or all at once.
    """

    events: int
    seconds: float
    cpu_seconds: float
    peak_memory_mib: float
    start_seconds: float
    late_events_per_second: float | None = None
    late_cpu_seconds_per_million: float | None = None

    @property
    def events_per_second(self) -> float:
        """By the wall clock."""
        return self.events / self.seconds

    @property
    def cpu_seconds_per_million(self) -> float:
        """Of the process alone, all its threads."""
        return self.cpu_seconds / self.events * 1e6

    def as_json(self) -> dict[str, float]:
        """All of it, in numbers short enough to read."""
        derived = {
            "events_per_second": self.events_per_second,
            "cpu_seconds_per_million": self.cpu_seconds_per_million,
        }
        taken = {name: value for name, value in asdict(self).items() if value is not None}
        return {name: round(value, 3) for name, value in {**derived, **taken}.items()}


def digest_of(states: Mapping[bytes, bytes]) -> str:
    """Of every lead its facts and its shares in the figures: what all contenders have to agree on."""
    found = blake2b(digest_size=12)
    for lead, data in sorted(states.items()):
        state: Any = decode(data)
        found.update(lead)
        found.update(msgspec.msgpack.encode((state.digest, state.next_due, state.contributions, state.packed)))
    return found.hexdigest()


@dataclass(frozen=True, slots=True)
class Contender:
    """A program that does the job. `lead_of` finds the lead in the key of a record of its changelog."""

    name: str
    module: str
    changelog: Callable[[Task], str] = lambda task: task.changelog
    lead_of: Callable[[bytes], bytes] = lambda key: key
    ends_itself: bool = False
    """It commits nothing to Kafka: it is through when it says so."""
    core: int | None = None
    """The one core that it may use; all of them otherwise."""
    digest: Callable[[Mapping[bytes, bytes]], str] = digest_of
    """Of its last states by lead, what it has to have in common with the others."""

    def task(self, stage: Stage) -> Task:
        """A task that nobody had before, with an empty changelog."""
        group = stage.new_name(self.name)
        folder = stage.new_folder(group)
        task = Task(stage.kafka.bootstrap, group, f"{group}-states", stage.partitions, str(folder))
        stage.empty_changelog(task.changelog)
        return task

    def command(self) -> list[str]:
        """Its process."""
        return [sys.executable, "-m", self.module]

    def environment(self, task: Task) -> Mapping[str, str]:
        """What its process is given."""
        return task.environment()

    def is_ready(self, line: str) -> bool:
        """Whether it says that it has its partitions."""
        return line.rstrip().endswith(READY)


@dataclass(frozen=True, slots=True)
class LeadSLA(Contender):
    """The worker as ops run it, its clock set before the first deadline: nobody else here knows time."""

    def task(self, stage: Stage) -> Task:
        """Also empties the topics that the worker tells into, since it reads them back."""
        stage.empty_outputs()
        task = Contender.task(self, stage)
        stage.empty_changelog(changelog_of(stage.settings(task.group)))
        stage.empty_memory(task.group)
        return task

    def command(self) -> list[str]:
        """`leadsla worker`."""
        return [sys.executable, "-m", "leadsla", "worker"]

    def environment(self, task: Task) -> Mapping[str, str]:
        """Settings."""
        return worker_environment(task, FastClock(wall_clock(), BEGIN - DAY, 1.0))

    def is_ready(self, line: str) -> bool:
        """Before it reads its first event."""
        return "partitions opened" in line


def worker_environment(task: Task, clock: FastClock | None = None) -> dict[str, str]:
    """Settings of a worker of ours."""
    given = {} if clock is None else {"LEADSLA_CLOCK": str(clock)}
    return {
        **given,
        "LEADSLA_BROKER": task.broker,
        "LEADSLA_GROUP": task.group,
        "LEADSLA_AGREEMENTS": str(AGREEMENT),
        "LEADSLA_METRICS_PORT": "0",
        "LEADSLA_DATA_DIR": task.folder,
    }


@dataclass(frozen=True, slots=True)
class Commits:
    """What the client's group has committed of the records before the ends."""

    client: Consumer
    ends: Mapping[tuple[str, int], int]

    @property
    def total(self) -> int:
        """How many there are."""
        return sum(self.ends.values())

    def through(self) -> int:
        """How many of them are committed."""
        found = self.client.committed([TopicPartition(*place) for place in self.ends], _ANSWER_SECONDS)
        return sum(min(max(place.offset, 0), self.ends[place.topic, place.partition]) for place in found)

    def complete(self) -> bool:
        """Whether all are."""
        return self.through() == self.total


class Halfway(NamedTuple):
    """How many events were committed when half of them were first seen to be, at which moment, and the CPU used by then."""

    through: int
    at: float
    cpu: float


def run(contender: Contender, task: Task, stage: Stage, events: int, seconds: float) -> Run:
    """One run over what lies on the event topics.

    Raises:
        BenchError: the contender ended, or did not commit all of it within the seconds.

    """
    ends = stage.ends(INPUT_TOPICS)
    halfway: Halfway | None = None
    held = [] if contender.core is None else ["taskset", "--cpu-list", str(contender.core)]
    process = Process([*held, *contender.command()], contender.environment(task), contender.is_ready)
    try:
        process.wait_ready()
        with reader(stage.kafka.bootstrap, task.group) as client:
            commits = Commits(client, ends)
            used = 0.0

            def look() -> bool:
                nonlocal used, halfway
                through = commits.through()
                with suppress(psutil.Error):
                    used = process.cpu()
                if halfway is None and 2 * through >= commits.total:
                    halfway = Halfway(through, time.monotonic(), used)
                return process.is_done() if contender.ends_itself else through == commits.total

            wait_for(look, process, seconds, "had not committed everything")
        finished_at = process.done_at or time.monotonic()
    finally:
        process.stop()
    began = process.ready_at or process.started_at
    left = 0 if halfway is None else commits.total - halfway.through
    return Run(
        events,
        finished_at - began,
        used - process.cpu_at_ready,
        process.peak / 2**20,
        began - process.started_at,
        left / (finished_at - halfway.at) if halfway and left else None,
        (used - halfway.cpu) / left * 1e6 if halfway and left else None,
    )
