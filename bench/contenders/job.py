"""The job that every contender does: records -> `decode` -> `Partition.fold` -> states, to be kept and written.

A contender is a process of its own. It is told its task by the environment, says `ready` on standard output when it has
its partitions (or the first record in hand, where its framework does not say), and runs until it is told to stop.
"""

import json
import os
from collections.abc import Iterator, Mapping, MutableMapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Final, Self

from sla_rules.agreement.file import load_agreements
from sla_rules.agreement.rulebook import RuleBook
from sla_rules.engine.partition import PartitionState
from sla_rules.instants import MINUTE
from streams.pipeline.decode import decode
from streams.reading.records import Record

AGREEMENT: Final = Path(__file__).parents[1] / "agreement.yaml"
TASK: Final = "LEADSLA_BENCH_TASK"
READY: Final = "ready"
DONE: Final = "done"
TOLERATED: Final = 5 * MINUTE
BATCH: Final = 2_000
"""Most records taken at once, where a contender can say so: the worker's own setting."""
COMMIT_SECONDS: Final = 1.0
"""Between commits, where a contender can say so: the worker's own setting."""


@dataclass(frozen=True, slots=True)
class Task:
    """Where to read and write. The changelog's name counts only where the framework does not choose it."""

    broker: str
    group: str
    changelog: str
    partitions: int
    folder: str

    def environment(self) -> dict[str, str]:
        """What the contender's process is given."""
        return {TASK: json.dumps(asdict(self))}

    @classmethod
    def given(cls) -> Self:
        """The task of this process."""
        return cls(**json.loads(os.environ[TASK]))


@dataclass(slots=True)
class Arrived:
    """A record as the job reads it, for clients that have records of another shape."""

    topic: str
    partition: int
    offset: int
    timestamp: int
    key: bytes | None
    value: bytes | None
    headers: Sequence[tuple[str, bytes]] = ()


class RejectedError(Exception):
    """The workload has nothing to reject, so the contender handed something else on than it read."""


def rule_book() -> RuleBook:
    """The agreement that all run."""
    return RuleBook(load_agreements([AGREEMENT]))


@dataclass(slots=True)
class BatchJob:
    """Folds batches of one partition, states in a dictionary for each: what a loop of one's own would do."""

    partitions: int
    rules: RuleBook = field(default_factory=rule_book)
    books: dict[int, PartitionState] = field(default_factory=dict)

    def fold(self, partition: int, records: Sequence[Record]) -> Mapping[bytes, bytes]:
        """The states to write, by lead."""
        state = self.books.get(partition)
        if state is None:
            state = self.books[partition] = PartitionState(self.rules, {}, clocks=False)
        decoded = decode(records, self.partitions, state.leads, TOLERATED)
        if decoded.rejected:
            raise RejectedError(decoded.rejected[0].detail)
        return state.fold(decoded.facts).states


class Kept(MutableMapping[bytes, bytes]):
    """The one lead that a framework has just looked up, as the mapping that a partition keeps its leads in."""

    def __init__(self) -> None:
        self.state: bytes | None = None

    def __getitem__(self, key: bytes) -> bytes:
        if self.state is None:
            raise KeyError(key)
        return self.state

    def __setitem__(self, key: bytes, value: bytes) -> None:
        self.state = value

    def __delitem__(self, key: bytes) -> None:
        self.state = None

    def __contains__(self, key: object) -> bool:
        return self.state is not None

    def __iter__(self) -> Iterator[bytes]:
        message = "the framework knows the key; nobody here does"
        raise TypeError(message)

    def __len__(self) -> int:
        return int(self.state is not None)


@dataclass(slots=True)
class EventJob:
    """Folds one event at a time into a state that the framework keeps, figures of all partitions in one place."""

    partitions: int
    _kept: Kept = field(default_factory=Kept)
    _book: PartitionState = field(init=False)

    def __post_init__(self) -> None:
        self._book = PartitionState(rule_book(), self._kept, clocks=False)

    def fold(self, record: Record, before: bytes | None) -> bytes | None:
        """The lead's state after an event, and `before` itself if it changes nothing."""
        self._kept.state = before
        decoded = decode((record,), self.partitions, self._kept, TOLERATED)
        if decoded.rejected:
            raise RejectedError(decoded.rejected[0].detail)
        self._book.fold(decoded.facts)
        return self._kept.state


class Once:
    """Says `ready`, once."""

    def __init__(self) -> None:
        self._said = False

    def __call__(self) -> None:
        """Say it, unless it has been said."""
        if not self._said:
            self._said = True
            print(READY, flush=True)
