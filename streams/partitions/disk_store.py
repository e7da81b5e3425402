"""Leads of a partition on disk instead of in memory: one RocksDB for each, beside the changelog and never ahead of it.

What partition states write stays in memory until the changelog has it, and then goes to disk in one batch with the offset up to
which the changelog is in there. So whatever dies, a database is the changelog up to its mark, and after a restart the
rest is read.
"""

import fcntl
from collections.abc import ItemsView, Iterable, Iterator, Mapping, MutableMapping
from contextlib import contextmanager
from importlib.util import find_spec
from itertools import islice
from pathlib import Path
from typing import IO, Any, Final, NamedTuple, cast

from sla_rules.instants import SECOND, Duration
from streams.clock import Clock

_LEAD: Final = b"L"
_MARK: Final = b"M"
_WRITE_BUFFER: Final = 8 * 1024 * 1024
_BLOCK_CACHE: Final = 64 * 1024 * 1024
_OPEN_FILES: Final = 256
_KEYS_AT_ONCE: Final = 1_000


class Mark(NamedTuple):
    """The offset up to which the changelog is in a database, and how long ago that was so."""

    offset: int
    age: Duration


class DataDirError(Exception):
    """The folder for leads on disk cannot be used; the message says why."""


def lock(folder: Path) -> IO[str]:
    """Claim a folder for this process, as long as what is given back stays open.

    Raises:
        DataDirError: another worker has it, it cannot be written, or RocksDB is not installed.

    """
    if find_spec("rocksdict") is None:
        message = "LEADSLA_STORE=rocksdb needs rocksdict: pip install 'leadsla[rocksdb]'"
        raise DataDirError(message)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        file = (folder / "lock").open("w", encoding="utf-8")
    except OSError as wrong:
        message = f"{folder} cannot be used (LEADSLA_DATA_DIR): {wrong.strerror}"
        raise DataDirError(message) from None
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.close()
        message = f"{folder} is in use by another worker; give each its own LEADSLA_DATA_DIR"
        raise DataDirError(message) from None
    return file


def new_cache() -> Any:
    """What a worker keeps in memory of what lies on disk, of all its partitions together."""
    from rocksdict import Cache  # noqa: PLC0415 - an option of the installation

    return Cache(_BLOCK_CACHE)


