"""What a fetch brought for a partition, as records: in memory that is bounded, whatever is in it.

aiokafka's own way believes what a batch says of itself: it unpacks whatever is packed, skips records whose offsets go
backwards, and goes on wherever a last offset points. Here a batch is unpacked to so many bytes at most, records have the
offsets of their places, and a batch that was sent so, and that nobody can read, is put away as it is.

aiokafka opens its fetch results itself, so that there is no other place to say so than its classes.
"""

import struct
import sys
import threading
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, dropwhile, islice
from typing import Any, Final
from weakref import WeakSet

from aiokafka import ConsumerRecord, TopicPartition
from aiokafka.consumer import consumer, fetcher
from aiokafka.errors import CorruptRecordException, KafkaError
from aiokafka.record.default_records import DefaultRecordBatch, _DefaultRecordBatchPy

from sla_rules.names import INPUT_TOPICS, REJECTED_TOPIC
from streams.in_hand import IN_HAND, Held
from streams.old_batches import is_packed, is_right, offset_of, old_records
from streams.patient_reading import has_larger, read_patiently
from streams.raw_batches import (
    ATTRIBUTES_AT,
    CODEC,
    FORMAT_AT,
    HEAD_SIZE,
    LATEST_FORMAT,
    NOT_FOR_ALL,
    SHORTEST,
    Head,
    RawBatches,
)
from streams.stand_ins import TOO_LARGE, TOO_LARGE_UNPACKED, UNREADABLE_BATCH, StandIn, stand_in
from streams.unpacking import CODECS, TooLargeError, unpacked
from streams.unreadable import UnreadableError

LARGE: Final = 1024 * 1024
"""Bytes from which on it is worth while to keep account of what is held."""
_LEFT_TO_THE_CLIENT: Final = 2 * LARGE
"""Bytes of a batch up to which it does not matter what is in it: what takes most memory are headers without content."""
_AT_ONCE: Final = 8 * LARGE
"""Bytes of records that are handed over in one piece: while one is folded, nothing else is done."""
_A_RECORD: Final = 500
_A_HEADER: Final = 100
"""Bytes that each takes beside its own."""
_IS_SLOW: Final = DefaultRecordBatch is _DefaultRecordBatchPy
"""Where the client has no reader in C: its other one believes every length."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """How many bytes a batch may unpack to, how many a record of the events may have, and where what is unreadable is put away.

    `put_away` names topics; an unreadable batch of another stops whoever reads it.
    """

    most: int = 64 * LARGE
    largest: int = LARGE
    put_away: frozenset[str] = frozenset()


_EVENTS: Final = frozenset(INPUT_TOPICS)
_bounds = Bounds()


def read_within(most: int, largest: int, *, put_away: bool) -> None:
    """Let every consumer of this process read so. Faust opens its own, so that there is no other place to say it."""
    global _bounds  # noqa: PLW0603 - as said
    topics = frozenset({REJECTED_TOPIC, *INPUT_TOPICS}) if put_away else frozenset({REJECTED_TOPIC})
    _bounds = Bounds(most, largest, topics)
    fetcher.MemoryRecords = RawBatches
    fetcher.PartitionRecords = Records
    consumer.Fetcher = Fetcher
    if not issubclass(fetcher.FetchResult, Result):  # one that counts spans does all that this one does
        fetcher.FetchResult = Result


class HandedOver(list[ConsumerRecord]):
    """Records that are handed over together; `held` counts their bytes for as long as they are there."""

    __slots__ = ("held",)
    held: Held | None


class Result(fetcher.FetchResult):  # type: ignore[misc] # aiokafka is untyped here
    """A fetch's result that is handed over in pieces of bounded size."""

    _partition_records: "Records | None"

    def getall(self, max_records: int | None = None) -> list[ConsumerRecord]:
        """The next records; none where others are in the way or nothing is left."""
        spot = self._topic_partition
        records = self._partition_records
        if not self.check_assignment(spot) or records is None:
            return []
        records.log_end = self._assignment.state_value(spot).highwater
        found = records.take(max_records)
        self._update_position()
        if records.is_read:
            self._partition_records = None
        return found


class Fetcher(fetcher.Fetcher):  # type: ignore[misc] # aiokafka is untyped here
    """A fetcher that hands over no more at once than memory allows, of all partitions together."""

    async def fetched_records(self, *args: Any, **options: Any) -> dict[TopicPartition, list[ConsumerRecord]]:
        """What there is by partition."""
        _turn.spent = 0
        found: dict[TopicPartition, list[ConsumerRecord]] = await super().fetched_records(*args, **options)
        return found


