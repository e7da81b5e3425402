"""The store behind Faust's `leads` table: raw bytes by lead for each owned partition, in memory or on disk.

Faust's own memory store replays a changelog at some 10,000 records a second and goes on listing keys of partitions
that went to other workers. This one drops what is revoked and loads what is new in one pass. Then nothing is left to
recover, and Faust asks the broker nothing about the changelog, which may not even be there (`SteadyRecovery`).
"""

from collections import ChainMap, Counter
from collections.abc import Callable, Iterable
from typing import Any, Final

from faust.stores.memory import Store
from faust.tables.manager import TableManager
from faust.tables.recovery import Recovery
from faust.tables.table import Table
from faust.types import TP, EventT

from streams.faust_host.host import Host

_URL: Final = "leadsla://"
"""Faust wants one of every store."""


class SteadyRecovery(Recovery):
    """Faust's, with nothing to recover, since the store has loaded all there is.

    A step that the broker does not answer is waited for: Faust's own would end itself in the end without a word, and the
    worker read nothing from then on. Whether it takes too long, `/livez` says.
    """

    async def _build_highwaters(self, consumer: object, tps: set[TP], destination: Counter[TP], title: str) -> None:
        del consumer, title
        destination.clear()
        destination.update(dict.fromkeys(tps, -1))

    async def _build_offsets(self, consumer: object, tps: set[TP], destination: Counter[TP], title: str) -> None:
        del consumer, title
        destination.clear()
        destination.update(dict.fromkeys(tps, -1))

    async def _wait(self, coro: Any, timeout: Any = None) -> None:  # noqa: ASYNC109 - Faust's signature
        del timeout
        await super()._wait(coro)


class TablesAtOnce(TableManager):
    """Faust's, but that it does not wait a second for tables that agents may yet declare: ours is there from the start."""

    @property
    def recovery(self) -> Recovery:
        """What opens the tables."""
        if self._recovery is None:
            self._recovery = SteadyRecovery(self.app, self, beacon=self.beacon, loop=self.loop)
        return self._recovery

    async def on_start(self) -> None:
        """Tell the consumer which topics the tables lie in, and begin to recover them."""
        await self._update_channels()
        await self.recovery.start()


class LeadStore(Store[bytes, bytes]):
    """Shows Faust the leads of its host; the agent alone writes them, by partition."""

    def __init__(self, *args: Any, host: Host, **options: Any) -> None:
        super().__init__(*args, **options)
        self._handover = host.handover

    def persisted_offset(self, tp: TP) -> int | None:
        """Nothing that recovery looks at."""
        del tp
        return None

    async def on_rebalance(
        self, assigned: set[TP], revoked: set[TP], newly_assigned: set[TP], generation_id: int = 0
    ) -> None:
        """Drop what went, load what came."""
        del assigned, revoked, newly_assigned
        changelog = self.table.changelog_topic.get_topic_name()
        active = {tp.partition for tp in self.app.assignor.assigned_actives() if tp.topic == changelog}
        self.data = ChainMap(*await self._handover.take(active, generation_id))

    async def on_recovery_completed(self, active_tps: set[TP], standby_tps: set[TP]) -> None:
        """All partitions are complete: show them and let their time begin."""
        del active_tps, standby_tps
        try:
            await self._handover.open()
        except Exception as error:
            # Faust gathers this callback without looking at what it raised.
            await self.app.crash(error)
            raise

    def apply_changelog_batch(
        self, batch: Iterable[EventT[Any]], to_key: Callable[[Any], Any], to_value: Callable[[Any], Any]
    ) -> None:
        """Never called: what a former owner writes into the changelog after the bulk load, the offset tracker finds."""
        del batch, to_key, to_value


class LeadTable(Table[bytes, bytes]):
    """Faust's, whose store is ours and has its host."""

    def __init__(self, *args: Any, host: Host, **options: Any) -> None:
        self._host = host
        super().__init__(*args, **options)

    def _new_store(self) -> LeadStore:
        return LeadStore(_URL, self.app, self, host=self._host, table_name=self.name, loop=self.loop)
