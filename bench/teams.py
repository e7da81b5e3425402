"""How long does a scrape take, how long does it hold the event loop, and how late does that come round beside it?

The collector alone, in one process, without Kafka: the leads of every team are owed something.
"""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import asynccontextmanager
from time import monotonic, perf_counter, thread_time
from typing import Any, Final

from bench.contenders.job import AGREEMENT
from bench.growth import named
from bench.progress import say
from bench.results import keep, spread
from sla_rules.agreement.file import load_agreements
from sla_rules.agreement.model import Agreement
from sla_rules.agreement.rulebook import RuleBook
from sla_rules.engine.partition import PartitionState
from sla_rules.figures.team_labels import TeamLabels
from sla_rules.instants import MINUTE, Instant
from sla_rules.lead.facts import Created, Fact, Fields, HandedOff
from sla_rules.names import EVENT_TOPICS
from streams.health.worker_health import WorkerHealth
from streams.monitoring.collector import Collector
from streams.partitions.ownership import Owned, Ownership
from streams.pipeline.counters import Counters
from streams.settings import Settings

TEAMS: Final = 10_000
PARTITIONS: Final = 4
AGREEMENTS: Final = (1, 3, 10)
SCRAPES: Final = 30
_AT: Final[Instant] = 1_780_000_000_000_000
_PAUSE: Final = 0.001


def teams(count: int = TEAMS, scrapes: int = SCRAPES) -> None:
    """Measure with some numbers of agreements, with the limit on teams as it is by default, and without."""
    (plain,) = load_agreements([AGREEMENT])
    points = []
    for agreements in AGREEMENTS:
        held = [plain] if agreements == 1 else [named(plain, number) for number in range(agreements)]
        for limit in (Settings().metrics_teams, None):
            point = asyncio.run(_measured(held, count, limit, scrapes))
            points.append({"agreements": agreements, "limit": limit, **point})
            say(f"{agreements} agreements, limit {limit}: {point}")
    keep("teams", {"teams": count, "partitions": PARTITIONS, "scrapes": scrapes, "points": points})


async def _measured(agreements: Sequence[Agreement], count: int, limit: int | None, scrapes: int) -> dict[str, Any]:
    collector = _collector(RuleBook(agreements), count, limit)
    answer = await collector.scrape("text")
    took: list[float] = []
    async with _waits() as alone:
        await asyncio.sleep(0.5)
    async with _waits() as beside:
        for _ in range(scrapes):
            began = perf_counter()
            answer = await collector.scrape("text")
            took.append((perf_counter() - began) * 1e3)
            await asyncio.sleep(0.05)
    held, began = [], thread_time()
    for _ in range(scrapes):
        await collector.scrape("text")
        began, before = thread_time(), began
        held.append((began - before) * 1e3)
    return {
        "series": sum(1 for line in answer.splitlines() if not line.startswith(b"#")),
        "kib": round(len(answer) / 1024, 1),
        "milliseconds": spread(took),
        "loop_held_milliseconds": spread(held),
        "loop_waits_milliseconds": round(max(beside), 1),
        "loop_waits_without_milliseconds": round(max(alone), 1),
    }


@asynccontextmanager
async def _waits() -> Any:
    """How many milliseconds later than it wished the loop came round, each time."""
    found: list[float] = []

    async def look() -> None:
        while True:
            began = perf_counter()
            await asyncio.sleep(_PAUSE)
            found.append((perf_counter() - began - _PAUSE) * 1e3)

    looking = asyncio.create_task(look())
    try:
        yield found
    finally:
        looking.cancel()


def _collector(rules: RuleBook, count: int, limit: int | None) -> Collector:
    labels = TeamLabels(rules.teams, limit)
    ownership = Ownership()
    for partition in range(PARTITIONS):
        state = PartitionState(rules, {}, labels)
        state.load()
        state.advance_to(_AT)
        state.fold(dict(_leads(count, partition)))
        ownership.partitions[partition] = Owned(state)
    topics = dict.fromkeys(EVENT_TOPICS, PARTITIONS)
    return Collector(rules, ownership, Counters(), WorkerHealth(monotonic()), lambda: _AT + MINUTE, topics, labels)


def _leads(count: int, partition: int) -> Iterator[tuple[bytes, list[Fact]]]:
    """A lead of every team; its score says which segment it is of."""
    for number in range(partition, count, PARTITIONS):
        told = _AT, _AT, "/crm/bench"
        fields: Fields = {"role": "director", "score": number % 100}
        created = Created(*told, f"created-{number}", fields=fields)
        yield f"lead-{number}".encode(), [created, HandedOff(*told, f"handed-off-{number}", team=f"team {number}")]
