"""`python -m tests.streams.wrong_clock worker`: the service on a machine, or beside a broker, whose clock is wrong.

Every clock of the machine that says what day it is goes wrong by WRONG_BY_SECONDS. With WRONG_AND_FOLLOWED the worker
takes it for the truth, as releases did that did not ask the broker. The broker's stamps go wrong by as many seconds as the
file says that WRONG_BROKER names.
"""

import os
import time
from pathlib import Path
from unittest.mock import patch

from leadsla.main import run
from sla_rules.instants import SECOND
from streams.clock import Clock, wall_clock
from streams.faust_host import worker
from streams.pipeline import broker_clock, clock_probe
from streams.settings import Settings

_WRONG_BY = float(os.environ.get("WRONG_BY_SECONDS", "0"))
_RIGHT_NS = time.time_ns  # noqa: TID251 - the clock that is to go wrong


def wrong_ns() -> int:
    """What the machine's clock says."""
    return _RIGHT_NS() + round(_WRONG_BY * 1e9)


async def followed(settings: Settings) -> Clock:
    """The machine's clock, whatever the broker says."""
    del settings
    return wall_clock


def answer(asked: int, stamp: int, answered: int) -> broker_clock.Answer:
    """What a broker says whose clock is wrong."""
    return broker_clock.Answer(
        asked, stamp + round(float(Path(os.environ["WRONG_BROKER"]).read_text()) * SECOND), answered
    )


if __name__ == "__main__":
    time.time_ns = wrong_ns  # noqa: TID251 - as above
    time.time = lambda: wrong_ns() / 1e9  # noqa: TID251 - as above
    if "WRONG_AND_FOLLOWED" in os.environ:
        patch.object(worker, "find_clock", followed).start()
    if "WRONG_BROKER" in os.environ:
        patch.object(clock_probe, "Answer", answer).start()
    run()