class RocksLeads(MutableMapping[bytes, bytes]):
    """States by lead. What was put in and not settled yet lies in memory."""

    def __init__(self, folder: Path, cache: Any, clock: Clock) -> None:
        from rocksdict import BlockBasedOptions, Options, Rdict  # noqa: PLC0415

        options = Options(raw_mode=True)
        options.set_write_buffer_size(_WRITE_BUFFER)
        options.set_max_write_buffer_number(2)
        options.set_max_open_files(_OPEN_FILES)
        blocks = BlockBasedOptions()
        blocks.set_block_cache(cache)
        blocks.set_bloom_filter(10, block_based=False)
        options.set_block_based_table_factory(blocks)
        folder.parent.mkdir(parents=True, exist_ok=True)
        self._folder, self._options, self._clock = folder, options, clock
        with _usable(folder):
            self._db: Any = Rdict(str(folder), options)
        self._unsettled: dict[bytes, bytes | None] = {}

    @property
    def mark(self) -> Mark | None:
        """Up to where the changelog is in here; None where nothing is."""
        found = self._db.get(_MARK)
        if found is None:
            return None
        offset, _, seconds = found.partition(b" ")  # a former release did not say when
        return Mark(int(offset), self._clock() - int(seconds or 0) * SECOND)

    def settle(self, leads: Iterable[bytes], mark: int | None) -> None:
        """Write what the changelog has of some leads, with the offset up to which all of it is in here, if that is known.

        Raises:
            DataDirError: the disk does not take it.

        """
        from rocksdict import WriteBatch  # noqa: PLC0415

        if self._db is None:
            return
        batch = WriteBatch(raw_mode=True)
        for lead in leads:
            if lead in self._unsettled:
                value = self._unsettled.pop(lead)
                if value is None:
                    batch.delete(_LEAD + lead)
                else:
                    batch.put(_LEAD + lead, value)
        if mark is not None:
            batch.put(_MARK, f"{mark} {self._clock() // SECOND}".encode())
        with _usable(self._folder):
            self._db.write(batch)

    def settle_all(self, mark: int) -> None:
        """Write all that is in memory."""
        self.settle(list(self._unsettled), mark)

    def empty(self) -> None:
        """Start from nothing."""
        from rocksdict import Rdict  # noqa: PLC0415

        self._unsettled.clear()
        with _usable(self._folder):
            self._db.close()
            Rdict.destroy(str(self._folder), self._options)
            self._db = Rdict(str(self._folder), self._options)

    def close(self) -> None:
        """Give the files back; what is not settled is in the changelog, or was never published.

        Raises:
            DataDirError: the disk does not take what was written last.

        """
        db, self._db = self._db, None
        with _usable(self._folder):
            db.close()

    def __getitem__(self, lead: bytes) -> bytes:
        value = self._unsettled[lead] if lead in self._unsettled else self._db.get(_LEAD + lead)
        if value is None:
            raise KeyError(lead)
        return cast("bytes", value)

    def __setitem__(self, lead: bytes, state: bytes) -> None:
        self._unsettled[lead] = state

    def __delitem__(self, lead: bytes) -> None:
        if lead not in self:
            raise KeyError(lead)
        self._unsettled[lead] = None

    def __contains__(self, lead: object) -> bool:
        return self.get(cast("bytes", lead)) is not None

    def __iter__(self) -> Iterator[bytes]:
        """Leads one by one, each once; states may be put in and settled meanwhile, and nothing is held open."""
        fresh = dict.fromkeys(self._fresh())
        yield from fresh
        begin = _LEAD
        while keys := list(islice(self._db.keys(from_key=begin), _KEYS_AT_ONCE)):
            for key in keys:
                if not key.startswith(_LEAD):
                    return
                lead = key[1:]
                if lead not in fresh and self._unsettled.get(lead, b"") is not None:
                    yield lead
            begin = keys[-1] + b"\0"

    def __len__(self) -> int:
        on_disk = sum(1 for _ in self._db.keys(from_key=_LEAD)) - (_MARK in self._db)
        gone = sum(1 for lead, state in self._unsettled.items() if state is None and _LEAD + lead in self._db)
        return on_disk - gone + len(self._fresh())

    def __bool__(self) -> bool:
        return next(iter(self), None) is not None

    def items(self) -> ItemsView[bytes, bytes]:
        """Pairs, read in order; states may be put in meanwhile."""
        return _Items(self)

    def _pairs(self) -> Iterator[tuple[bytes, bytes]]:
        for key, value in self._db.items(from_key=_LEAD):
            if not key.startswith(_LEAD):
                break
            now = self._unsettled.get(key[1:], value)
            if now is not None:
                yield key[1:], now
        for lead in self._fresh():
            yield lead, self[lead]

    def _fresh(self) -> list[bytes]:
        """Leads that are not on disk yet."""
        return [lead for lead, state in self._unsettled.items() if state is not None and _LEAD + lead not in self._db]


@contextmanager
def _usable(folder: Path) -> Iterator[None]:
    """Say in one sentence what the disk refuses within the block."""
    try:
        yield
    except Exception as refused:  # noqa: BLE001 - RocksDB raises no other
        why = str(refused).partition("\n")[0]
        message = (
            f"{folder} cannot be used (LEADSLA_DATA_DIR): {why}; nothing is lost, a restart goes on when it can be"
        )
        raise DataDirError(message) from None


class _Items(ItemsView[bytes, bytes]):
    """Pairs in one pass instead of a look for each key."""

    def __init__(self, leads: RocksLeads) -> None:
        super().__init__(cast("Mapping[bytes, bytes]", leads))
        self._leads = leads

    def __iter__(self) -> Iterator[tuple[bytes, bytes]]:
        return self._leads._pairs()  # noqa: SLF001 - its own view
