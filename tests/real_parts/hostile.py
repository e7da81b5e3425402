"""Batches as no honest client writes them, each with the right checksum: bombs, lies about size, number and place."""

import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from struct import Struct

import cramjam
from aiokafka.codec import _XERIAL_V1_FORMAT, _XERIAL_V1_HEADER
from aiokafka.producer.message_accumulator import BatchBuilder
from aiokafka.record.util import calc_crc32c

from tests.real_parts.any_client import Raw, batch_of

CODECS = {"gzip": 1, "snappy": 2, "lz4": 3, "zstd": 4}
PIECE = b"\0" * 65_536
HEAD = Struct(">qiibIhiqqqhii")
_CHECKED_FROM = 21


def number(value: int) -> bytes:
    """As records hold it: zigzag, seven bits a byte."""
    left = (value << 1) ^ (value >> 63)
    found = bytearray()
    while left > 0x7F:
        found.append(left & 0x7F | 0x80)
        left >>= 7
    return bytes([*found, left])


def some_bytes(value: bytes | None) -> bytes:
    """A length and as many bytes."""
    return number(-1) if value is None else number(len(value)) + value


def record(
    place: int = 0,
    key: bytes | None = None,
    value: bytes | None = None,
    headers: Sequence[tuple[bytes, bytes | None]] = (),
    *,
    size: int | None = None,
    header_count: int | None = None,
) -> bytes:
    """A record at a place in its batch; `size` and `header_count` are said instead of what is right."""
    count = len(headers) if header_count is None else header_count
    named = b"".join(some_bytes(name) + some_bytes(content) for name, content in headers)
    body = b"\0" + number(0) + number(place) + some_bytes(key) + some_bytes(value) + number(count) + named
    return number(len(body) if size is None else size) + body


def bomb(size: int) -> Iterator[bytes]:
    """One record whose value is so many zeros, in pieces."""
    before, after = b"\0" + number(0) + number(0) + number(-1) + number(size), number(0)
    yield number(len(before) + size + len(after)) + before
    for at in range(0, size, len(PIECE)):
        yield PIECE[: size - at]
    yield after


def packed(codec: str, pieces: Iterable[bytes]) -> bytes:
    """The pieces, packed as one stream; nothing says how large they are together, except to gzip."""
    return _PACKERS[codec](pieces)


def _gzip(pieces: Iterable[bytes]) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, zlib.MAX_WBITS | 16)
    return b"".join(map(packer.compress, pieces)) + packer.flush()


def _snappy(pieces: Iterable[bytes]) -> bytes:
    blocks = [bytes(cramjam.snappy.compress_raw(piece)) for piece in pieces]
    head = b"".join(
        Struct("!" + sign).pack(part) for sign, part in zip(_XERIAL_V1_FORMAT, _XERIAL_V1_HEADER, strict=False)
    )
    return head + b"".join(Struct("!i").pack(len(block)) + block for block in blocks)


def _lz4(pieces: Iterable[bytes]) -> bytes:
    packer = cramjam.lz4.Compressor(level=9, content_checksum=False, block_linked=False)
    for piece in pieces:
        packer.compress(piece)
    return bytes(packer.finish())


def _zstd(pieces: Iterable[bytes]) -> bytes:
    packer = cramjam.zstd.Compressor(level=3)
    for piece in pieces:
        packer.compress(piece)
    return bytes(packer.finish())


_PACKERS: dict[str, Callable[[Iterable[bytes]], bytes]] = {
    "none": b"".join,
    "gzip": _gzip,
    "snappy": _snappy,
    "lz4": _lz4,
    "zstd": _zstd,
}


def raw_batch(
    content: bytes,
    codec: str | int = 0,
    count: int = 1,
    last: int | None = None,
    *,
    flags: int = 0,
    producer: int = -1,
    stamp: int = 1_000,
) -> bytes:
    """A batch of so many records that holds any bytes; `last` is the place of the last one."""
    attributes = flags | (CODECS.get(codec, 0) if isinstance(codec, str) else codec)
    last = count - 1 if last is None else last
    head = bytearray(
        HEAD.pack(0, HEAD.size - 12 + len(content), -1, 2, 0, attributes, last, stamp, stamp, producer, -1, -1, count)
    )
    whole = head + content
    whole[17:21] = calc_crc32c(bytes(whole[_CHECKED_FROM:])).to_bytes(4, "big")
    return bytes(whole)


def old_batch(content: bytes, codec: str, magic: int = 1, offset: int = 0, stamp: int = 1_000) -> bytes:
    """A record of an old format that holds others, packed: as Kafka wrote them before 0.11."""
    return old_record(offset, None, content, magic, CODECS[codec], stamp)


def old_record(
    offset: int, key: bytes | None, value: bytes | None, magic: int = 1, attributes: int = 0, stamp: int = 1_000
) -> bytes:
    """A record of an old format."""
    fields = b"".join(
        Struct(">i").pack(-1) if field is None else Struct(">i").pack(len(field)) + field for field in (key, value)
    )
    body = Struct(">bb").pack(magic, attributes) + (Struct(">q").pack(stamp) if magic else b"") + fields
    return Struct(">qiI").pack(offset, 4 + len(body), zlib.crc32(body)) + body


def to_send(raw: bytes) -> BatchBuilder:
    """A batch to be sent by `send_batches`, as it is."""
    return batch_of([Raw(None, b"")], damage=lambda _: bytearray(raw))
