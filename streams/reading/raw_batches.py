"""The bytes of a fetch, batch by batch, and what the head of a batch says, for when it is not believed."""

from struct import Struct, unpack_from
from typing import Final, NamedTuple, Self

from aiokafka.record.memory_records import MemoryRecords

HEAD_SIZE: Final = 61
LATEST_FORMAT: Final = 2
"""The format since Kafka 0.11; the bytes before its records."""
CODEC: Final = 0x07
NOT_FOR_ALL: Final = 0x30
"""Attributes: what the records are packed with, and of batches that may have to be passed over."""
FORMAT_AT: Final = 16
ATTRIBUTES_AT: Final = 22

_HEAD: Final = Struct(">qiibIhiqqqhii")
SHORTEST: Final = (26, 34, HEAD_SIZE)
"""Bytes that a batch has at least, by format."""

_AFTER_LENGTH: Final = 12
_APPENDED: Final = 0x08


class Head(NamedTuple):
    """What a batch says of itself. Nothing but `checksum`, of what follows on it, proves that it was sent so."""

    base: int
    length: int
    epoch: int
    magic: int
    checksum: int
    attributes: int
    last: int
    first_stamp: int
    latest_stamp: int
    producer: int
    producer_epoch: int
    sequence: int
    records: int

    @classmethod
    def of(cls, raw: memoryview) -> Self:
        """The head of a batch of the latest format."""
        return cls._make(_HEAD.unpack_from(raw))

    @property
    def after(self) -> int:
        """The offset after the last one."""
        return self.base + self.last + 1

    @property
    def is_full(self) -> bool:
        """Whether there is a record for each offset, as there is until a topic is compacted."""
        return self.records == self.last + 1

    @property
    def codec(self) -> int:
        """The number of the codec that the records are packed with; 0 where they are not."""
        return self.attributes & CODEC

    @property
    def is_appended(self) -> bool:
        """Whether the broker's stamp counts, for all records."""
        return bool(self.attributes & _APPENDED)


class RawBatches(MemoryRecords):  # type: ignore[misc] # a variable: the faster of two
    """The batches of a fetch as the client opens them, and their bytes."""

    def __init__(self, fetched: bytes) -> None:
        super().__init__(fetched)
        self._fetched = memoryview(fetched)
        self._number, self._at = 1, 0

    def has_next(self) -> bool:
        """Whether anything was fetched: a first batch that is not whole is to be told, where the client would skip it."""
        return len(self._fetched) > _AFTER_LENGTH

    def raw(self, number: int) -> memoryview:
        """The bytes of one batch, counted from 1 on; not before the one asked for last. They may be too few, or none."""
        while self._number < number:
            self._at += max(self._size(self._at), SHORTEST[0])
            self._number += 1
        return self._fetched[self._at : self._at + self._size(self._at)]

    def base_after(self, number: int) -> int | None:
        """The offset that the broker gave to the batch after one; None if there is none here."""
        following = self._at + len(self.raw(number))
        if len(self._fetched) < following + SHORTEST[0]:
            return None
        base: int = unpack_from(">q", self._fetched, following)[0]
        return base

    def _size(self, at: int) -> int:
        if len(self._fetched) < at + _AFTER_LENGTH:
            return 0
        length: int = unpack_from(">i", self._fetched, at + 8)[0]
        return _AFTER_LENGTH + length
