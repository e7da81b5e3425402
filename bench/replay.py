"""How fast does `leadsla replay` work through a file of events, with one process and with two, beside the fold alone?"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter
from typing import Any, Final

from bench.contenders.job import AGREEMENT
from bench.fold_alone import fold_alone
from bench.process import PROJECT, BenchError
from bench.progress import say, shown
from bench.results import keep
from bench.workload import Record, records
from sla_rules.instants import iso

EVENTS: Final = 1_000_000
JOBS: Final = (1, 2)
_WITHIN_SECONDS: Final = 3_600


def replay(events: int = EVENTS) -> None:
    """Replay the workload as a file, with each number of jobs, and keep events a second."""
    told = records(events)
    with tempfile.TemporaryDirectory(prefix="leadsla-bench-") as folder:
        file = Path(folder) / "events.jsonl"
        _write(file, told)
        by_jobs = {str(jobs): events / _seconds(file, jobs) for jobs in JOBS}
    alone = fold_alone(told)["events_per_second"]
    result: dict[str, Any] = {
        "events": events,
        "events_per_second": {jobs: round(speed) for jobs, speed in by_jobs.items()},
        "fold_events_per_second": round(alone),
        "ratio_to_fold": {jobs: round(speed / alone, 3) for jobs, speed in by_jobs.items()},
    }
    keep("replay", result)


def _write(file: Path, told: Sequence[Record]) -> None:
    """One event a line; when it arrived stands in it, as `recordedtime`."""
    with file.open("w") as lines:
        for record in shown(told, "writing"):
            event = {**json.loads(record.value), "recordedtime": iso(record.stamp)}
            lines.write(json.dumps(event, separators=(",", ":")) + "\n")


def _seconds(file: Path, jobs: int) -> float:
    command = [sys.executable, "-m", "leadsla", "replay", str(AGREEMENT), "--events", str(file)]
    began = perf_counter()
    done = subprocess.run(
        [*command, "--jobs", str(jobs), "--json"],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
        timeout=_WITHIN_SECONDS,
    )
    took = perf_counter() - began
    if done.returncode or not done.stdout.startswith("{"):
        message = f"leadsla replay ended with {done.returncode}:\n{done.stderr[-2_000:]}"
        raise BenchError(message)
    say(f"replayed with {jobs} jobs in {took:.1f} s")
    return took
