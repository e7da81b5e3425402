"""Very many open leads in a changelog, as the real fold leaves them, for a worker to take over.

Each lead was created, handed off and attempted three times, events with UUIDs for ids, and is owed three attempts more
within 14 days of its hand-off. One is handed off a millisecond after the other, so that deadlines fall due at 1,000 a
second from shortly before `MIDNIGHT` on. At that midnight the figures of a day, a week and a month are published, every lead
having its part in the month's, and one lead of each partition leaves.
"""

import asyncio
from collections.abc import Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import date
from functools import partial
from itertools import count
from multiprocessing import get_context
from pathlib import Path
from random import Random
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from bench.contenders.job import AGREEMENT, Task
from bench.progress import say
from bench.stage import Stage
from bench.workload import Record, record
from sla_rules.agreement.file import load_agreements
from sla_rules.agreement.rulebook import RuleBook
from sla_rules.engine.partition import PartitionState
from sla_rules.instants import DAY, HOUR, MINUTE, SECOND, Duration, Instant
from sla_rules.lead.facts import Attempted, Created, Fact, HandedOff
from sla_rules.time.periods import start_of
from streams.kafka.partitioning import partition_of
from streams.kafka.publisher import Publisher
from streams.kafka.topics import changelog_of

LEADS: Final = 1_000_000
APART: Final[Duration] = SECOND // 1_000
MIDNIGHT: Final[Instant] = start_of(date(2026, 6, 2), ZoneInfo("UTC"))
"""A day of grace after the end of a day, a week and a month."""
PUBLISHED: Final = date(2026, 5, 1)
"""The first day of the month."""
KEEP_DAYS: Final = 60
_OWED: Final[Duration] = 14 * DAY
QUIET: Final[Instant] = MIDNIGHT - KEEP_DAYS * DAY - HOUR
"""Last deadline of who leaves at that midnight, and not at the one before."""
_CHUNK: Final = 10_000


@dataclass(frozen=True, slots=True)
class OpenLeads:
    """A task whose changelog holds them. Its agreement has no volume, and days of UTC, as those are at whose end leads leave."""

    task: Task
    agreement: Path
    leads: int
    state_bytes: float
    first_due: Instant


def prepare(on: Stage, leads: int, before: Duration) -> OpenLeads:
    """Fold the leads and write their states to a changelog of its own; the first is due so long before midnight."""
    agreement = in_utc(on.folder)
    task = task_without_events(on, "open")
    say(f"folding {leads:,} leads and writing their states")
    size = asyncio.run(_write(on, task, agreement, leads, MIDNIGHT - before))
    return OpenLeads(task, agreement, leads, size / leads, MIDNIGHT - before)


def in_utc(folder: Path) -> Path:
    """The agreement that they are held to."""
    agreement = folder / "in-utc.yaml"
    without_volume = AGREEMENT.read_text().partition("  - id: leads-delivered")[0]
    agreement.write_text(without_volume.replace("Europe/Berlin", "UTC"))
    return agreement


def task_without_events(on: Stage, name: str) -> Task:
    """A task for a worker of ours, every topic empty."""
    on.empty_events()
    on.empty_outputs()
    group = on.new_name(name)
    changelog = changelog_of(on.settings(group))
    on.empty_changelog(changelog)
    on.empty_memory(group)
    return Task(on.kafka.bootstrap, group, changelog, on.partitions, str(on.new_folder(group)))


async def _write(on: Stage, task: Task, agreement: Path, leads: int, first_due: Instant) -> int:
    """Those who leave lie last, where they are looked at last."""
    size = 0
    quiet = {_name_in(partition, on.partitions): QUIET for partition in range(on.partitions)}
    dues = [first_due + number * APART for number in range(leads - len(quiet))]
    chunks = [*(_named(dues, first) for first in range(0, len(dues), _CHUNK)), quiet]
    async with Publisher(on.settings(task.group), [task.changelog]) as publisher:
        with ProcessPoolExecutor(2, get_context("spawn")) as pool:
            for states in pool.map(partial(folded, agreement, first_due - DAY), chunks):
                for lead, state in states.items():
                    size += len(state)
                    await publisher.publish(task.changelog, lead, state, stamp=first_due - DAY)
    return size


def _named(dues: list[Instant], first: int) -> dict[bytes, Instant]:
    return {f"lead-{first + number:08d}".encode(): due for number, due in enumerate(dues[first : first + _CHUNK])}


def _name_in(partition: int, partitions: int) -> bytes:
    """The name of a lead that belongs into a partition."""
    names = (f"quiet-{number}".encode() for number in count())
    return next(name for name in names if partition_of(name, partitions) == partition)


def folded(agreement: Path, at: Instant, dues: dict[bytes, Instant]) -> dict[bytes, bytes]:
    """States as of an instant, by lead, of leads that fall due when they are said to."""
    state = PartitionState(RuleBook(load_agreements([agreement])), {})
    state.advance_to(at)
    for number, (lead, due) in enumerate(dues.items()):
        state.fold({lead: list(_facts(number, due))})
    return dict(state.leads)


def events_of(number: int, due: Instant) -> Iterator[Record]:
    """What a CRM tells of a lead that is owed attempts by `due`."""
    lead = f"lead-{number:08d}"
    for fact in _facts(number, due):
        kind, data = _told(fact)
        yield record(lead, kind, fact.id, fact.time, fact.arrival, data)


def _told(fact: Fact) -> tuple[str, Mapping[str, object]]:
    match fact:
        case Created():
            return "lead.created.v1", fact.fields
        case HandedOff():
            return "lead.handed_off.v1", {"rep_id": fact.rep, "team": fact.team}
        case Attempted():
            data = {"channel": fact.channel, "actor": fact.actor, "outcome": fact.outcome, "rep_id": fact.rep}
            return "lead.contact_attempted.v1", data
        case _:
            raise TypeError(fact)


def _facts(number: int, due: Instant) -> Iterator[Fact]:
    rng = Random(due)  # noqa: S311 - no secret
    at = due - _OWED
    rep = f"rep-{number % 40:02d}"
    fields = {"product": "plus", "region": rng.choice(("north", "south")), "role": "director", "score": number % 100}

    def told(after: Duration) -> tuple[Instant, Instant, str, str]:
        return at + after, at + after + SECOND, "/crm/bench", str(UUID(int=rng.getrandbits(128), version=4))

    yield Created(*told(-10 * MINUTE), fields=dict(sorted(fields.items())))
    yield HandedOff(*told(0), rep=rep, team=f"team-{rep[-1]}")
    for attempt in range(3):
        yield Attempted(*told(20 * MINUTE + attempt * 2 * HOUR), channel="phone", outcome="no_answer", rep=rep)
