"""The leads of the owned partitions, in memory or on disk."""

from collections.abc import Iterable, MutableMapping

from streams.clock import wall_clock
from streams.partitions.disk_store import RocksLeads, new_cache
from streams.settings import Settings


class LeadTables:
    """States by lead, by partition."""

    def __init__(self, settings: Settings) -> None:
        self.leads: dict[int, MutableMapping[bytes, bytes]] = {}
        self._cache = new_cache() if settings.store == "rocksdb" else None
        self._folder = settings.data_dir / "leads" / settings.group

    def keep_only(self, partitions: set[int]) -> None:
        """Drop every other partition."""
        for partition in self.leads.keys() - partitions:
            leads = self.leads.pop(partition)
            if isinstance(leads, RocksLeads):
                leads.close()

    def open(self, partition: int) -> MutableMapping[bytes, bytes]:
        """Where the leads of a partition go; on disk, what is there from before."""
        folder, cache = self._folder / str(partition), self._cache
        leads: MutableMapping[bytes, bytes] = {} if cache is None else RocksLeads(folder, cache, wall_clock)
        self.leads[partition] = leads
        return leads

    def settle(self, partition: int, leads: Iterable[bytes], mark: int | None) -> None:
        """The changelog has the states of some leads; below `mark`, if that is known, nothing is missing here."""
        found = self.leads.get(partition)
        if isinstance(found, RocksLeads):
            found.settle(leads, mark)
