"""`make bench`: what one process can decode and fold without Kafka, the bound of everything around it.

A simulated CRM's records, with duplicates, disorder and faults, are read and folded in batches as the worker does it,
time passing between them. The result is printed and kept under
`bench/results/` with machine, versions and commit.
"""

import json
import os
import platform
import resource
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version
from pathlib import Path
from statistics import median
from time import perf_counter, process_time

from crm_simulator import Plan, simulate
from sla_rules.agreement_file import load_agreements
from sla_rules.instants import MINUTE
from sla_rules.partition import Partition
from sla_rules.rulebook import RuleBook
from streams.decode import MILLISECOND, decode

PROJECT = Path(__file__).parents[1]
AGREEMENT = PROJECT / "agreements" / "company-x.yaml"
START = date(2026, 3, 2)
DAYS = 10
LEADS_PER_DAY = 1_500
BATCH = 2_000
ROUNDS = 3


@dataclass(slots=True)
class Arrived:
    """A record as the consumer hands it over."""

    topic: str
    partition: int
    offset: int
    timestamp: int
    key: bytes | None
    value: bytes | None
    headers: Sequence[tuple[str, bytes]]


def records(rules: RuleBook) -> Iterator[Arrived]:
    """The workload: the same for everybody who asks."""
    hours = rules.terms[0].agreement.calendar
    plan = Plan(first=START, days=DAYS, leads_per_day=LEADS_PER_DAY, seed=1, hours=hours)
    for offset, item in enumerate(simulate(plan)):
        stamp = item.arrival // MILLISECOND
        yield Arrived(item.topic, 0, offset, stamp, item.key, item.value, item.headers)


def fold(workload: Sequence[Arrived], rules: RuleBook) -> dict[str, float]:
    """One round: events a second and CPU seconds for a million events, and what came of it."""
    book = Partition(rules, {})
    began, cpu = perf_counter(), process_time()
    rejected = 0
    for first in range(0, len(workload), BATCH):
        batch = workload[first : first + BATCH]
        book.pass_time(batch[0].timestamp * MILLISECOND)
        decoded = decode(batch, 1, book.leads, 5 * MINUTE)
        rejected += len(decoded.rejected)
        book.fold(decoded.facts)
    seconds, used = perf_counter() - began, process_time() - cpu
    return {
        "events_per_second": len(workload) / seconds,
        "cpu_seconds_per_million": used / len(workload) * 1e6,
        "leads": len(book.leads),
        "rejected": rejected,
    }


def main() -> None:
    """Run the rounds, print and keep the result."""
    rules = RuleBook(load_agreements([AGREEMENT]))
    workload = list(records(rules))
    rounds = [fold(workload, rules) for _ in range(ROUNDS)]
    assert len({(one["leads"], one["rejected"]) for one in rounds}) == 1, "rounds came to different results"
    speeds = sorted(one["events_per_second"] for one in rounds)
    result = {
        "bench": "fold alone, without Kafka",
        "events": len(workload),
        "leads": rounds[0]["leads"],
        "events_per_second": {"min": speeds[0], "median": median(speeds), "max": speeds[-1]},
        "cpu_seconds_per_million": median(one["cpu_seconds_per_million"] for one in rounds),
        "peak_memory_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "machine": {"cores": len(_cores()), "python": platform.python_version(), "system": platform.system()},
        "versions": {name: version(name) for name in ("leadsla", "msgspec", "pydantic")},
        "commit": _commit(),
    }
    print(json.dumps(result, indent=2))
    kept = PROJECT / "bench" / "results" / "fold.json"
    kept.parent.mkdir(exist_ok=True)
    kept.write_text(json.dumps(result, indent=2) + "\n")
    print(f"kept in {kept.relative_to(PROJECT)}")


def _cores() -> set[int]:
    return os.sched_getaffinity(0)


def _commit() -> str:
    command = ["git", "rev-parse", "--short", "HEAD"]
    return subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False).stdout.strip() or "unknown"


main()
