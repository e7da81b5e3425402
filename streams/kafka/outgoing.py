"""A record on its way to a topic, and whether it fits."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from aiokafka.codec import zstd_encode

Headers = Sequence[tuple[str, bytes | None]]


class OutgoingRecord(NamedTuple):
    """A record to write to a topic."""

    key: bytes | None
    value: bytes | None
    headers: Headers = ()


_AROUND: Final = 128
"""More bytes than a batch of one record has around its key, value and headers."""
A_HEADER: Final = 10
"""More bytes than a header has around its name and value."""


def size_of(header: tuple[str, bytes | None]) -> int:
    """At most so many bytes of a record are a header's."""
    name, value = header
    return A_HEADER + len(name.encode()) + len(value or b"")


def fits(record: OutgoingRecord, largest: int) -> bool:
    """Whether a topic takes it that takes so many bytes: as it is, or compressed as our producer compresses."""
    key, value, headers = record
    around = _AROUND + sum(map(size_of, headers))
    if around + len(key or b"") + len(value or b"") <= largest:
        return True
    return around + len(zstd_encode((key or b"") + (value or b""))) <= largest
