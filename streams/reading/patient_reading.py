"""Records of a batch read with patience, where the client's own reader gives up or would take too much memory.

A header's name may be any bytes: they stay in it as lone surrogates. A record that is larger than allowed gives way to a
stand-in, and the records around it are read. No length is believed further than the bytes go.
"""

from collections.abc import Iterator
from typing import Final, NamedTuple

from aiokafka.errors import CorruptRecordException

from streams.reading.raw_batches import HEAD_SIZE, Head
from streams.reading.unpacking import TooLargeError

MOST_HEADERS: Final = 10_000
"""Headers of a record that is larger than allowed; each takes far more memory than its two bytes in the batch."""
_UNSTAMPED: Final = -1
_MORE: Final = 0x80
_LONGEST: Final = 63
"""Numbers come seven bits a byte; where this one is set, another follows, up to so many bits."""


class PatientRecord(NamedTuple):
    """A record as it was read, its offset as it says."""

    offset: int
    timestamp: int | None
    timestamp_type: int | None
    key: bytes | None
    value: bytes | None
    headers: tuple[tuple[str, bytes | None], ...]


def has_larger(whole: memoryview, count: int, largest: int) -> bool:
    """Whether any record of an unpacked batch is larger than that; False where the lengths lead nowhere."""
    at, end = HEAD_SIZE, len(whole)
    for _ in range(count):
        if at >= end:
            return False
        size = shift = 0
        while at < end and shift < _LONGEST and (byte := whole[at]) & _MORE:
            size |= (byte & ~_MORE) << shift
            shift += 7
            at += 1
        if at < end:
            size |= whole[at] << shift
        # Zigzag: the last bit is the sign.
        size >>= 1
        if size > largest:
            return True
        at += 1 + size
    return False


def read_patiently(whole: memoryview, head: Head, largest: int) -> Iterator[PatientRecord]:
    """The records of an unpacked batch, one after the other; their offsets as they say.

    Raises:
        TooLargeError: a record has more headers than is good for memory.
        CorruptRecordException: the bytes are no records.

    """
    reader = _Reader(whole, HEAD_SIZE)
    stamp_type = int(head.is_appended)
    for _ in range(head.records):
        size = reader.number()
        end = reader.at + size
        if not 0 <= size <= len(whole) - reader.at:
            message = f"a record of {size} bytes where {len(whole) - reader.at} are left"
            raise CorruptRecordException(message)
        reader.number()  # attributes, of which there are none
        stamp = reader.number() + head.first_stamp
        if head.is_appended:
            stamp = head.latest_stamp
        offset = reader.number() + head.base
        key, value = reader.some_bytes(), reader.some_bytes()
        headers = reader.headers(MOST_HEADERS if size > largest else len(whole))
        if reader.at != end:
            message = f"a record of {size} bytes ends after {reader.at - end + size}"
            raise CorruptRecordException(message)
        yield PatientRecord(offset, None if stamp == _UNSTAMPED else stamp, stamp_type, key, value, headers)
    if reader.at != len(whole):
        message = f"{len(whole) - reader.at} bytes behind the last record"
        raise CorruptRecordException(message)


class _Reader:
    """Reads the fields of a record one after the other."""

    def __init__(self, buffer: memoryview, at: int) -> None:
        self._buffer, self.at = buffer, at

    def number(self) -> int:
        number = 0
        for shift, byte in zip(range(0, _LONGEST + 1, 7), self._buffer[self.at :], strict=False):
            number |= (byte & ~_MORE) << shift
            self.at += 1
            if not byte & _MORE:
                return number >> 1 ^ -(number & 1)
        message = "no number where one should be"
        raise CorruptRecordException(message)

    def some_bytes(self) -> bytes | None:
        size = self.number()
        if size < 0:
            return None
        if size > len(self._buffer) - self.at:
            message = f"{size} bytes, where {len(self._buffer) - self.at} are left"
            raise CorruptRecordException(message)
        self.at += size
        return bytes(self._buffer[self.at - size : self.at])

    def headers(self, most: int) -> tuple[tuple[str, bytes | None], ...]:
        count = self.number()
        if not 0 <= count <= len(self._buffer):
            message = f"{count} headers"
            raise CorruptRecordException(message)
        if count > most:
            message = f"a record of it has {count:,} headers, and one so large may have {most:,}"
            raise TooLargeError(message)
        return tuple((self._name(), self.some_bytes()) for _ in range(count))

    def _name(self) -> str:
        name = self.some_bytes()
        if name is None:
            message = "a header without a name"
            raise CorruptRecordException(message)
        return name.decode(errors="surrogateescape")
