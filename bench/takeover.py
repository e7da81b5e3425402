"""A worker takes over very many open leads, and four questions are put to it: recovery, memory, metrics and latency."""

from typing import Final

from bench.latency import latency
from bench.memory import after_folding, after_recovery
from bench.metrics_time import metrics_time
from bench.open_leads import FIRST_DUE, LEADS, prepare, task_without_events
from bench.progress import say
from bench.recovery import recovery
from bench.results import keep
from bench.stage import stage
from bench.taker import taking_over
from bench.workload import BEGIN
from sla_rules.instants import DAY, SECOND

_SETTLED_SECONDS: Final = 30
"""Between taking over and the first deadline; 120 more for each million leads."""


def takeover(leads: int = LEADS, seconds: int = 30, live_leads: int | None = None) -> None:
    """Put the questions, and keep an answer to each; `seconds` of deadlines are looked at."""
    with stage() as on:
        live = after_folding(on, live_leads or max(leads // 4, 1))
        with taking_over(task_without_events(on, "empty"), BEGIN - DAY) as without:
            empty_seconds, empty_bytes = without.seconds_to_open, without.process.memory()
        opened = prepare(on, leads)
        lead_in = round(_SETTLED_SECONDS + leads / 1e6 * 120) * SECOND
        with taking_over(opened.task, FIRST_DUE - lead_in, opened.agreement) as taker:
            say(f"partitions open after {taker.seconds_to_open:.1f} s")
            recovered = after_recovery(taker, leads, empty_bytes)
            scraped = metrics_time(taker)
            told = latency(on, taker, seconds)
            keep("memory", {"after_recovery": recovered, "after_folding": live})
            keep("metrics", {"leads": leads, **scraped})
            keep("latency", {"open_clocks": leads, **told})
            keep("recovery", recovery(on, taker, opened, empty_seconds))
