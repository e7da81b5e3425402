"""A batch that is being read, record by record: each at its place, or a stand-in where nobody can read what is left."""

import sys
from collections import deque
from collections.abc import Iterable, Iterator
from itertools import chain, dropwhile, islice
from typing import Any, Final, Protocol

from aiokafka import ConsumerRecord, TopicPartition
from aiokafka.errors import CorruptRecordException
from aiokafka.record.default_records import DefaultRecordBatch, _DefaultRecordBatchPy

from sla_rules.names import INPUT_TOPICS
from streams.reading.budget import BUDGET, LARGE, Bounds
from streams.reading.in_hand import HandedOver
from streams.reading.old_batches import is_packed, offset_of, old_records
from streams.reading.patient_reading import has_larger, read_patiently
from streams.reading.raw_batches import ATTRIBUTES_AT, CODEC, HEAD_SIZE, Head, RawBatches
from streams.reading.stand_ins import TOO_LARGE_UNPACKED, UNREADABLE_BATCH, StandIn, too_large, unreadable_batch
from streams.reading.unpacking import TooLargeError, unpacked
from streams.reading.unreadable import UnreadableError, words_of

_LEFT_TO_THE_CLIENT: Final = 2 * LARGE
"""Bytes of a batch up to which it does not matter what is in it: what takes most memory are headers without content."""
_A_RECORD: Final = 500
_A_HEADER: Final = 100
"""Bytes that each takes beside its own."""
_IS_SLOW: Final = DefaultRecordBatch is _DefaultRecordBatchPy
"""Where the client has no reader in C: its other one believes every length."""
_EVENTS: Final = frozenset(INPUT_TOPICS)
_NOTHING: Final[Iterator[Any]] = iter(())


class Fetch(Protocol):
    """The fetch that a batch lies in; `asked` is the offset asked for, `log_end` where the log ended then."""

    spot: TopicPartition
    asked: int
    log_end: int

    def hold(self, size: int) -> None:
        """Keep account of a large batch that is unpacked."""


