"""Runs a `leadsla` command that ends with whoever started it: when its standard input ends, so does it."""

import os
import signal
import sys
from threading import Thread
from time import sleep
from typing import Final

GRACE_SECONDS: Final = 5.0
"""Time to end in order. Without a broker the command cannot, and there is nobody left who waits for it."""


def _end_with_parent() -> None:
    while os.read(sys.stdin.fileno(), 1024):
        pass
    os.kill(os.getpid(), signal.SIGTERM)
    sleep(GRACE_SECONDS)
    os._exit(1)


if __name__ == "__main__":
    Thread(target=_end_with_parent, daemon=True).start()

    from leadsla.main import run

    run()
