"""The clock of a promise that is still to be kept: what facts alone change of it, so that nobody has to look at the time.

Time does where it is time that begins what is due: of a kind that judges dates.
"""

from decimal import Decimal
from typing import NamedTuple

from sla_rules.instants import Duration, Instant
from sla_rules.time.stopwatch import Stopwatch
from sla_rules.time.working_days import WorkingDays


class OpenClock(NamedTuple):
    """It began at `started` and runs by `watch` to the `deadline`, None while it stands or where its hours open no more."""

    started: Instant
    deadline: Instant | None
    watch: Stopwatch
    within: Duration | WorkingDays | None = None
    """What was promised; None where the deadline was, and no time to it."""
    so_far: Decimal | int | None = None
    """How much of what is wanted has been done; None where it is done at once."""
    wanted: Decimal | int | None = None
