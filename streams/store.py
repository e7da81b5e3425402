"""The store behind Faust's `leads` table: a dictionary of raw bytes per owned partition, loaded in bulk.

Faust's own memory store replays a changelog at some 10,000 records a second and goes on listing keys of partitions
that went to other workers. This one drops what is revoked, loads what is new in one pass, and then tells Faust, by
`persisted_offset`, that nothing is left to recover.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from faust.stores.base import SerializedStore
from faust.types import TP


class LeadStore(SerializedStore):
    """Reads through to `app.estate`, the `LeadTables` that the agent writes."""

    @property
    def _tables(self) -> "LeadTables":
        tables: LeadTables = self.app.lead_tables
        return tables

    def persisted_offset(self, tp: TP) -> int | None:
        """Offset of the last changelog record that is in here."""
        end = self._tables.ends.get(tp.partition)
        return None if end is None else end - 1

    async def on_rebalance(
        self, assigned: set[TP], revoked: set[TP], newly_assigned: set[TP], generation_id: int = 0
    ) -> None:
        """Drop what went, load what came."""
        del assigned, revoked, newly_assigned
        changelog = self.table.changelog_topic_name
        active = {tp.partition for tp in self.app.assignor.assigned_actives() if tp.topic == changelog}
        await self.app.take_over(active, generation_id)

    async def on_recovery_completed(self, active_tps: set[TP], standby_tps: set[TP]) -> None:
        """All partitions are complete: show them and let their time begin."""
        del active_tps, standby_tps
        await self.app.open_partitions()

    def apply_changelog_batch(
        self, batch: Iterable[Any], to_key: Callable[[Any], Any], to_value: Callable[[Any], Any]
    ) -> None:
        """Take in what came into the changelog after the bulk load, from an owner that had not noticed its end."""
        del to_key, to_value
        for event in batch:
            message = event.message
            self._tables.put(message.partition, message.key, message.value)

    def _get(self, key: bytes) -> bytes | None:
        return next((leads[key] for leads in self._tables.leads.values() if key in leads), None)

    def _set(self, key: bytes, value: bytes | None) -> None:
        raise TypeError(_WRITTEN_BY_AGENT)

    def _del(self, key: bytes) -> None:
        raise TypeError(_WRITTEN_BY_AGENT)

    def _iterkeys(self) -> Iterator[bytes]:
        for leads in self._tables.leads.values():
            yield from leads

    def _itervalues(self) -> Iterator[bytes | None]:
        for leads in self._tables.leads.values():
            yield from leads.values()

    def _iteritems(self) -> Iterator[tuple[bytes, bytes]]:
        for leads in self._tables.leads.values():
            yield from leads.items()

    def _size(self) -> int:
        return sum(len(leads) for leads in self._tables.leads.values())

    def _contains(self, key: bytes) -> bool:
        return any(key in leads for leads in self._tables.leads.values())

    def _clear(self) -> None:
        self._tables.keep_only(set())


_WRITTEN_BY_AGENT = "leads are written by partition, by the agent alone"


class LeadTables:
    """States by lead, by partition, with the changelog offset each partition was loaded up to."""

    def __init__(self) -> None:
        self.leads: dict[int, dict[bytes, bytes]] = {}
        self.ends: dict[int, int] = {}

    def keep_only(self, partitions: set[int]) -> None:
        """Drop every other partition."""
        for partition in self.leads.keys() - partitions:
            del self.leads[partition]
            self.ends.pop(partition, None)

    def load(self, partition: int, leads: dict[bytes, bytes], end: int) -> None:
        """Take a partition in as it was read."""
        self.leads[partition], self.ends[partition] = leads, end

    def put(self, partition: int, key: bytes, value: bytes | None) -> None:
        """Take in one changelog record."""
        leads = self.leads.setdefault(partition, {})
        if value is None:
            leads.pop(key, None)
        else:
            leads[key] = value
