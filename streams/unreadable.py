"""Records that break the client's own rules, read all the same; and what cannot be read, told instead of skipped.

aiokafka gives up a fetch for one header name that is not UTF-8, which clients in C and Go let through: nothing behind it
would ever be read. Such a batch is read a second time, here, and the names keep their bytes as lone surrogates (`spelled`
shows them). What is damaged, the second reading does not forgive: skipping it would lose what nobody has seen.
"""

from collections.abc import Iterator
from struct import unpack_from
from typing import Any, Final

from aiokafka import ConsumerRecord, TopicPartition
from aiokafka.consumer import fetcher
from aiokafka.errors import CorruptRecordException, KafkaError
from aiokafka.record.default_records import _DefaultRecordBatchPy, _DefaultRecordPy
from aiokafka.record.legacy_records import _LegacyRecordBatchPy
from aiokafka.record.memory_records import MemoryRecords
from aiokafka.record.util import decode_varint

_LENGTH: Final = 8
_AFTER_LENGTH: Final = 12
_MAGIC: Final = 16
_RECORDS_V2: Final = 2
"""Where a batch of any format says its length and its format, and the format since Kafka 0.11."""


class UnreadableError(KafkaError):  # type: ignore[misc] # aiokafka is untyped here
    """A batch cannot be read: where it begins, where the next one may be, and why in words."""

    def __init__(self, spot: TopicPartition, offset: int, after: int, why: str) -> None:
        self.spot, self.offset, self.after, self.why = spot, offset, max(after, offset + 1), why
        super().__init__(spot, offset, after, why)

    def __str__(self) -> str:
        """The one sentence that is told of it."""
        last = self.after - 1
        where = f"offset {self.offset}" if last == self.offset else f"offsets {self.offset} to {last}"
        return (
            f"{self.spot.topic}, partition {self.spot.partition}: {where} cannot be read: {self.why}. What lies before has been "
            'read, nothing has been skipped; restore it or give it up as "A batch that cannot be read" in the runbook says'
        )


def read_on() -> None:
    """Let every consumer of this process read so. Faust opens its own, so that there is no other place to say it."""
    fetcher.MemoryRecords = _Fetched
    fetcher.PartitionRecords = _Records


def spelled(name: str) -> str:
    r"""A header's name as text that can be written: bytes that are not UTF-8 as `\xff`."""
    return name.encode(errors="surrogateescape").decode(errors="backslashreplace")


class _Fetched(MemoryRecords):  # type: ignore[misc] # a variable: the faster of two
    """The batches of a fetch, and the bytes they came as."""

    def __init__(self, fetched: bytes) -> None:
        super().__init__(fetched)
        self.fetched = fetched


class _Records(fetcher.PartitionRecords):  # type: ignore[misc] # aiokafka is untyped here
    """The records of a fetch; what the client cannot read is read again with more patience."""

    def _unpack_records(self) -> Iterator[ConsumerRecord]:
        began = self.next_fetch_offset
        fetched: bytes = self._records.fetched
        try:
            yield from super()._unpack_records()
        except Exception:  # noqa: BLE001 - parsers and decompressors raise what they like
            self._records: Any = (again := _Again(fetched, self.next_fetch_offset))
        else:
            return
        try:
            yield from super()._unpack_records()
        except Exception as wrong:
            # What came before is handed over first: the next fetch begins with what cannot be read.
            if self.next_fetch_offset == began:
                raise UnreadableError(self._tp, began, again.after, _why(wrong)) from wrong


class _Again:
    """The batches of a fetch from the one on that an offset lies in; `after` is where the last one said it ends."""

    def __init__(self, fetched: bytes, offset: int) -> None:
        self.after = offset
        self._batches = self._from(memoryview(fetched), offset)
        self._next: _Batch | _LegacyRecordBatchPy | None = None

    def has_next(self) -> bool:
        self._next = next(self._batches, None)
        return self._next is not None

    def next_batch(self) -> "_Batch | _LegacyRecordBatchPy | None":
        return self._next

    def _from(self, fetched: memoryview, offset: int) -> "Iterator[_Batch | _LegacyRecordBatchPy]":
        while len(fetched) >= _AFTER_LENGTH:
            (length,) = unpack_from(">i", fetched, _LENGTH)
            if len(fetched) < _AFTER_LENGTH + length:
                return
            bytes_, fetched = fetched[: _AFTER_LENGTH + length], fetched[_AFTER_LENGTH + length :]
            magic = bytes_[_MAGIC]
            batch = _Batch(bytes_) if magic >= _RECORDS_V2 else _LegacyRecordBatchPy(bytes_, magic)
            if batch.next_offset > offset:
                self.after = batch.next_offset
                yield batch


class _Batch(_DefaultRecordBatchPy):  # type: ignore[misc] # final in its types alone
    """A batch whose header names may be any bytes."""

    def _read_msg(self, *_: object) -> _DefaultRecordPy:
        try:
            return super()._read_msg()
        except UnicodeDecodeError:
            return self._read_with_any_names()

    def _read_with_any_names(self) -> _DefaultRecordPy:
        record = _Reader(self._buffer, self._pos)
        size = record.number()
        end = record.at + size
        record.at += 1  # attributes, of which there are none
        later, further = record.number(), record.number()
        key, value = record.some_bytes(), record.some_bytes()
        headers = [
            ((record.some_bytes() or b"").decode(errors="surrogateescape"), record.some_bytes())
            for _ in range(record.number())
        ]
        if not record.at == end <= len(self._buffer):
            message = f"a record of {size} bytes ends after {record.at - end + size}"
            raise CorruptRecordException(message)
        self._pos: int = end
        appended = self.timestamp_type == self.LOG_APPEND_TIME
        stamp = self.max_timestamp if appended else self.first_timestamp + later
        return _DefaultRecordPy(self.base_offset + further, stamp, self.timestamp_type, key, value, headers)


class _Reader:
    """Reads the fields of a record one after the other."""

    def __init__(self, buffer: bytearray, at: int) -> None:
        self._buffer, self.at = buffer, at

    def number(self) -> int:
        number: int
        number, self.at = decode_varint(self._buffer, self.at)
        return number

    def some_bytes(self) -> bytes | None:
        size = self.number()
        if size < 0:
            return None
        self.at += size
        return bytes(self._buffer[self.at - size : self.at])


def _why(wrong: Exception) -> str:
    if isinstance(wrong, CorruptRecordException) and wrong.args:
        return str(wrong.args[0]).partition(" - TopicPartition")[0]
    return f"{type(wrong).__name__}: {wrong}"
