"""Commands of this project begun without their imports, which take a second and a half of CPU: by a Python that has them.

What is begun so is a process of its own, whose environment, arguments, log, signals and exit status are those of
`python -m`. What a Python takes from its surroundings before its imports are done is the fork server's, so whoever would
have any of that otherwise gets no fork.
"""

import atexit
import json
import os
import select
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from functools import cache
from itertools import count
from pathlib import Path
from threading import Lock
from typing import Any, Final

_PROJECT: Final = Path(__file__).parents[2]
_SERVERS: Final = 2
"""What has an order by hash has the same in all forks of a server: of two workers that share a group each has its own."""
_READ_LATE: Final = ("LEADSLA_", "FAULT_", "WRONG_", "PYTEST_")
"""How variables begin that nothing reads before a command begins to run."""


class Forked:
    """A process that a fork server began; it is asked like one of `subprocess`."""

    def __init__(self, server: "_ForkServer", pid: int) -> None:
        self.pid: Final = pid
        self.returncode: int | None = None
        self._server = server
        self._end = os.pidfd_open(pid)

    def poll(self) -> int | None:
        """The exit status; None while it runs."""
        return self._ended(0)

    def wait(self, timeout: float | None) -> int:
        """The exit status, once it has ended; subprocess.TimeoutExpired if it has not in time."""
        if (status := self._ended(timeout)) is None:
            raise subprocess.TimeoutExpired(str(self.pid), timeout or 0)
        return status

    def send_signal(self, number: int) -> None:
        """Send it a signal, if it still runs."""
        if self.poll() is None:
            os.kill(self.pid, number)  # nobody else has its number before the server was asked for the status

    def kill(self) -> None:
        """End it without a chance to tidy up, if it still runs."""
        self.send_signal(signal.SIGKILL)

    def _ended(self, within: float | None) -> int | None:
        if self.returncode is None:
            ends = select.poll()
            ends.register(self._end, select.POLLIN)
            if ends.poll(None if within is None else within * 1000):
                self.returncode = int(self._server.ask("end", self.pid))
                os.close(self._end)
        return self.returncode


def begun(
    module: str,
    arguments: Sequence[str],
    environment: Mapping[str, str],
    out: Path,
    errors: Path | None = None,
    *,
    afresh: bool = False,
) -> Forked | subprocess.Popen[bytes]:
    """`python -m module arguments` with that environment; what it prints goes to the ends of the files, or of the one.

    It is a fork where there can be one, unless it is to start `afresh`.
    """
    errors = errors or out
    fork = None if afresh else _forked(module, arguments, environment, out, errors)
    if fork is not None:
        return fork
    with out.open("ab") as said, errors.open("ab") as complained:
        return subprocess.Popen(
            [sys.executable, "-m", module, *arguments],
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=complained,
            env=environment,
        )


def _forked(
    module: str, arguments: Sequence[str], environment: Mapping[str, str], out: Path, errors: Path
) -> Forked | None:
    if sys.platform != "linux" or Path.cwd() != _PROJECT:
        return None
    server = _server_of(next(_TURNS) % _SERVERS)
    if _early(environment) != _early(server.environment):
        return None
    files = [out, errors]
    for file in files:
        file.touch()
    request = ["begin", module, arguments, dict(environment), *(str(file.absolute()) for file in files)]
    return Forked(server, int(server.ask(*request)))


def _early(environment: Mapping[str, str]) -> Mapping[str, str]:
    """Variables that a Python may have read by the time that its imports are done."""
    return {name: value for name, value in environment.items() if not name.startswith(_READ_LATE)}


class _ForkServer:
    def __init__(self) -> None:
        self.environment: Final = dict(os.environ)
        self._asking = Lock()
        self._python = subprocess.Popen(
            [sys.executable, "-m", "tests.real_parts.fork_server"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=_PROJECT,
        )
        assert self._answer() == "ready"
        atexit.register(self._python.communicate)

    def ask(self, *request: object) -> Any:
        """What the server says to one request."""
        assert self._python.stdin is not None
        with self._asking:
            self._python.stdin.write(json.dumps(request) + "\n")
            self._python.stdin.flush()
            return self._answer()

    def _answer(self) -> Any:
        assert self._python.stdout is not None
        answer = self._python.stdout.readline()
        assert answer, "the fork server has ended"
        return json.loads(answer)


_TURNS: Final = count()
_server_of: Final = cache(lambda _turn: _ForkServer())
