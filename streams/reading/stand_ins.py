"""What stands among the records of a fetch for what is not read: a whole batch, or one record that is too large.

It has no value, so that whoever reads it finds no event in it and asks why.
"""

from dataclasses import dataclass
from typing import Any, Final

from aiokafka import ConsumerRecord, TopicPartition

from streams.reading.raw_batches import FORMAT_AT, LATEST_FORMAT, Head
from streams.reading.unpacking import CODECS

TOO_LARGE: Final = "too_large"
TOO_LARGE_UNPACKED: Final = "too_large_unpacked"
UNREADABLE_BATCH: Final = "unreadable_batch"
"""Reasons of dead letters that are found out while fetching."""


@dataclass(kw_only=True)
class StandIn(ConsumerRecord):  # type: ignore[misc] # aiokafka is untyped here
    """A place in the log whose content is dead-lettered as it is; of a batch, the place of its last record.

    `original_value` is the record's own value or the batch's packed bytes; `first` is the offset where a batch begins,
    None of a record.
    """

    reason: str
    detail: str
    original_key: bytes | None = None
    original_value: bytes | None = None
    original_headers: tuple[tuple[str, bytes | None], ...] = ()
    first: int | None = None


def stand_in(
    topic: str,
    partition: int,
    offset: int,
    timestamp: int | None,
    reason: str,
    detail: str,
    *,
    key: bytes | None = None,
    value: bytes | None = None,
    headers: tuple[tuple[str, bytes | None], ...] = (),
    first: int | None = None,
) -> StandIn:
    """A record without key, value and headers that holds those of another, and why they are not read."""
    return StandIn(
        topic,
        partition,
        offset,
        timestamp,
        0,
        None,
        None,
        None,
        -1,
        -1,
        (),
        reason=reason,
        detail=detail,
        original_key=key,
        original_value=value,
        original_headers=headers,
        first=first,
    )


def too_large(spot: TopicPartition, offset: int, record: Any, size: int, largest: int) -> StandIn:
    """For a record of so many bytes, where an event may have `largest`."""
    return stand_in(
        spot.topic,
        spot.partition,
        offset,
        record.timestamp,
        TOO_LARGE,
        f"the record has {size:,} bytes, and an event may have {largest:,}",
        key=record.key,
        value=record.value,
        headers=tuple(record.headers),
    )


def unreadable_batch(spot: TopicPartition, offsets: range, raw: memoryview, reason: str, why: str) -> StandIn:
    """For a batch that covers offsets and cannot be read."""
    stamp, what = _described(raw)
    first, last = offsets.start, offsets.stop - 1
    return stand_in(
        spot.topic,
        spot.partition,
        last,
        stamp,
        reason,
        f"offsets {first} to {last}, {what}: {why}",
        value=bytes(raw),
        first=first,
    )


def _described(raw: memoryview) -> tuple[int | None, str]:
    """When a batch was sent or arrived, if it says so, and what it is."""
    size = f"{len(raw):,} bytes"
    if raw[FORMAT_AT] < LATEST_FORMAT:
        return None, f"{size} of an old format"
    head = Head.of(raw)
    codec = CODECS[head.codec] if head.codec < len(CODECS) else head.codec
    return head.latest_stamp, f"{head.records:,} records in {size}, codec {codec}"
