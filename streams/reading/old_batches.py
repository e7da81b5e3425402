"""Batches as Kafka wrote them before 0.11 (formats 0 and 1): a record each, which may hold others that are packed.

aiokafka's reader follows the lengths inside wherever they lead; here they have to lead forward.
"""

import zlib
from collections.abc import Iterator
from struct import Struct, unpack_from
from typing import Final, NamedTuple

from aiokafka.errors import CorruptRecordException, UnsupportedCodecError

from streams.reading.unpacking import unpacked

_HEAD: Final = Struct(">qiIbb")
_AFTER_LENGTH: Final = 12
_CHECKED_FROM: Final = 16
_STAMP: Final = 8
_CODEC: Final = 0x07
_APPENDED: Final = 0x08
_LZ4: Final = 3
_UNSTAMPED: Final = -1


class OldRecord(NamedTuple):
    """A record of an old format; they have no headers."""

    offset: int
    timestamp: int | None
    timestamp_type: int | None
    key: bytes | None
    value: bytes | None
    headers: tuple[()] = ()


def is_right(raw: memoryview) -> bool:
    """Whether the checksum is right."""
    checksum: int = unpack_from(">I", raw, _AFTER_LENGTH)[0]
    return zlib.crc32(raw[_CHECKED_FROM:]) == checksum


def is_packed(raw: memoryview) -> bool:
    """Whether it holds other records."""
    return bool(raw[_HEAD.size - 1] & _CODEC)


def offset_of(raw: memoryview) -> int:
    """The offset of the record; of one that holds others, that of the last."""
    offset: int = unpack_from(">q", raw)[0]
    return offset


def old_records(raw: memoryview, most: int) -> Iterator[OldRecord]:
    """The record, or those it holds, which unpack to at most `most` bytes.

    Raises:
        TooLargeError: it holds more.
        aiokafka.errors.KafkaError: it is not what it says.

    """
    offset, _, _, magic, attributes = _HEAD.unpack_from(raw)
    outer = _record(raw, 0, _CODEC)
    codec = attributes & _CODEC
    if not codec:
        yield outer
        return
    if codec == _LZ4 and not magic:
        message = "LZ4 before Kafka 0.10"
        raise UnsupportedCodecError(message)
    if outer.value is None:
        message = "a packed record without a value"
        raise CorruptRecordException(message)
    inner = unpacked(codec, memoryview(outer.value), most)
    # Format 1 numbers those within from 0 on, and the last one has the offset of the whole.
    base = offset - _last(inner) if magic else 0
    before = -1
    for at in _places(inner):
        record = _record(inner, at, 0)
        place = base + record.offset
        if not before < place <= offset:
            message = f"a record inside says offset {place}, after {before}, in a whole at {offset}"
            raise CorruptRecordException(message)
        before = place
        if attributes & _APPENDED and magic:
            record = record._replace(timestamp=outer.timestamp, timestamp_type=outer.timestamp_type)
        yield record._replace(offset=place)


def _last(inner: memoryview) -> int:
    last = 0
    for at in _places(inner):
        last = unpack_from(">q", inner, at)[0]
    return last


def _places(inner: memoryview) -> Iterator[int]:
    """Where each record begins; each has room for its head, and the last ends where all do."""
    at = 0
    while at < len(inner):
        left = len(inner) - at
        length = unpack_from(">i", inner, at + 8)[0] if left >= _HEAD.size else -1
        if not _HEAD.size - _AFTER_LENGTH < length <= left - _AFTER_LENGTH:
            message = f"a record inside of {length} bytes, where {left} are left"
            raise CorruptRecordException(message)
        yield at
        at += _AFTER_LENGTH + length


def _record(buffer: memoryview, at: int, codecs: int) -> OldRecord:
    offset, length, _, magic, attributes = _HEAD.unpack_from(buffer, at)
    end = at + _AFTER_LENGTH + length
    if magic not in {0, 1}:
        message = f"a record of format {magic} inside"
        raise CorruptRecordException(message)
    if attributes & _CODEC & ~codecs:
        message = "packed twice"
        raise CorruptRecordException(message)
    stamp, at = None, at + _HEAD.size
    if magic:
        (stamp,) = unpack_from(">q", buffer[:end], at)
        at += _STAMP
    key, at = _some_bytes(buffer, at, end)
    value, at = _some_bytes(buffer, at, end)
    if at != end:
        message = f"{end - at} bytes too many in a record"
        raise CorruptRecordException(message)
    if stamp is None or stamp == _UNSTAMPED:
        return OldRecord(offset, None, None, key, value)
    return OldRecord(offset, stamp, int(bool(attributes & _APPENDED)), key, value)


def _some_bytes(buffer: memoryview, at: int, end: int) -> tuple[bytes | None, int]:
    (size,) = unpack_from(">i", buffer[:end], at)
    at += 4
    if size == -1:
        return None, at
    if not 0 <= size <= end - at:
        message = f"{size} bytes, where {end - at} are left"
        raise CorruptRecordException(message)
    return bytes(buffer[at : at + size]), at + size
