"""Contenders run one by one on the same events, from ready to committed, and what they left behind."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from hashlib import blake2b
from pathlib import Path
from threading import Thread
from typing import Any, Final

import msgspec
import psutil
from confluent_kafka import Consumer, TopicPartition

from bench.contenders.job import AGREEMENT, DONE, READY, Task
from bench.stage import Stage, reader
from bench.workload import BEGIN
from sla_rules.codec import decode
from sla_rules.instants import DAY
from sla_rules.names import INPUT_TOPICS
from streams.clock import FastClock, wall_clock
from streams.topics import changelog_of

PROJECT: Final = Path(__file__).parents[1]
COLOUR: Final = re.compile(r"\x1b\[[0-9;]*m")
"""What a log says beside its words."""
_LOOK_SECONDS: Final = 0.05
_START_SECONDS: Final = 120.0
_STOP_SECONDS: Final = 60.0
_ANSWER_SECONDS: Final = 10.0
_TAIL: Final = 2_000


class BenchError(Exception):
    """A contender did not do what it was to do; the message carries the end of its log."""


@dataclass(frozen=True, slots=True)
class Run:
    """What one run took. Seconds and CPU count from ready; `start_seconds` is from the start of the process to ready."""

    events: int
    seconds: float
    cpu_seconds: float
    peak_memory_mib: float
    start_seconds: float

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
        return {name: round(value, 3) for name, value in {**derived, **asdict(self)}.items()}


@dataclass(frozen=True, slots=True)
class Contender:
    """A program that does the job. `lead_of` finds the lead in the key of a record of its changelog."""

    name: str
    module: str
    changelog: Callable[[Task], str] = lambda task: task.changelog
    lead_of: Callable[[bytes], bytes] = lambda key: key
    ends_itself: bool = False
    """It commits nothing to Kafka: it is through when it says so."""

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


class Process:
    """A contender's process, from the first line it says on."""

    def __init__(self, command: Sequence[str], environment: Mapping[str, str], is_ready: Callable[[str], bool]) -> None:
        self._is_ready = is_ready
        self.lines: list[str] = []
        self.ready_at: float | None = None
        self.done_at: float | None = None
        self.cpu_at_ready = 0.0
        self.peak = 0
        self.started_at = time.monotonic()
        self._process = subprocess.Popen(
            command,
            cwd=PROJECT,
            env={**os.environ, "PYTHONPATH": str(PROJECT), "PYTHONUNBUFFERED": "1", **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.seen = psutil.Process(self._process.pid)
        self._listener = Thread(target=self._listen, daemon=True)
        self._listener.start()

    @property
    def ended(self) -> bool:
        """Whether it is gone."""
        return self._process.poll() is not None

    def is_done(self) -> bool:
        """Whether it says that it is through."""
        return self.done_at is not None

    def cpu(self) -> float:
        """Seconds it has used so far, all threads."""
        times = self.seen.cpu_times()
        return float(times.user + times.system)

    def memory(self) -> int:
        """Resident bytes now."""
        now = int(self.seen.memory_info().rss)
        self.peak = max(self.peak, now)
        return now

    def wait_ready(self) -> None:
        """Return once it is ready.

        Raises:
            BenchError: it ended or took too long.

        """
        wait_for(lambda: self.ready_at is not None, self, _START_SECONDS, "was not ready")

    def stop(self) -> None:
        """Ask it to end, and wait."""
        self._process.terminate()
        try:
            self._process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._listener.join(_STOP_SECONDS)

    def tail(self) -> str:
        """The end of what it said."""
        return "".join(self.lines)[-_TAIL:]

    def _listen(self) -> None:
        for line in self._process.stdout or ():
            now = time.monotonic()
            if self.ready_at is None and self._is_ready(line):
                with suppress(psutil.Error):
                    self.cpu_at_ready = self.cpu()
                self.ready_at = now
            if line.strip() == DONE:
                self.done_at = now
            self.lines.append(line)


def wait_for(condition: Callable[[], bool], process: Process, seconds: float, otherwise: str) -> None:
    """Look until the condition holds, taking the process's memory as it goes.

    Raises:
        BenchError: it ended, or took too long.

    """
    until = time.monotonic() + seconds
    while not condition():
        if process.ended:
            message = f"it ended before its time:\n{process.tail()}"
            raise BenchError(message)
        if time.monotonic() > until:
            message = f"it {otherwise} within {seconds:.0f} s:\n{process.tail()}"
            raise BenchError(message)
        with suppress(psutil.Error):
            process.memory()
        time.sleep(_LOOK_SECONDS)


def run(contender: Contender, task: Task, stage: Stage, events: int, seconds: float) -> Run:
    """One run over what lies on the event topics.

    Raises:
        BenchError: the contender ended, or did not commit all of it within the seconds.

    """
    ends = stage.ends(INPUT_TOPICS)
    process = Process(contender.command(), contender.environment(task), contender.is_ready)
    try:
        process.wait_ready()
        with reader(stage.kafka.bootstrap, task.group) as client:
            is_done = process.is_done if contender.ends_itself else committed(client, ends)
            used = 0.0

            def look() -> bool:
                nonlocal used
                finished = is_done()
                with suppress(psutil.Error):
                    used = process.cpu()
                return finished

            wait_for(look, process, seconds, "had not committed everything")
        finished_at = process.done_at or time.monotonic()
    finally:
        process.stop()
    began = process.ready_at or process.started_at
    return Run(
        events,
        finished_at - began,
        used - process.cpu_at_ready,
        process.peak / 2**20,
        began - process.started_at,
    )


def committed(client: Consumer, ends: Mapping[tuple[str, int], int]) -> Callable[[], bool]:
    """Whether the client's group has committed up to the ends."""

    def look() -> bool:
        places = [TopicPartition(*place) for place in ends]
        found = client.committed(places, _ANSWER_SECONDS)
        return all(place.offset >= ends[place.topic, place.partition] for place in found)

    return look


def digest_of(states: Mapping[bytes, bytes]) -> str:
    """Of every lead its facts and its shares in the figures: what all contenders have to agree on."""
    found = blake2b(digest_size=12)
    for lead, data in sorted(states.items()):
        state: Any = decode(data)
        found.update(lead)
        found.update(msgspec.msgpack.encode((state.digest, state.wake, state.shares, state.packed)))
    return found.hexdigest()
