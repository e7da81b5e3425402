"""Did a change cost speed? The worker beside that of another checkout, in pairs, the other one first every second time."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bench.contenders.job import Task
from bench.contest import LeadSLA
from bench.process import BenchError
from bench.results import commit_of, keep
from bench.stage import stage
from bench.throughput import faust_changelog, in_rounds
from bench.workload import EVENTS, records

PAIRS: Final = 5
BEFORE: Final = "before"
NOW: Final = "leadsla"


@dataclass(frozen=True, slots=True)
class Checkout(LeadSLA):
    """The worker of another checkout, by this one's interpreter and libraries."""

    folder: Path = Path()

    def environment(self, task: Task) -> Mapping[str, str]:
        """Settings, and where its code lies; not where the process starts."""
        return {**LeadSLA.environment(self, task), "PYTHONPATH": str(self.folder), "PYTHONSAFEPATH": "1"}


def before(folder: Path, events: int = EVENTS, pairs: int = PAIRS) -> None:
    """Run both in turn and keep what each took.

    Raises:
        BenchError: there is no such checkout, or the two did not come to the same states.

    """
    if not (folder / "leadsla" / "__main__.py").is_file():
        message = f"{folder} is no checkout of this project"
        raise BenchError(message)
    both = (
        LeadSLA(NOW, "leadsla", changelog=faust_changelog),
        Checkout(BEFORE, "leadsla", changelog=faust_changelog, folder=folder.resolve()),
    )
    with stage() as on:
        on.empty_events()
        on.publish(records(events))
        found = in_rounds(both, on, events, pairs, BEFORE)
    keep("before", {"events": events, "pairs": pairs, "before": commit_of(folder), "contenders": found})
