"""A program of this machine, run for a test: started until it answers, stopped, and its log shown when it fails."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from tests.real_parts.forked import Forked, begun
from tests.real_parts.loopback import AT_MOST, wait_until

_TAIL_LINES = 60


class NotStartedError(Exception):
    """The program ended, or did not answer in time; the message carries the end of its log."""


class Program:
    """One command with its log file; started, stopped and killed any number of times."""

    def __init__(self, command: Sequence[str], log: Path, environment: Mapping[str, str] | None = None) -> None:
        self._command = list(command)
        self._log = log
        self._environment = dict(environment or {})
        self._process: subprocess.Popen[bytes] | Forked | None = None

    @property
    def running(self) -> bool:
        """Whether the process is alive."""
        return self._process is not None and self._process.poll() is None

    @property
    def pid(self) -> int | None:
        """The number of the process that was started last."""
        return None if self._process is None else self._process.pid

    @property
    def status(self) -> int | None:
        """The exit status of the process that was started last; None while it runs."""
        return None if self._process is None else self._process.poll()

    def signal(self, number: int) -> None:
        """Send the process a signal, if it still runs."""
        if self._process is not None:
            self._process.send_signal(number)

    def most_memory(self) -> int:
        """The most bytes of memory that the process has had, by the kernel's account."""
        assert self._process is not None, "it does not run"
        status = Path(f"/proc/{self._process.pid}/status").read_text(encoding="ascii")
        [line] = [line for line in status.splitlines() if line.startswith("VmHWM:")]
        return int(line.split()[1]) * 1024

    def start(self, ready: Callable[[], bool], timeout: float = AT_MOST) -> None:
        """Start the process and return when it is ready; NotStartedError otherwise, with the process gone."""
        self.begin()
        self.until(ready, timeout)

    def begin(self) -> None:
        """Start the process and wait for nothing."""
        self._process = self._begun({**os.environ, **self._environment}, self._log)

    def _begun(self, environment: Mapping[str, str], log: Path) -> subprocess.Popen[bytes] | Forked:
        with log.open("ab") as said:
            return subprocess.Popen(
                self._command, stdin=subprocess.DEVNULL, stdout=said, stderr=subprocess.STDOUT, env=environment
            )

    def until(self, ready: Callable[[], bool], timeout: float = AT_MOST) -> None:
        """Return when the process that was begun is ready; NotStartedError otherwise, with the process gone."""
        wait_until(lambda: not self.running or ready(), timeout)
        if not self.running:
            assert self._process is not None, "it was not begun"
            why = f"ended with {self._process.returncode}"
        elif ready():
            return
        else:
            why = f"did not answer within {timeout:g} s"
        self.kill()
        message = f"{self._command[0]} {why}; the end of its log:\n{self.tail()}"
        raise NotStartedError(message)

    def ends_when_asked(self, timeout: float = AT_MOST) -> int:
        """Ask the process to end; its exit status. AssertionError if it is still there after the timeout."""
        assert self._process is not None, "it does not run"
        self._process.send_signal(signal.SIGTERM)
        return self.ends(timeout)

    def ends(self, timeout: float = AT_MOST) -> int:
        """Wait for the end of the process; its exit status. AssertionError if it is still there after the timeout."""
        assert self._process is not None, "it does not run"
        try:
            return self._process.wait(timeout)
        except subprocess.TimeoutExpired:
            message = f"still running after {timeout:g} s:\n{self.tail()}"
            raise AssertionError(message) from None

    def stop(self, timeout: float = AT_MOST) -> None:
        """Ask the process to end and wait; kill it if it does not listen. Nothing happens if it does not run."""
        if self._process is None:
            return
        self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(timeout)
        except subprocess.TimeoutExpired:
            self.kill()
        self._process = None

    def kill(self) -> None:
        """End the process without a chance to tidy up."""
        if self._process is None:
            return
        self._process.kill()
        self._process.wait(None)
        self._process = None

    def tail(self) -> str:
        """The last lines of the log."""
        return "\n".join(self.log().splitlines()[-_TAIL_LINES:])

    def log(self) -> str:
        """All that it has said."""
        return self._log.read_text(errors="replace")


class PythonProgram(Program):
    """A module of this project, run as `python -m` does; by a fork whose imports are done, unless it is to start `afresh`."""

    def __init__(
        self, module: str, arguments: Sequence[str], log: Path, environment: Mapping[str, str], *, afresh: bool = False
    ) -> None:
        super().__init__([sys.executable, "-m", module, *arguments], log, environment)
        self._module, self._arguments, self._afresh = module, arguments, afresh

    def _begun(self, environment: Mapping[str, str], log: Path) -> subprocess.Popen[bytes] | Forked:
        return begun(self._module, self._arguments, environment, log, afresh=self._afresh)
