"""Workers under a supervisor: whatever ends one, it is started again, as ops would."""

import asyncio
import http.client
import signal
from collections import Counter
from contextlib import suppress
from pathlib import Path
from time import monotonic
from typing import ClassVar, Final

from tests.real_parts.service import Worker

_LOOK_SECONDS: Final = 0.2
_PROBE_SECONDS: Final = 3.0
_STOP_SECONDS: Final = 40.0
_SAYS: Final = "leadsla worker: "


class Seat(Worker):
    """A place in the group. `endings` counts what ended its workers: what was done to them, or what they said themselves."""

    def __init__(self, broker: str, agreements: Path, folder: Path, name: str, **settings: str) -> None:
        self.endings: Counter[str] = Counter()
        self.frozen = False
        self._back_at = 0.0
        self._asked = ""
        self._probed = 0.0
        super().__init__(broker, agreements, folder, name, **settings)

    def start(self) -> None:
        """Start it and wait for nothing."""
        self.frozen, self._asked = False, ""
        self.program.begin()

    def is_ready(self) -> bool:
        """Whether it serves partitions now, or stands by."""
        return self._answer("/readyz")[0]

    def kill(self, away: float) -> None:
        """End it as a power cut would; another one starts in so many seconds."""
        self._end(signal.SIGKILL, "killed", away)

    def leave(self, away: float) -> None:
        """Ask it to end; another one starts so many seconds after it has."""
        self._end(signal.SIGTERM, "left", away)

    async def freeze(self, seconds: float) -> None:
        """Let it stand still; AssertionError if it does not run."""
        process = self.program.pid
        self.program.signal(signal.SIGSTOP)
        self.frozen = True
        await asyncio.sleep(seconds)
        if self.program.running and self.program.pid == process:
            self.program.signal(signal.SIGCONT)
            self.frozen = False

    async def keep_running(self) -> None:
        """Start a worker whenever the last has ended, and end one that `/livez` calls a restart for. For ever."""
        while True:
            await asyncio.sleep(_LOOK_SECONDS)
            if (status := self.program.status) is not None:
                self.endings[self._ending(status)] += 1
                await asyncio.sleep(max(0.3, self._back_at - monotonic()))
                self.start()
            elif self._asked == "left" and monotonic() > self._back_at + _STOP_SECONDS:
                self._end(signal.SIGKILL, "killed, since it did not stop", 0)
            elif not self.frozen and not self._asked and monotonic() > self._probed + _PROBE_SECONDS:
                self._probed = monotonic()
                live, why = await asyncio.to_thread(self._answer, "/livez")
                if not live and why and not self.frozen:
                    self._end(signal.SIGKILL, f"killed for /livez: {why}", 0)

    def _end(self, how: int, asked: str, away: float) -> None:
        self._asked = asked
        self._back_at = monotonic() + away
        self.program.signal(how)

    def _answer(self, path: str) -> tuple[bool, str]:
        """Whether it is well, and why; no word where it does not answer."""
        with suppress(OSError, http.client.HTTPException):
            return self.says(path)
        return False, ""

    def _ending(self, status: int) -> str:
        if self._asked and status in {0, -signal.SIGKILL, -signal.SIGTERM}:
            return self._asked
        last = next((line for line in reversed(self.program.tail().splitlines()) if line.startswith(_SAYS)), "")
        return f"status {status} {last}".rstrip()


class FreshSeat(Seat):
    """A seat whose workers begin as ops begin them, and take a second or two to."""

    afresh: ClassVar = True
