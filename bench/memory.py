"""How much memory does an open lead take, all told: its state, its deadlines, its part in indexes?"""

import time
from typing import Any, Final

from bench.contenders.job import Task
from bench.contest import Commits
from bench.open_leads import APART, events_of, task_without_events
from bench.process import wait_for
from bench.stage import Stage, reader
from bench.taker import Taker, taking_over
from bench.workload import BEGIN
from sla_rules.instants import DAY
from sla_rules.names import INPUT_TOPICS

_SETTLES_SECONDS: Final = 2.0
_AT_ONCE: Final = 10_000
"""Leads whose events are told in one go."""
_FOLDS_WITHIN_SECONDS: Final = 900.0


def after_recovery(taker: Taker, leads: int, empty: int) -> dict[str, Any]:
    """Bytes of resident memory a lead, beyond what the worker took `empty`."""
    time.sleep(_SETTLES_SECONDS)
    now = taker.process.memory()
    return {
        "leads": leads,
        "bytes_a_lead": round((now - empty) / leads, 1),
        "peak_mib": round(taker.process.peak / 2**20),
    }


def after_folding(on: Stage, leads: int) -> dict[str, Any]:
    """The same for such leads whose events were folded as they came, some at a time, by a worker that keeps up.

    What it takes for itself it has taken with the first of them, which do not count.
    """
    task = task_without_events(on, "live")
    with taking_over(task, BEGIN - DAY) as taker:
        _fold(on, taker, task, range(_AT_ONCE))
        time.sleep(_SETTLES_SECONDS)
        before = taker.process.memory()
        for first in range(_AT_ONCE, leads + _AT_ONCE, _AT_ONCE):
            _fold(on, taker, task, range(first, min(first + _AT_ONCE, leads + _AT_ONCE)))
        return after_recovery(taker, leads, before)


def _fold(on: Stage, taker: Taker, task: Task, numbers: range) -> None:
    on.publish([told for number in numbers for told in events_of(number, BEGIN + 14 * DAY + number * APART)])
    with reader(on.kafka.bootstrap, task.group) as client:
        is_done = Commits(client, on.ends(INPUT_TOPICS)).complete
        wait_for(is_done, taker.process, _FOLDS_WITHIN_SECONDS, "had not folded everything")
