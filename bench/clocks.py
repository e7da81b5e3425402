"""What do open clocks cost? The worker that writes them to `sla-clocks` beside itself without, in pairs, in another order each time."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from bench.contenders.job import Task
from bench.contest import LeadSLA
from bench.results import keep
from bench.stage import stage
from bench.throughput import faust_changelog, in_rounds
from bench.workload import EVENTS, records

PAIRS: Final = 5
WITH: Final = "leadsla"
WITHOUT: Final = "without"


@dataclass(frozen=True, slots=True)
class WithoutClocks(LeadSLA):
    """The worker with `LEADSLA_CLOCKS` off."""

    def environment(self, task: Task) -> Mapping[str, str]:
        """Settings."""
        return {**LeadSLA.environment(self, task), "LEADSLA_CLOCKS": "false"}


def clocks(events: int = EVENTS, pairs: int = PAIRS) -> None:
    """Run both in turn and keep what each took.

    Raises:
        BenchError: the two did not come to the same states.

    """
    both = (
        LeadSLA(WITH, "leadsla", changelog=faust_changelog),
        WithoutClocks(WITHOUT, "leadsla", changelog=faust_changelog),
    )
    with stage() as on:
        on.empty_events()
        on.publish(records(events))
        found = in_rounds(both, on, events, pairs, WITHOUT)
    keep("clocks", {"events": events, "pairs": pairs, "contenders": found})
