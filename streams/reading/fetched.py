"""What a fetch brought for a partition, as records: in memory that is bounded, whatever is in it.

aiokafka's own way believes what a batch says of itself: it unpacks whatever is packed, skips records whose offsets go
backwards, and goes on wherever a last offset points. Here a batch is unpacked to so many bytes at most, records have the
offsets of their places, and a batch that was sent so, and that nobody can read, is dead-lettered as it is.

aiokafka opens its fetch results itself, so that there is no other place to say so than its classes.
"""

import struct
import sys
from typing import Any, Final

from aiokafka import ConsumerRecord, TopicPartition
from aiokafka.consumer import consumer, fetcher
from aiokafka.errors import CorruptRecordException, KafkaError
from aiokafka.record.default_records import DefaultRecordBatch

from sla_rules.names import INPUT_TOPICS, REJECTED_TOPIC
from streams.reading.budget import BUDGET, LARGE, Bounds, Budget
from streams.reading.in_hand import HandedOver, Held
from streams.reading.old_batches import is_right
from streams.reading.open_batch import OpenBatch
from streams.reading.raw_batches import FORMAT_AT, LATEST_FORMAT, NOT_FOR_ALL, SHORTEST, RawBatches
from streams.reading.unreadable import UnreadableError, words_of

_DAMAGED: Final = (KafkaError, SystemError, AssertionError, ValueError, struct.error)
"""What the client raises over bytes that are no batch."""


def read_within(most: int, largest: int, *, dead_letter: bool) -> None:
    """Let every consumer of this process read so. Faust opens its own, so that there is no other place to say it."""
    topics = frozenset({REJECTED_TOPIC, *INPUT_TOPICS}) if dead_letter else frozenset({REJECTED_TOPIC})
    Budget.bounds = Bounds(most, largest, topics)
    fetcher.MemoryRecords = RawBatches
    fetcher.PartitionRecords = Records
    consumer.Fetcher = Fetcher
    if not issubclass(fetcher.FetchResult, Result):  # one that counts spans does all that this one does
        fetcher.FetchResult = Result


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
        BUDGET.spent = 0
        found: dict[TopicPartition, list[ConsumerRecord]] = await super().fetched_records(*args, **options)
        return found


class Records(fetcher.PartitionRecords):  # type: ignore[misc] # aiokafka is untyped here
    """The records of a fetch, opened batch by batch as they are taken.

    `log_end` is where the log ended when they were fetched, `held` how many bytes a large batch takes that is being read.
    While one is being read, `next_fetch_offset` is the offset that its next record should have.
    """

    next_fetch_offset: int

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.spot: TopicPartition = self._tp
        self.asked = self.next_fetch_offset
        self.log_end = sys.maxsize
        self.is_read = False
        self.held = 0
        self._batches: RawBatches = self._records
        self._number = 0
        self._open: OpenBatch | None = None

    def _unpack_records(self) -> Any:
        """For those who take records one by one."""
        while found := self.take(1):
            yield found[0]

    def take(self, most: int | None = None) -> HandedOver:
        """At most so many of the next records, and no more than memory allows.

        Raises:
            UnreadableError: what comes next cannot be read, and may not be dead-lettered.
            MemoryError: there is none.

        """
        found, room, bounds = HandedOver(), sys.maxsize if most is None else most, Budget.bounds
        try:
            while len(found) < room and found.weight < BUDGET.at_once(bounds):
                if self._open is None and not self._open_next(bounds):
                    break
                self._read(found, room)
        except UnreadableError:
            self.drop()
            # What came before is handed over first: the next fetch begins with what cannot be read.
            if not found:
                raise
        BUDGET.spent += found.weight
        if found.weight > LARGE:
            found.held = Held(found.weight)
        return found

    def drop(self) -> None:
        """Read no further; the next fetch begins where this one ends."""
        self.is_read = True
        self._close()

    def hold(self, size: int) -> None:
        """Keep account of a large batch that is unpacked."""
        BUDGET.make_room(self, size)
        self.held = size

    def _close(self) -> None:
        self._open = None
        if self.held:
            self.held = 0
            BUDGET.half_read.discard(self)

    def _read(self, found: HandedOver, room: int) -> None:
        """Take records of the open batch."""
        batch = self._open
        if batch is None:
            return
        try:
            ended = batch.read(found, room)
        finally:
            self.next_fetch_offset = batch.position
        if ended:
            self._close()

    def _open_next(self, bounds: Bounds) -> bool:
        """Open the next batch with records; whether there is one."""
        while not self.is_read:
            batch = self._next_batch()
            if batch is None:
                self.drop()
                return False
            is_old = isinstance(batch, memoryview)
            if not is_old and batch.attributes & NOT_FOR_ALL and self._is_passed(batch):
                self.next_fetch_offset = max(batch.next_offset, self.next_fetch_offset)
                continue
            opened = self._open = OpenBatch(self, self._batches, self._number, self.next_fetch_offset, bounds)
            try:
                if is_old:
                    opened.open_old(batch)
                else:
                    opened.open(batch)
            finally:
                self.next_fetch_offset = opened.position
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
        except _DAMAGED as wrong:
            raise self._unreadable(words_of(wrong)) from None
        if self._check_crcs and not (is_right(batch) if isinstance(batch, memoryview) else batch.validate_crc()):
            why, after = "Invalid CRC", 0 if isinstance(batch, memoryview) else batch.next_offset
            raise self._unreadable(why, after)
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

    def _unreadable(self, why: str, after: int = 0) -> UnreadableError:
        return UnreadableError(self.spot, self.next_fetch_offset, after, why)

    def _is_passed(self, batch: Any) -> bool:
        """Whether a batch is a mark of the broker's, or of a transaction that never happened.

        Raises:
            UnreadableError: it is damaged.

        """
        if self._isolation_level == fetcher.READ_COMMITTED:
            self._consume_aborted_up_to(batch.base_offset)
            if batch.is_control_batch and batch.producer_id in self._aborted_producers:
                try:
                    if self._contains_abort_marker(batch):
                        self._aborted_producers.discard(batch.producer_id)
                except (KafkaError, ValueError, struct.error) as wrong:
                    raise self._unreadable(words_of(wrong), batch.next_offset) from None
            elif batch.is_transactional and batch.producer_id in self._aborted_producers:
                return True
        return bool(batch.is_control_batch)
