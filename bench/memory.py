"""How much memory does an open lead take, all told: its state, its deadlines, its part in indexes?"""

import time
from random import Random
from typing import Any, Final

from bench.contest import Commits
from bench.open_leads import task_without_events
from bench.process import wait_for
from bench.stage import Stage, reader
from bench.taker import Taker, taking_over
from bench.workload import BEGIN, life
from sla_rules.instants import DAY
from sla_rules.names import INPUT_TOPICS

_SETTLES_SECONDS: Final = 2.0
_FOLDS_WITHIN_SECONDS: Final = 900.0


def after_recovery(taker: Taker, leads: int, empty: int) -> dict[str, Any]:
    """Bytes of resident memory a lead, beyond what a worker without leads takes."""
    time.sleep(_SETTLES_SECONDS)
    now = taker.process.memory()
    return {
        "leads": leads,
        "bytes_a_lead": round((now - empty) / leads, 1),
        "peak_mib": round(taker.process.peak / 2**20),
    }


def after_folding(on: Stage, leads: int) -> dict[str, Any]:
    """The same for leads whose events were folded one by one as they came."""
    task = task_without_events(on, "live")
    lives = (life(number, Random(number), attempts=3) for number in range(leads))  # noqa: S311 - no secret
    told = [record for one in lives for record in one]
    with taking_over(task, BEGIN - DAY) as taker:
        time.sleep(_SETTLES_SECONDS)
        empty = taker.process.memory()
        on.publish(told)
        with reader(on.kafka.bootstrap, task.group) as client:
            is_done = Commits(client, on.ends(INPUT_TOPICS)).complete
            wait_for(is_done, taker.process, _FOLDS_WITHIN_SECONDS, "had not folded everything")
        return after_recovery(taker, leads, empty)
