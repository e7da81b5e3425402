"""The real worker, in a process of its own."""

import asyncio
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from asyncio.subprocess import Process

STOPS_WITHIN: Final = 10.0
"""Seconds that a worker has to finish what it holds."""
_SHOWN: Final = 15

LEADSLA: Final = (sys.executable, "-P", "-m", "leadsla")
"""This very program, whatever is on the PATH and in the current directory."""
WITH_PARENT_WATCHDOG: Final = (sys.executable, "-P", "-m", "leadsla.parent_watchdog")
"""The same, ending with its standard input, that is with this process, however it ends."""


class WorkerProcess:
    """`leadsla worker` with its output in a file. It is in a session of its own, so that Ctrl-C reaches us alone."""

    def __init__(self, settings: Mapping[str, str], log: Path) -> None:
        self._settings = settings
        self._log = log
        self._process: Process | None = None

    async def start(self) -> None:
        """Start it; that it is ready, its metrics say."""
        others = {name: value for name, value in os.environ.items() if not name.startswith("LEADSLA_")}
        with self._log.open("wb") as log:
            self._process = await asyncio.create_subprocess_exec(
                *WITH_PARENT_WATCHDOG,
                "worker",
                env={**others, "NO_COLOR": "1", **self._settings},
                stdin=asyncio.subprocess.PIPE,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    async def ended(self) -> int:
        """Wait for its end; the exit status."""
        return 0 if self._process is None else await self._process.wait()

    async def stop(self) -> None:
        """Ask it to end, and make it end if it does not."""
        process = self._process
        if process is None or process.returncode is not None:
            return
        process.terminate()
        try:
            await asyncio.wait_for(process.wait(), STOPS_WITHIN)
        except TimeoutError:
            process.kill()
            await process.wait()

    def last_lines(self) -> list[str]:
        """The end of what it said."""
        return self._log.read_text(encoding="utf-8", errors="replace").splitlines()[-_SHOWN:]
