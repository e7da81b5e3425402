"""Batches of two records and fewer that are more than allowed when unpacked, or that nobody can read; by what they do."""

from cramjam import lz4, zstd

from tests.real_parts.hostile import bomb, number, old_batch, old_record, packed, raw_batch, record, some_bytes

MEBIBYTE = 2**20
TWO = record(0, b"k", b"a") + record(1, b"k", b"b")


def lying_frame(size: int) -> bytes:
    """A frame of zstd that says it holds one byte and holds as many as that."""
    told = bytearray(zstd.compress(b"\0" * size))
    assert told[4] >> 6 == 2
    told[6:10] = (1).to_bytes(4, "little")
    return bytes(told)


def lz4_that_says(size: int) -> bytes:
    """A frame of lz4 that says how much it holds."""
    frame = bytearray(lz4.compress(b"\0" * 100))
    frame[4] |= 0x08
    return bytes(frame[:6] + size.to_bytes(8, "little") + frame[6:])


def of_headers(count: int) -> bytes:
    """A record of so many headers without name and value."""
    body = b"\0" + number(0) + number(0) + some_bytes(b"k") + number(-1) + number(count)
    body += (number(0) + number(-1)) * count
    return number(len(body)) + body


BOMBS = {codec: raw_batch(packed(codec, bomb(3 * MEBIBYTE)), codec) for codec in ("gzip", "snappy", "lz4", "zstd")}
"""Each unpacks to a little more than three mebibytes."""

TOO_MUCH = {
    **BOMBS,
    "zstd that says so": raw_batch(bytes(zstd.compress(b"".join(bomb(3 * MEBIBYTE)))), "zstd"),
    "zstd of many frames": raw_batch(bytes(zstd.compress(bytes(MEBIBYTE))) * 4, "zstd"),
    "zstd with a window of two gigabytes": raw_batch(b"\x28\xb5\x2f\xfd\x00\xa8" + b"\x01\0\0", "zstd"),
    "gzip of many members": raw_batch(packed("gzip", [bytes(1_000)]) * 4_000, "gzip"),
    "lz4 that says so": raw_batch(lz4_that_says(2**40), "lz4"),
    "snappy that says four gigabytes": raw_batch(b"\xff\xff\xff\xff\x0f" + b"abc", "snappy"),
}
UNREADABLE = {
    "no gzip": raw_batch(b"garbage" * 9, "gzip"),
    "no snappy": raw_batch(b"\x05garbage" * 9, "snappy"),
    "no lz4": raw_batch(b"garbage" * 9, "lz4"),
    "no zstd": raw_batch(b"garbage" * 9, "zstd"),
    "half of gzip": raw_batch(packed("gzip", [TWO])[:-3], "gzip", 2),
    "half of lz4": raw_batch(packed("lz4", [TWO])[:-3], "lz4", 2),
    "half of zstd": raw_batch(packed("zstd", [TWO])[:-3], "zstd", 2),
    "a block of snappy that goes on for ever": raw_batch(packed("snappy", [TWO])[:16] + b"\x7f\xff\xff\xff", "snappy"),
    "zstd that says less than it holds": raw_batch(lying_frame(70_000), "zstd"),
    "an unknown codec": raw_batch(TWO, 7, 2),
    "no records": raw_batch(b"", count=1),
    "more records than there are": raw_batch(TWO, count=3),
    "two thousand million records": raw_batch(TWO, count=2**31 - 1, last=1),
    "fewer records than there are": raw_batch(TWO, count=1),
    "fewer than no records": raw_batch(TWO, count=-5, last=1),
    "a last offset before the first": raw_batch(TWO, count=2, last=-7),
    "a last offset far behind the log": raw_batch(TWO, count=2, last=2**31 - 1),
    "a record of two gigabytes": raw_batch(record(0, b"k", b"a", size=2**31)),
    "a record of less than nothing": raw_batch(record(0, b"k", b"a", size=-9)),
    "a record that ends early": raw_batch(record(0, b"k", b"a", size=3)),
    "a length without end": raw_batch(b"\xff" * 40),
    "a thousand million headers": raw_batch(record(0, b"k", b"a", header_count=10**9)),
    "fewer than no headers": raw_batch(record(0, b"k", b"a", header_count=-1)),
    "a header without a name": raw_batch(record(0, b"k", b"a")[:-1] + number(1) + number(-1) + number(-1)),
    "a key of 2^62 bytes": raw_batch(number(30) + b"\0" + number(0) + number(0) + number(2**62) + bytes(18)),
    "a value of 2^63 bytes": raw_batch(
        number(30) + b"\0" + number(0) + number(0) + number(-1) + number(2**63 - 1) + bytes(16)
    ),
}
OLD_AND_TOO_MUCH = {
    "gzip": old_batch(packed("gzip", [old_record(0, None, bytes(3 * MEBIBYTE))]), "gzip"),
    "snappy": old_batch(packed("snappy", [old_record(0, None, bytes(3 * MEBIBYTE))]), "snappy", magic=0),
    "lz4": old_batch(packed("lz4", [old_record(0, None, bytes(3 * MEBIBYTE))]), "lz4"),
}
OLD_AND_UNREADABLE = {
    "no gzip": old_batch(b"garbage", "gzip"),
    "lz4 before there was any": old_batch(packed("lz4", [old_record(0, None, b"a", magic=0)]), "lz4", magic=0),
    "zstd before there was any": old_batch(b"garbage", "zstd"),
    "packed nothing": old_record(0, None, None, attributes=1),
    "a loop": old_batch(packed("gzip", [b"\0" * 8 + b"\xff\xff\xff\xf4" + bytes(20)]), "gzip"),
    "a way back": old_batch(packed("lz4", [b"\0" * 8 + b"\x80\0\0\0" + bytes(20)]), "lz4"),
    "a record that goes too far": old_batch(packed("gzip", [b"\0" * 8 + b"\0\0\x7f\xff" + bytes(20)]), "gzip"),
    "a record of no old format": old_batch(packed("gzip", [old_record(0, None, b"a", magic=2)]), "gzip"),
    "packed twice": old_batch(packed("gzip", [old_batch(packed("gzip", [b""]), "gzip")]), "gzip"),
    "places that go back": old_batch(
        packed("snappy", [old_record(1, None, b"a") + old_record(0, None, b"b")]), "snappy"
    ),
}
