"""What a publisher packed, unpacked to no more bytes than allowed, whatever the packed bytes say of themselves.

aiokafka's own codecs unpack whatever they are given: 32 KiB of zstd may be a gigabyte. Where a codec writes the size down,
too much is refused before anything is unpacked; where it does not, or lies, unpacking ends where the room ends.
"""

import mmap
import threading
import zlib
from collections.abc import Callable, Iterator
from struct import Struct, unpack_from
from typing import Final

import cramjam
from aiokafka.codec import _detect_xerial_stream
from aiokafka.errors import CorruptRecordException, UnsupportedCodecError

CODECS: Final = ("none", "gzip", "snappy", "lz4", "zstd")
"""What Kafka packs batches with, by number."""

_KEPT: Final = 1024 * 1024
"""Bytes that are copied out of the room that they were unpacked into; larger ones take the room with them."""
_LZ4_MAGIC: Final = b"\x04\x22\x4d\x18"
_LZ4_SIZE: Final = Struct("<Q")
_LZ4_SAYS_SIZE: Final = 0x08
_ZSTD_MAGIC: Final = b"\x28\xb5\x2f\xfd"
_ZSTD_SAYS_SIZE: Final = 0x80
_ZSTD_NO_WINDOW: Final = 0x20
_ZSTD_LONGEST_HEAD: Final = 18
"""Where frames say how much they hold, by the formats: https://github.com/lz4/lz4/blob/dev/doc/lz4_Frame_format.md and
https://www.rfc-editor.org/rfc/rfc8878.
"""
_GZIP: Final = zlib.MAX_WBITS | 16
_PIECE: Final = 256 * 1024
_TAKEN: Final = 16 * 1024
"""Bytes of gzip that come out and go in at once."""
_XERIAL_HEADER: Final = 16
_NO_ROOM: Final = "failed to write whole buffer"
_TOO_WIDE: Final = "requires too much memory"
_NO_MEMORY: Final = ("not enough memory", "allocation_failed")
"""How the codecs say that the room ended, that a frame wants more of them than any should, and that the system is out of it."""


class TooLargeError(Exception):
    """It would take more memory than is allowed; the message says why."""


class _Room(threading.local):
    """Memory to unpack into, for each thread; the system gives it page by page as it is written to."""

    memory: mmap.mmap | None = None


_room: Final = _Room()


def unpacked(codec: int, packed: memoryview, most: int, before: bytes | bytearray = b"") -> memoryview:
    """What was packed, behind the bytes given to stand before it; at most `most` bytes of it.

    Raises:
        TooLargeError: that is not enough.
        aiokafka.errors.CorruptRecordException: it was not packed so.
        aiokafka.errors.UnsupportedCodecError: nobody knows the codec.
        MemoryError: there is no memory, whatever the bytes are.

    """
    into = _INTO.get(codec)
    if into is None:
        message = f"unknown compression codec {codec:#04x}"
        raise UnsupportedCodecError(message)
    begin = len(before)
    memory = _memory(begin + most)
    try:
        size = begin + into(packed, memoryview(memory)[begin : begin + most])
    except (cramjam.DecompressionError, zlib.error, ValueError, EOFError) as wrong:
        raise _meant(codec, wrong, most) from None
    memory[:begin] = before
    if size > _KEPT:
        return memoryview(memory)[:size]
    kept = memory[:size]
    _room.memory = memory
    return memoryview(kept)


def _memory(size: int) -> mmap.mmap:
    """Memory of at least a size. Whoever has used little of it puts it back; else it goes when nobody needs it any more."""
    memory, _room.memory = _room.memory, None
    if memory is not None and len(memory) >= size:
        return memory
    try:
        return mmap.mmap(-1, size)
    except OSError as wrong:
        raise MemoryError(str(wrong)) from None