class OpenBatch:
    """What is left of a batch from `position` on, the offset that its next record should have; it ends before `after`."""

    __slots__ = (
        "_batches",
        "_bounds",
        "_fetch",
        "_is_old",
        "_is_patient",
        "_largest",
        "_left",
        "_number",
        "_size",
        "_spot",
        "_stand_in",
        "_whole",
        "after",
        "begin",
        "position",
    )

    def __init__(self, fetch: Fetch, batches: RawBatches, number: int, position: int, bounds: Bounds) -> None:
        self.position = position
        self.begin = self.after = 0
        self._fetch = fetch
        self._spot = fetch.spot
        self._batches, self._number, self._bounds = batches, number, bounds
        self._largest = bounds.largest if fetch.spot.topic in _EVENTS else sys.maxsize
        self._size = 0
        self._whole: memoryview | None = None
        self._left: Iterator[Any] = _NOTHING
        self._is_patient = self._is_old = False
        self._stand_in: StandIn | None = None

    @property
    def _raw(self) -> memoryview:
        return self._batches.raw(self._number)

    def open(self, batch: Any) -> None:
        """Begin to read a batch of the latest format.

        Raises:
            UnreadableError: it cannot be read, and may not be dead-lettered.

        """
        self.begin, self.after = begin, after = batch.base_offset, batch.next_offset
        if _IS_SLOW or batch.attributes & CODEC or not self.position <= begin < after <= self._fetch.log_end:
            self._open_carefully(batch)
        else:
            self.position, self._left = begin, chain(batch)

    def open_old(self, raw: memoryview) -> None:
        """Begin to read a batch of an old format."""
        position, most = self.position, self._bounds.most
        self.begin, self.after, self._size = position, max(offset_of(raw), position) + 1, len(raw)
        self._is_old = self._is_patient = True
        self._left = dropwhile(lambda record: record.offset < position, old_records(raw, most))
        BUDGET.spent += most if is_packed(raw) else len(raw)

    def read(self, found: HandedOver, room: int) -> bool:
        """Take at most so many records, and no more than memory allows; whether those were the last.

        Raises:
            UnreadableError: what comes next cannot be read, and may not be dead-lettered.
            MemoryError: there is none.

        """
        ended = False
        if self._stand_in is not None:
            found.append(self._stand_in)
            found.weight += len(self._stand_in.original_value or b"")
            ended = True
        else:
            try:
                ended = self._take(found, room)
            except MemoryError:
                raise
            except Exception as wrong:  # noqa: BLE001 - whatever a publisher made a parser raise
                if isinstance(wrong, UnicodeDecodeError) and not self._is_patient:
                    self._read_patiently()
                else:
                    self._dead_letter(wrong)
        if ended:
            self.position = max(self.after, self.position)
        return ended

    def _open_carefully(self, batch: Any) -> None:
        """Begin to read a batch that is packed, or that does not begin or end where it should."""
        try:
            raw = self._raw
            if self._fetch.asked < self.position:
                # Where the one before says that it ends behind this one's beginning, it is the broker that is believed.
                self.position = max(self._fetch.asked, min(self.position, self.begin))
            if is_beyond := self._is_beyond():
                self._check_end(Head.of(raw))
            if codec := batch.attributes & CODEC:
                batch = self._unpack(codec, raw)
            if is_beyond:
                deque(self._patient_records(), maxlen=0)
            if self._is_patient or _IS_SLOW:
                self._read_patiently()
            else:
                self._left = self._from_position(batch)
        except MemoryError:
            raise
        except Exception as wrong:  # noqa: BLE001 - as above
            self._dead_letter(wrong)

    def _is_beyond(self) -> bool:
        """Whether a batch ends at or before its beginning, or behind the end of the log that was told.

        A leader says where its log ends before it reads: a batch that came meanwhile may end behind that. It then has a
        record for each offset, as one that is not yet compacted has: they are counted before it is believed.
        """
        return not self.begin < self.after <= self._fetch.log_end

    def _check_end(self, head: Head) -> None:
        """Refuse the end of a batch beyond what was told, unless there may be as many records as it says.

        Raises:
            CorruptRecordException: there cannot be.

        """
        if self.after <= self.begin or not head.is_full:
            message = f"it says that it ends before offset {self.after}, and the log ends before {self._fetch.log_end}"
            raise CorruptRecordException(message)

    def _found_end(self, head: Head) -> int:
        """Where a batch ends that says something impossible of it."""
        following = self._batches.base_after(self._number)
        end = self.begin + max(head.records, 1) if following is None else following
        return max(min(end, self._fetch.log_end), self.begin + 1)

    def _unpack(self, codec: int, raw: memoryview) -> Any:
        """The batch, its records unpacked."""
        head = bytearray(raw[:HEAD_SIZE])
        head[ATTRIBUTES_AT] &= ~CODEC
        whole = self._whole = unpacked(codec, raw[HEAD_SIZE:], self._bounds.most, head)
        size = self._size = len(whole)
        BUDGET.spent += size
        if size > LARGE:
            self._fetch.hold(size)
            if size > _LEFT_TO_THE_CLIENT and self._spot.topic in _EVENTS:
                self._is_patient = has_larger(whole, Head.of(whole).records, self._bounds.largest)
        return DefaultRecordBatch(whole)

    def _from_position(self, records: Iterable[Any]) -> Iterator[Any]:
        """The records of a batch from the next one on; a fetch may begin within a batch."""
        position = self.position
        if position <= self.begin:
            self.position = self.begin
            return chain(records)
        if Head.of(self._raw).is_full:
            return islice(records, position - self.begin, None)
        return dropwhile(lambda record: record.offset < position, records)

    def _read_patiently(self) -> None:
        self._is_patient = True
        self._left = self._from_position(self._patient_records())

    def _patient_records(self) -> Iterator[Any]:
        whole = self._raw if self._whole is None else self._whole
        return read_patiently(whole, Head.of(whole), self._largest)

    def _dead_letter(self, wrong: Exception) -> None:
        """Let a stand-in take the place of what is left.

        Raises:
            UnreadableError: not in this topic.

        """
        why = words_of(wrong)
        if self._spot.topic not in self._bounds.dead_lettered:
            raise UnreadableError(self._spot, self.position, self.after, why) from None
        # It may have taken as much time as it could.
        BUDGET.spent += self._bounds.most
        raw = self._raw
        if not self._is_old and self._is_beyond():
            self.after = max(self._found_end(Head.of(raw)), self.position + 1)
        self._left = _NOTHING
        reason = TOO_LARGE_UNPACKED if isinstance(wrong, TooLargeError) else UNREADABLE_BATCH
        self._stand_in = unreadable_batch(self._spot, range(self.begin, self.after), raw, reason, why)

    def _take(self, found: HandedOver, room: int) -> bool:
        """Take records as the client reads them; whether those were all. This is done for every event."""
        topic, partition = self._spot
        expected, weight, append = self.position, found.weight, found.append
        most = BUDGET.at_once(self._bounds)
        left, is_large, largest = room - len(found), self._size > LARGE, self._largest
        try:
            for record in self._left:
                offset = record.offset
                if offset != expected:
                    offset = self._placed(offset, expected)
                expected = offset + 1
                key, value, headers = record.key, record.value, record.headers
                key_size = -1 if key is None else len(key)
                value_size = -1 if value is None else len(value)
                size = key_size + value_size
                if headers:
                    weight += _A_HEADER * len(headers)
                    if is_large:
                        size += _size_of(headers)
                weight += size + _A_RECORD
                if size > largest:
                    append(too_large(self._spot, offset, record, size, largest))
                else:
                    append(
                        ConsumerRecord(
                            topic,
                            partition,
                            offset,
                            record.timestamp,
                            record.timestamp_type,
                            key,
                            value,
                            None,
                            key_size,
                            value_size,
                            tuple(headers),
                        )
                    )
                left -= 1
                if not left or weight > most:
                    return False
        finally:
            self.position, found.weight = expected, weight
        return True

    def _placed(self, said: int, expected: int) -> int:
        """The offset of a record that says another than expected: that of its place, or what compaction left.

        Raises:
            CorruptRecordException: neither can be.

        """
        if not self._is_old and Head.of(self._raw).is_full:
            return expected
        if expected <= said < self.after:
            return said
        message = f"a record says offset {said}, where {expected} to {self.after - 1} may follow"
        raise CorruptRecordException(message)


def _size_of(headers: Iterable[tuple[str, bytes | None]]) -> int:
    return sum(len(name) + len(value or b"") for name, value in headers)
