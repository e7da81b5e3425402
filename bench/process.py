"""A process that is measured: what it says, when it is ready, and what it uses."""

import os
import re
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from threading import Thread
from typing import Final

import psutil

from bench.contenders.job import DONE

PROJECT: Final = Path(__file__).parents[1]
COLOUR: Final = re.compile(r"\x1b\[[0-9;]*m")
"""What a log says beside its words."""
_LOOK_SECONDS: Final = 0.05
_START_SECONDS: Final = 120.0
_STOP_SECONDS: Final = 60.0
_TAIL: Final = 2_000


class BenchError(Exception):
    """A contender did not do what it was to do; the message carries the end of its log."""


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
