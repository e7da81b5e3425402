"""Very many open leads in a changelog, as the real fold leaves them, for a worker to take over.

Each lead was created, handed off and attempted three times, events with UUIDs for ids, and is owed three attempts more
within 14 days of its hand-off. One is handed off a millisecond after the other, so that deadlines fall due at 1,000 a
second from `FIRST_DUE` on.
"""

import asyncio
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from random import Random
from typing import Final
from uuid import UUID

from bench.contenders.job import AGREEMENT, Task
from bench.progress import say
from bench.stage import Stage
from bench.workload import BEGIN
from sla_rules.agreement_file import load_agreements
from sla_rules.facts import Attempted, Created, Fact, HandedOff
from sla_rules.instants import DAY, HOUR, MINUTE, SECOND, Duration, Instant
from sla_rules.partition import Partition
from sla_rules.rulebook import RuleBook
from streams.publisher import Publisher
from streams.topics import changelog_of

LEADS: Final = 1_000_000
APART: Final[Duration] = SECOND // 1_000
FIRST_DUE: Final[Instant] = BEGIN + 14 * DAY
_CHUNK: Final = 10_000


@dataclass(frozen=True, slots=True)
class OpenLeads:
    """A task whose changelog holds them. Its agreement counts by month and without volume, so that no period is over yet."""

    task: Task
    agreement: Path
    leads: int
    state_bytes: float


def prepare(on: Stage, leads: int) -> OpenLeads:
    """Fold the leads and write their states to a changelog of its own."""
    agreement = on.folder / "by-month.yaml"
    without_volume = AGREEMENT.read_text().partition("  - id: leads-delivered")[0]
    agreement.write_text(without_volume.replace("[day, week, month]", "[month]"))
    task = task_without_events(on, "open")
    say(f"folding {leads:,} leads and writing their states")
    size = asyncio.run(_write(on, task, agreement, leads))
    return OpenLeads(task, agreement, leads, size / leads)


def task_without_events(on: Stage, name: str) -> Task:
    """A task for a worker of ours, every topic empty."""
    on.empty_events()
    on.empty_outputs()
    group = on.new_name(name)
    changelog = changelog_of(on.settings(group))
    on.empty_changelog(changelog)
    on.empty_memory(group)
    return Task(on.kafka.bootstrap, group, changelog, on.partitions, str(on.new_folder(group)))


async def _write(on: Stage, task: Task, agreement: Path, leads: int) -> int:
    size = 0
    chunks = [(agreement, first, min(first + _CHUNK, leads)) for first in range(0, leads, _CHUNK)]
    async with Publisher(on.settings(task.group), [task.changelog]) as publisher:
        with ProcessPoolExecutor(2, get_context("spawn")) as pool:
            for states in pool.map(_folded, chunks):
                for lead, state in states.items():
                    size += len(state)
                    await publisher.publish(task.changelog, lead, state, stamp=BEGIN)
    return size


def _folded(chunk: tuple[Path, int, int]) -> dict[bytes, bytes]:
    agreement, first, last = chunk
    book = Partition(RuleBook(load_agreements([agreement])), {})
    book.pass_time(FIRST_DUE - DAY)
    for number in range(first, last):
        book.fold({f"lead-{number:08d}".encode(): list(_facts(number))})
    return dict(book.leads)


def _facts(number: int) -> Iterator[Fact]:
    rng = Random(number)  # noqa: S311 - no secret
    at = BEGIN + number * APART
    rep = f"rep-{number % 40:02d}"
    fields = {"product": "plus", "region": rng.choice(("north", "south")), "role": "director", "score": number % 100}

    def told(after: Duration) -> tuple[Instant, Instant, str, str]:
        return at + after, at + after + SECOND, "/crm/bench", str(UUID(int=rng.getrandbits(128), version=4))

    yield Created(*told(-10 * MINUTE), fields=dict(sorted(fields.items())))
    yield HandedOff(*told(0), rep=rep, team=f"team-{rep[-1]}")
    for attempt in range(3):
        yield Attempted(*told(20 * MINUTE + attempt * 26 * HOUR), channel="phone", outcome="no_answer", rep=rep)