class _Turn(threading.local):
    """What one thread has unpacked and handed over in one go, in bytes, and whose batches it has half read."""

    def __init__(self) -> None:
        self.spent = 0
        self.half_read: WeakSet[Records] = WeakSet()

    def make_room(self, records: "Records", size: int) -> None:
        """Keep a large batch that is about to be read, and no more than allowed of others: they are fetched again."""
        others = [one for one in self.half_read if one is not records]
        over = sum(one.held for one in others) + size - _bounds.most
        for one in others:
            if over <= 0:
                break
            over -= one.held
            one.drop()
        self.half_read.add(records)


_turn: Final = _Turn()


def is_full() -> bool:
    """Whether this process has as many records in hand as it may."""
    return IN_HAND.size > _bounds.most


def half_read() -> set[TopicPartition]:
    """Partitions of this thread's consumers whose large batches had better be read to their end before others begin."""
    records = list(_turn.half_read)
    return {one.spot for one in records} if sum(one.held for one in records) > _bounds.most // 2 else set()


class Records(fetcher.PartitionRecords):  # type: ignore[misc] # aiokafka is untyped here
    """The records of a fetch, unpacked batch by batch as they are taken.

    `log_end` is where the log ended when they were fetched, `held` how many bytes a large batch takes that is being read.
    While one is being read, `next_fetch_offset` is the offset that its next record should have.
    """

    next_fetch_offset: int

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.spot: TopicPartition = self._tp
        self._asked = self.next_fetch_offset
        self.log_end = sys.maxsize
        self.is_read = False
        self.held = 0
        self._batches: RawBatches = self._records
        self._number = 0
        self._begin = self._after = self._size = self._weight = 0
        self._whole: memoryview | None = None
        self._left: Iterator[Any] | None = None
        self._is_patient = self._is_old = False
        self._stand_in: StandIn | None = None

    def _unpack_records(self) -> Iterator[ConsumerRecord]:
        """For those who take records one by one."""
        while found := self.take(1):
            yield found[0]

    def take(self, most: int | None = None) -> HandedOver:
        """At most so many of the next records, and no more than memory allows.

        Raises:
            UnreadableError: what comes next cannot be read, and may not be put away.
            MemoryError: there is none.

        """
        found, room, bounds, self._weight = HandedOver(), sys.maxsize if most is None else most, _bounds, 0
        try:
            while len(found) < room and self._weight < min(_AT_ONCE, bounds.most - _turn.spent):
                if self._left is None and not self._open(bounds):
                    break
                self._read(found, room, bounds)
        except UnreadableError:
            self.drop()
            # What came before is handed over first: the next fetch begins with what cannot be read.
            if not found:
                raise
        _turn.spent += self._weight
        if self._weight > LARGE:
            found.held = Held(self._weight)
        return found

    def drop(self) -> None:
        """Read no further; the next fetch begins where this one ends."""
        self.is_read = True
        self._close()

    def _close(self) -> None:
        self._left = self._whole = self._stand_in = None
        if self.held:
            self.held = 0
            _turn.half_read.discard(self)

    def _open(self, bounds: Bounds) -> bool:
        """Open the next batch with records; whether there is one, and it may be unpacked now."""
        while not self.is_read:
            batch = self._next_batch()
            if batch is None:
                self.drop()
                return False
            self._is_old = isinstance(batch, memoryview)
            if self._is_old:
                self._open_old(batch, bounds)
                return True
            self._begin, self._after, self._is_patient = begin, after, _ = batch.base_offset, batch.next_offset, False
            attributes = batch.attributes
            if attributes & NOT_FOR_ALL and self._is_passed(batch):
                self.next_fetch_offset = max(after, self.next_fetch_offset)
                continue
            if _IS_SLOW or attributes & CODEC or not self.next_fetch_offset <= begin < after <= self.log_end:
                self._open_carefully(batch, bounds)
            else:
                self.next_fetch_offset, self._size, self._left = begin, 0, chain(batch)
            return True
        return False

    def _next_batch(self) -> Any:
        """The next batch, its checksum right; the bytes of one of an old format; None if there is none.

        Raises:
            UnreadableError: it is damaged.

        """
        self._number += 1
        try:
            batch = self._batches.next_batch()
            if batch is None and self._number > 1:
                return None  # if anything is left, it was cut off and comes with the next fetch
            if type(batch) is not DefaultRecordBatch or batch.magic != LATEST_FORMAT:
                batch = self._opened_again(is_whole=batch is not None)
        except (KafkaError, SystemError, AssertionError, ValueError, struct.error) as wrong:
            raise self._unreadable(_words(wrong)) from None
        if self._check_crcs and not (is_right(batch) if isinstance(batch, memoryview) else batch.validate_crc()):
            why, self._after = "Invalid CRC", 0 if isinstance(batch, memoryview) else batch.next_offset
            raise self._unreadable(why)
        return batch

    def _opened_again(self, *, is_whole: bool) -> Any:
        """A batch as what it is: the client takes all batches of a fetch for what the first one is.

        Raises:
            CorruptRecordException: it can be nothing.

        """
        if not is_whole:
            message = f"it says that it has more than the {self._batches.size_in_bytes():,} bytes that came"
            raise CorruptRecordException(message)
        raw = self._batches.raw(self._number)
        magic = raw[FORMAT_AT]
        if magic > LATEST_FORMAT or len(raw) < SHORTEST[magic]:
            message = f"it has {len(raw):,} bytes and says that it is of format {magic}"
            raise CorruptRecordException(message)
        return raw if magic < LATEST_FORMAT else DefaultRecordBatch(raw)

    def _unreadable(self, why: str) -> UnreadableError:
        return UnreadableError(self.spot, self.next_fetch_offset, self._after, why)

    def _is_passed(self, batch: Any) -> bool:
        """Whether a batch is a mark of the broker's, or of a transaction that never happened."""
        if self._isolation_level == fetcher.READ_COMMITTED:
            self._consume_aborted_up_to(batch.base_offset)
            if batch.is_control_batch and batch.producer_id in self._aborted_producers:
                try:
                    if self._contains_abort_marker(batch):
                        self._aborted_producers.discard(batch.producer_id)
                except (KafkaError, ValueError, struct.error) as wrong:
                    raise self._unreadable(_words(wrong)) from None
            elif batch.is_transactional and batch.producer_id in self._aborted_producers:
                return True
        return bool(batch.is_control_batch)

    def _open_carefully(self, batch: Any, bounds: Bounds) -> None:
        """Begin to read a batch that is packed, or that does not begin or end where it should."""
        self._left, self._size = iter(()), 0
        try:
            raw = self._batches.raw(self._number)
            if self._asked < self.next_fetch_offset:
                # Where the one before says that it ends behind this one's beginning, it is the broker that is believed.
                self.next_fetch_offset = max(self._asked, min(self.next_fetch_offset, self._begin))
            if is_beyond := self._is_beyond():
                self._check_end(Head.of(raw))
            if codec := batch.attributes & CODEC:
                batch = self._unpack(codec, raw, bounds)
            if is_beyond:
                deque(self._patient_records(bounds), maxlen=0)
            if self._is_patient or _IS_SLOW:
                self._read_patiently(bounds)
            else:
                self._left = self._from_position(batch)
        except MemoryError:
            raise
        except Exception as wrong:  # noqa: BLE001 - whatever a publisher made a parser raise
            self._put_away(wrong, bounds)

    def _is_beyond(self) -> bool:
        """Whether a batch ends at or before its beginning, or behind the end of the log that was told.

        A leader says where its log ends before it reads: a batch that came meanwhile may end behind that. It then has a
        record for each offset, as one that is not yet compacted has: they are counted before it is believed.
        """
        return not self._begin < self._after <= self.log_end

    def _check_end(self, head: Head) -> None:
        """Refuse the end of a batch beyond what was told, unless there may be as many records as it says.

        Raises:
            CorruptRecordException: there cannot be.

        """
        if self._after <= self._begin or not head.is_full:
            message = f"it says that it ends before offset {self._after}, and the log ends before {self.log_end}"
            raise CorruptRecordException(message)

    def _found_end(self, head: Head) -> int:
        """Where a batch ends that says something impossible of it."""
        following = self._batches.base_after(self._number)
        end = self._begin + max(head.records, 1) if following is None else following
        return max(min(end, self.log_end), self._begin + 1)

    def _unpack(self, codec: int, raw: memoryview, bounds: Bounds) -> Any:
        """The batch, its records unpacked."""
        head = bytearray(raw[:HEAD_SIZE])
        head[ATTRIBUTES_AT] &= ~CODEC
        whole = self._whole = unpacked(codec, raw[HEAD_SIZE:], bounds.most, head)
        size = self._size = len(whole)
        _turn.spent += size
        if size > LARGE:
            _turn.make_room(self, size)
            self.held = size
            if size > _LEFT_TO_THE_CLIENT and self._is_of_events:
                self._is_patient = has_larger(whole, Head.of(whole).records, bounds.largest)
        return DefaultRecordBatch(whole)

    @property
    def _is_of_events(self) -> bool:
        return self.spot.topic in _EVENTS

    def _from_position(self, records: Iterable[Any]) -> Iterator[Any]:
        """The records of a batch from the next one on; a fetch may begin within a batch."""
        position = self.next_fetch_offset
        if position <= self._begin:
            self.next_fetch_offset = self._begin
            return chain(records)
        if Head.of(self._batches.raw(self._number)).is_full:
            return islice(records, position - self._begin, None)
        return dropwhile(lambda record: record.offset < position, records)

    def _read_patiently(self, bounds: Bounds) -> None:
        self._is_patient = True
        self._left = self._from_position(self._patient_records(bounds))

    def _patient_records(self, bounds: Bounds) -> Iterator[Any]:
        whole = self._batches.raw(self._number) if self._whole is None else self._whole
        largest = bounds.largest if self._is_of_events else sys.maxsize
        return read_patiently(whole, Head.of(whole), largest)

    def _open_old(self, raw: memoryview, bounds: Bounds) -> None:
        position = self._begin = self.next_fetch_offset
        self._after, self._size, self._is_patient = max(offset_of(raw), position) + 1, len(raw), True
        self._left = dropwhile(lambda record: record.offset < position, old_records(raw, bounds.most))
        _turn.spent += bounds.most if is_packed(raw) else len(raw)

    def _read(self, found: HandedOver, room: int, bounds: Bounds) -> None:
        """Take records of the open batch."""
        if self._stand_in is not None:
            found.append(self._stand_in)
            self._weight += len(self._stand_in.original_value or b"")
            ended = True
        else:
            try:
                ended = self._take(found, room, bounds)
            except MemoryError:
                raise
            except Exception as wrong:  # noqa: BLE001 - as above
                ended = False
                if isinstance(wrong, UnicodeDecodeError) and not self._is_patient:
                    self._read_patiently(bounds)
                else:
                    self._put_away(wrong, bounds)
        if ended:
            self.next_fetch_offset = max(self._after, self.next_fetch_offset)
            self._close()

    def _put_away(self, wrong: Exception, bounds: Bounds) -> None:
        """Let a stand-in take the place of what is left of a batch.

        Raises:
            UnreadableError: not in this topic.

        """
        why = _words(wrong)
        if self.spot.topic not in bounds.put_away:
            raise self._unreadable(why) from None
        # It may have taken as much time as it could.
        _turn.spent += bounds.most
        topic, partition = self.spot
        raw = self._batches.raw(self._number)
        if not self._is_old and self._is_beyond():
            self._after = max(self._found_end(Head.of(raw)), self.next_fetch_offset + 1)
        stamp, what = _described(raw)
        self._left = iter(())
        self._stand_in = stand_in(
            topic,
            partition,
            self._after - 1,
            stamp,
            TOO_LARGE_UNPACKED if isinstance(wrong, TooLargeError) else UNREADABLE_BATCH,
            f"offsets {self._begin} to {self._after - 1}, {what}: {why}",
            value=bytes(raw),
            first=self._begin,
        )

    def _take(self, found: HandedOver, room: int, bounds: Bounds) -> bool:
        """Take records as the client reads them; whether those were all. This is done for every event."""
        topic, partition = self.spot
        expected, weight, append = self.next_fetch_offset, self._weight, found.append
        most = min(_AT_ONCE, bounds.most - _turn.spent)
        left, is_large = room - len(found), self._size > LARGE
        largest = bounds.largest if self._is_of_events else sys.maxsize
        try:
            for record in self._left or ():
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
                    append(self._too_large(record, offset, size, largest))
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
            self.next_fetch_offset, self._weight = expected, weight
        return True

    def _placed(self, said: int, expected: int) -> int:
        """The offset of a record that says another than expected: that of its place, or what compaction left.

        Raises:
            CorruptRecordException: neither can be.

        """
        if not self._is_old and Head.of(self._batches.raw(self._number)).is_full:
            return expected
        if expected <= said < self._after:
            return said
        message = f"a record says offset {said}, where {expected} to {self._after - 1} may follow"
        raise CorruptRecordException(message)

    def _too_large(self, record: Any, offset: int, size: int, largest: int) -> StandIn:
        topic, partition = self.spot
        return stand_in(
            topic,
            partition,
            offset,
            record.timestamp,
            TOO_LARGE,
            f"the record has {size:,} bytes, and an event may have {largest:,}",
            key=record.key,
            value=record.value,
            headers=tuple(record.headers),
        )


def _described(raw: memoryview) -> tuple[int | None, str]:
    """When a batch was sent or arrived, if it says so, and what it is."""
    size = f"{len(raw):,} bytes"
    if raw[FORMAT_AT] < LATEST_FORMAT:
        return None, f"{size} of an old format"
    head = Head.of(raw)
    codec = CODECS[head.codec] if head.codec < len(CODECS) else head.codec
    return head.latest_stamp, f"{head.records:,} records in {size}, codec {codec}"


def _size_of(headers: Iterable[tuple[str, bytes | None]]) -> int:
    return sum(len(name) + len(value or b"") for name, value in headers)


def _words(wrong: Exception) -> str:
    if isinstance(wrong, KafkaError | TooLargeError) and wrong.args:
        return str(wrong.args[0])
    return f"{type(wrong).__name__}: {wrong}"
