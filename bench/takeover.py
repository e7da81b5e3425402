"""A worker takes over very many open leads, and four questions are put to it: recovery, memory, metrics and latency.

Two workers more do so with leads on disk, and are asked for recovery and memory alone.
"""

from typing import Any, Final

from bench.latency import BEFORE_MIDNIGHT, latency
from bench.memory import after_folding, after_recovery
from bench.metrics_time import metrics_time
from bench.open_leads import KEEP_DAYS, LEADS, OpenLeads, prepare, task_without_events
from bench.progress import say
from bench.recovery import recovery, start
from bench.results import keep
from bench.stage import stage
from bench.taker import Taker, taking_over
from bench.workload import BEGIN
from sla_rules.instants import DAY, HOUR, SECOND

_SETTLED_SECONDS: Final = 30
"""Between taking over and the first deadline; 120 more for each million leads."""
_SCRAPED_BEFORE: Final = 15 * SECOND
"""The first deadline."""
_SETTINGS: Final = {"LEADSLA_KEEP_DAYS": str(KEEP_DAYS), "LEADSLA_CLOCKS": "false"}
"""Of states that no worker has made nobody wrote the open clocks either; to make up for it is no part of a takeover."""
_ON_DISK: Final = {**_SETTINGS, "LEADSLA_STORE": "rocksdb"}


def takeover(leads: int = LEADS, seconds: int = 30, live_leads: int | None = None) -> None:
    """Put the questions, and keep an answer to each; `seconds` of deadlines before midnight are looked at."""
    with stage() as on:
        live = after_folding(on, live_leads or max(leads // 4, 1))
        with taking_over(task_without_events(on, "empty"), BEGIN - DAY) as without:
            empty_seconds, empty_bytes = without.seconds_to_open, without.process.memory()
        opened = prepare(on, leads, BEFORE_MIDNIGHT + seconds * SECOND)
        disk = {name: _from_disk(opened, empty_bytes) for name in ("cold", "warm")}
        lead_in = round(_SETTLED_SECONDS + leads / 1e6 * 120) * SECOND
        with taking_over(opened.task, opened.first_due - lead_in, opened.agreement, _SETTINGS) as taker:
            _opened(taker)
            recovered = after_recovery(taker, leads, empty_bytes)
            taker.sleep_until(opened.first_due - _SCRAPED_BEFORE)
            scraped = metrics_time(taker)
            told = latency(on, taker, opened, seconds)
            from_memory = recovery(on, taker, opened, empty_seconds)
        on_disk = {f"on_disk_{name}": memory for name, (_, memory) in disk.items()}
        keep("memory", {"after_recovery": recovered, "after_folding": live, **on_disk})
        keep("metrics", {"leads": leads, **scraped})
        keep("latency", {"open_clocks": leads, **told})
        keep("recovery", {**from_memory, "rocksdb": {name: started for name, (started, _) in disk.items()}})


def _from_disk(opened: OpenLeads, empty_bytes: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """How a worker with leads on disk starts, and what memory it takes; the folder stays as it leaves it."""
    with taking_over(opened.task, opened.first_due - HOUR, opened.agreement, _ON_DISK) as taker:
        _opened(taker)
        memory = after_recovery(taker, opened.leads, empty_bytes)
        return start(taker, opened), memory


def _opened(taker: Taker) -> None:
    say(f"partitions open after {taker.seconds_to_open:.1f} s")
