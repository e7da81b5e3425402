"""`python -m tests.real_parts.as_begun ENDING`: says what the process is like, then ends in the way asked for."""

import asyncio
import atexit
import json
import os
import signal
import sys
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

_ENDINGS: Final[Mapping[str, Callable[[], object]]] = {
    "returns": lambda: None,
    "exits": lambda: sys.exit(3),
    "exits with words": lambda: sys.exit("in words"),
    "raises": lambda: int("no number"),
    "is killed": lambda: signal.raise_signal(signal.SIGKILL),
    "is asked to end": lambda: signal.raise_signal(signal.SIGTERM),
    "is interrupted": lambda: signal.raise_signal(signal.SIGINT),
    "ends at once": lambda: os._exit(4),
    "leaves a thread": lambda: threading.Timer(0.05, print, ["the thread has ended"]).start(),
    "has a loop": lambda: asyncio.run(asyncio.sleep(0)),
    "waits": signal.pause,
}


def _seen() -> Mapping[str, object]:
    return {
        "arguments": sys.argv,
        "names": [__name__, __package__, getattr(__spec__, "name", None)],
        "is main": sys.modules["__main__"].__dict__ is globals(),
        "environment": sorted(os.environ.items()),
        "folder": str(Path.cwd()),
        "path": sys.path,
        "flags": [str(sys.flags), sys.warnoptions],
        "signals": {signal.Signals(one).name: str(signal.getsignal(one)) for one in signal.Signals},
        "blocked": sorted(signal.pthread_sigmask(signal.SIG_BLOCK, [])),
        "group": [os.getpgid(0), os.getsid(0)],
        "threads": threading.active_count(),
        "files": {one: str(Path(f"/proc/self/fd/{one}").readlink()) for one in range(64) if _is_open(one)},
        "streams": [(one.encoding, one.errors, one.line_buffering) for one in (sys.stdin, sys.stdout, sys.stderr)],
    }


def _is_open(number: int) -> bool:
    return os.path.lexists(f"/proc/self/fd/{number}")


if __name__ == "__main__":
    atexit.register(print, "the end")
    by = {"parent": os.getppid(), "hash": hash("its order")}
    print(json.dumps([by, _seen()], default=str), flush=True)  # noqa: T201 - it is what the process is for
    _ENDINGS[sys.argv[1]]()
