"""How many events a second does one process fold, from topics on a real Kafka to committed offsets, and who else could?

Ratios are those to the plain aiokafka loop of the same round. A contender's time runs from ready to the moment that the
broker shows all of it committed; what it takes to start is told apart.
"""

import time
from collections.abc import Callable, Sequence
from typing import Any, Final

from bench.contenders.job import Task
from bench.contest import Contender, LeadSLA, Run, run
from bench.fold_alone import fold_alone
from bench.process import BenchError
from bench.progress import say
from bench.results import keep, spread
from bench.stage import Stage, stage
from bench.workload import EVENTS, records
from sla_rules.names import INPUT_TOPICS

LIMIT: Final = "aiokafka"
FOLD: Final = "fold"
MEASURES: Final = (
    "events_per_second",
    "late_events_per_second",
    "late_cpu_seconds_per_million",
    "cpu_seconds_per_million",
    "peak_memory_mib",
    "start_seconds",
    "json_ratio",
)
_PAUSE_SECONDS: Final = 3.0
_LEAST_RATE: Final = 400
"""Events a second below which a contender is taken to have got stuck."""


def faust_changelog(task: Task) -> str:
    """Where a worker of ours, or any of Faust's, writes its states."""
    return f"{task.group}-leads-changelog"


def _quix_changelog(task: Task) -> str:
    return f"changelog__{task.group}--{'--'.join(sorted(INPUT_TOPICS))}--default"


def _quix_lead(key: bytes) -> bytes:
    """Its keys are prefixed: `lead|"state"`."""
    return key.partition(b"|")[0]


CONTENDERS: Final = (
    LeadSLA("leadsla", "leadsla", changelog=faust_changelog),
    Contender(LIMIT, "bench.contenders.plain_aiokafka"),
    Contender("confluent", "bench.contenders.plain_confluent"),
    Contender("bytewax", "bench.contenders.bytewax_flow", ends_itself=True),
    Contender("quix", "bench.contenders.quix", changelog=_quix_changelog, lead_of=_quix_lead),
    Contender("faust", "bench.contenders.faust_default", changelog=faust_changelog),
)


def throughput(names: Sequence[str], events: int = EVENTS, rounds: int = 3) -> None:
    """Run the contenders and keep what each took."""
    keep("throughput", measured(names, events, rounds))


def measured(names: Sequence[str], events: int, rounds: int) -> dict[str, Any]:
    """What each contender took, in turn, so many rounds after one to warm up.

    Raises:
        BenchError: a contender did not come to the same states as the others.

    """
    chosen = [contender for contender in CONTENDERS if contender.name in names]
    told = records(events)
    alone: list[dict[str, float]] = []
    with stage() as on:
        on.empty_events()
        on.publish(told)
        found = in_rounds(chosen, on, events, rounds, LIMIT, after_round=lambda: alone.append(fold_alone(told)))
    return {"events": events, "rounds": rounds, "contenders": found, FOLD: _summary(alone)}


def in_rounds(
    chosen: Sequence[Contender],
    on: Stage,
    events: int,
    rounds: int,
    limit: str,
    *,
    after_round: Callable[[], object] = lambda: None,
) -> dict[str, Any]:
    """What each contender took for what lies on the event topics, and its ratios to `limit`; one run first to warm up.

    Raises:
        BenchError: a contender did not come to the same states as the others.

    """
    runs: dict[str, list[Run]] = {contender.name: [] for contender in chosen}
    digests: dict[str, str] = {}
    written: dict[str, int] = {}
    for number in range(-1, rounds):
        turn = number % len(chosen)
        for contender in chosen[:1] if number < 0 else (*chosen[turn:], *chosen[:turn]):
            found, digests[contender.name], written[contender.name] = _one_run(contender, on, events)
            say(f"round {number + 1}: {contender.name}: {found.events_per_second:,.0f} events/s")
            if number >= 0:
                runs[contender.name].append(found)
            time.sleep(_PAUSE_SECONDS)
        if number >= 0:
            after_round()
    _agree(digests)
    return _compared(runs, written, limit)


def _one_run(contender: Contender, on: Stage, events: int) -> tuple[Run, str, int]:
    """What it took, what it came to, and how many records it wrote to its changelog."""
    task = contender.task(on)
    found = run(contender, task, on, events, 60 + events / _LEAST_RATE)
    changelog = contender.changelog(task)
    states = {contender.lead_of(key): value for key, value in on.last_values(changelog)}
    written = sum(on.ends([changelog]).values())
    on.kafka.delete_topics([changelog, task.changelog])
    return found, contender.digest(states), written


def _agree(digests: dict[str, str]) -> None:
    if len(set(digests.values())) > 1:
        message = f"the contenders came to different states: {digests}"
        raise BenchError(message)


def _compared(runs: dict[str, list[Run]], written: dict[str, int], limit: str) -> dict[str, Any]:
    """Of each contender its numbers and, round by round, how they stand to those of the limit."""
    found = {}
    for name, taken in runs.items():
        entry = _summary([one.as_json() for one in taken])
        if limit in runs:
            pairs = list(zip(taken, runs[limit], strict=True))
            late = [
                one.late_events_per_second / other.late_events_per_second
                for one, other in pairs
                if one.late_events_per_second and other.late_events_per_second
            ]
            entry |= {"late_ratio": spread(late)} if late else {}
            entry["speed_ratio"] = spread([one.events_per_second / other.events_per_second for one, other in pairs])
            entry["cpu_ratio"] = spread(
                [one.cpu_seconds_per_million / other.cpu_seconds_per_million for one, other in pairs]
            )
        entry["changelog_records_per_event"] = round(written[name] / taken[0].events, 3)
        found[name] = entry
    return found


def _summary(taken: Sequence[dict[str, float]]) -> dict[str, Any]:
    found = {key: [one[key] for one in taken if key in one] for key in MEASURES}
    return {key: spread(values) for key, values in found.items() if values}
