"""The last value of each key of a log: what a partition's owners wrote, where two of them may have overlapped."""

from collections.abc import MutableMapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from sla_rules.engine.state_merge import merge_states, supersedes
from streams.partitions.disk_store import RocksLeads
from streams.partitions.offset_tracker import generation_of


class Recovered(Protocol):
    """A record of a log that only owners of its partition write."""

    @property
    def key(self) -> bytes:
        """The lead, or whatever else the value is of."""

    @property
    def value(self) -> bytes | None:
        """None where it has left."""

    @property
    def offset(self) -> int:
        """Its place."""

    @property
    def headers(self) -> Sequence[tuple[str, bytes | None]]:
        """Those of a state say in which generation its writer owned the partition."""


@dataclass(slots=True)
class LastValues:
    """Puts the last value of each key of one partition into a store; `foreign` are keys whose value another generation wrote.

    A state takes the place of one that another owner wrote only if it knows as much: of two owners, one may not have known
    of the other. Else they join. That a lead left counts unless its owner had been succeeded.
    """

    values: MutableMapping[bytes, bytes]
    generation: int = 0
    foreign: set[bytes] = field(default_factory=set)

    def take(self, records: Sequence[Recovered]) -> None:
        """Take in what follows in the log."""
        for record in records:
            self._put(record)
        if isinstance(self.values, RocksLeads):
            self.values.settle_all(records[-1].offset + 1)

    def _put(self, record: Recovered) -> None:
        values, written_in = self.values, generation_of(record.headers)
        if record.value is None:
            if written_in >= self.generation:
                values.pop(record.key, None)
            return
        if written_in > self.generation:
            self.generation, self.foreign = written_in, set(values)
        if written_in == self.generation and record.key not in self.foreign:
            values[record.key] = record.value
            return
        known = values.get(record.key, record.value)
        if written_in == self.generation and supersedes(record.value, known):
            self.foreign.discard(record.key)
            values[record.key] = record.value
        else:
            values[record.key] = merge_states(known, record.value)
            self.foreign.add(record.key)


class LastValueOf:
    """The last value of one key, by the same rules, keeping nothing of the others."""

    def __init__(self, key: bytes) -> None:
        self._key, self._values = key, LastValues({})
        self.has_been = False
        """Whether the log says anything of it."""

    @property
    def value(self) -> bytes | None:
        """None where it never was, or has left."""
        return self._values.values.get(self._key)

    def take(self, records: Sequence[Recovered]) -> None:
        """Take in what follows in the log: of other keys, only that another owner wrote."""
        for record in records:
            is_it = record.key == self._key
            self.has_been = self.has_been or is_it
            if is_it or (record.value is not None and generation_of(record.headers) > self._values.generation):
                self._values.take([record])
                if not is_it:
                    self._values.values.pop(record.key, None)
