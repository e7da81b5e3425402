"""The results of runs: kept one beside the other, and added up."""

import json
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

from bench.results import FOLDER, keep
from bench.soak.comparison import COMPARED
from bench.soak.plan import Kind
from bench.soak.run import SESSION_SECONDS, Outcome
from sla_rules.instants import iso
from streams.clock import wall_clock

_PREFIX: Final = "soak-"


def keep_outcome(outcome: Outcome, store: str, seed: int, workers: int) -> None:
    """Print the result of a run and put it beside those of earlier ones."""
    ending = outcome.ending
    stamp = iso(wall_clock())[:19].replace(":", "")
    keep(
        f"{_PREFIX}{store}-{seed}-{stamp}",
        {
            "store": store,
            "seed": seed,
            "workers": workers,
            "session_timeout_seconds": SESSION_SECONDS,
            "disruptions": {kind.value: outcome.done[kind] for kind in Kind},
            "seconds": round(outcome.seconds),
            "acknowledged": outcome.acknowledged,
            "events": ending.events,
            "facts": ending.facts,
            "dead_letters": ending.dead_letters,
            "breaches": ending.breaches,
            "figures": ending.figures,
            "workers_ended": dict(outcome.endings.most_common()),
            "compared": COMPARED,
            "lost": ending.lost,
            "differences": ending.differences,
        },
    )


def added_up(folder: Path = FOLDER) -> list[str]:
    """A line for each store: how many runs are kept, what was done in all of them, and what came of it."""
    runs: dict[str, list[dict[str, Any]]] = {}
    for file in sorted(folder.glob(f"{_PREFIX}*.json")):
        result = json.loads(file.read_text())
        runs.setdefault(result["store"], []).append(result)
    return [f"{store}: {_sum_of(results)}" for store, results in runs.items()]


def _sum_of(results: Iterable[dict[str, Any]]) -> str:
    total: Counter[str] = Counter()
    for result in results:
        total.update(result["disruptions"])
        total.update(runs=1, events=result["events"], lost=result["lost"], differences=len(result["differences"]))
    return ", ".join(f"{count:,} {name.replace('_', ' ')}" for name, count in total.items())