def _too_large(most: int, said: int | None = None) -> TooLargeError:
    size = "more" if said is None else f"{said:,} bytes"
    return TooLargeError(f"it unpacks to {size}, and {most:,} bytes are allowed (LEADSLA_BATCH_MAX_BYTES)")


def _meant(codec: int, wrong: Exception, most: int) -> Exception:
    text = str(wrong)
    if _NO_ROOM in text or _TOO_WIDE in text:
        return _too_large(most)
    if any(words in text for words in _NO_MEMORY):
        return MemoryError(text)
    corrupt: Exception = CorruptRecordException(f"{CODECS[codec]}: {text}")
    return corrupt


def _gzip(packed: memoryview, room: memoryview) -> int:
    """Every member, as long as there are any; zeros behind one are padding."""
    at = read = 0
    member = None
    while True:
        if member is None:
            while 0 < read < len(packed) and not packed[read]:
                read += 1
            if read == len(packed):
                return at
            member = zlib.decompressobj(_GZIP)
        taken = packed[read : read + _TAKEN]
        piece = member.decompress(taken, min(_PIECE, len(room) - at + 1))
        read += len(taken) - len(member.unconsumed_tail) - len(member.unused_data)
        if at + len(piece) > len(room):
            raise _too_large(len(room))
        room[at : at + len(piece)] = piece
        at += len(piece)
        if member.eof:
            member = None
        elif not piece and not taken:
            message = "it ends in the middle"
            raise EOFError(message)


def _snappy(packed: memoryview, room: memoryview) -> int:
    at = 0
    for block in _blocks(packed):
        size = cramjam.snappy.decompress_raw_len(block)
        if at + size > len(room):
            raise _too_large(len(room), at + size)
        at += cramjam.snappy.decompress_raw_into(block, room[at : at + size])
    return at


def _blocks(packed: memoryview) -> Iterator[memoryview]:
    """The blocks that Java's library packs one by one; of others, the whole."""
    if not _detect_xerial_stream(packed):
        yield packed
        return
    at = _XERIAL_HEADER
    while at < len(packed):
        if at + 4 > len(packed):
            message = "half a length at its end"
            raise ValueError(message)
        (size,) = unpack_from(">i", packed, at)
        at += 4
        if not 0 <= size <= len(packed) - at:
            message = f"a block of {size} bytes where {len(packed) - at} are left"
            raise ValueError(message)
        yield packed[at : at + size]
        at += size


def _lz4(packed: memoryview, room: memoryview) -> int:
    if len(packed) > _LZ4_SIZE.size + 6 and packed[4] & _LZ4_SAYS_SIZE and bytes(packed[:4]) == _LZ4_MAGIC:
        (said,) = _LZ4_SIZE.unpack_from(packed, 6)
        if said > len(room):
            raise _too_large(len(room), said)
    size: int = cramjam.lz4.decompress_into(packed, room)
    return size


def _zstd(packed: memoryview, room: memoryview) -> int:
    # Smaller sizes, which need no more than two bytes, are never too large.
    if len(packed) > _ZSTD_LONGEST_HEAD and packed[4] >= _ZSTD_SAYS_SIZE and (said := _zstd_size(packed)) > len(room):
        raise _too_large(len(room), said)
    size: int = cramjam.zstd.decompress_into(packed, room)
    return size


def _zstd_size(packed: memoryview) -> int:
    """What the first frame says that it holds, in four bytes or eight; 0 where there is none."""
    if bytes(packed[:4]) != _ZSTD_MAGIC:
        return 0
    flags = packed[4]
    width = 8 if flags >= _ZSTD_SAYS_SIZE | 0x40 else 4
    window = 0 if flags & _ZSTD_NO_WINDOW else 1
    begin = 5 + window + (0, 1, 2, 4)[flags & 0x03]
    return int.from_bytes(packed[begin : begin + width], "little")


_INTO: Final[dict[int, Callable[[memoryview, memoryview], int]]] = {1: _gzip, 2: _snappy, 3: _lz4, 4: _zstd}
