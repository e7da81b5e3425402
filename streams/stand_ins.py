"""What stands among the records of a fetch for what is not read: a whole batch, or one record that is too large.

It has no value, so that whoever reads it finds no event in it and asks why.
"""

from dataclasses import dataclass
from typing import Final

from aiokafka import ConsumerRecord

TOO_LARGE: Final = "too_large"
TOO_LARGE_UNPACKED: Final = "too_large_unpacked"
UNREADABLE_BATCH: Final = "unreadable_batch"
"""Reasons of dead letters that are found out while fetching."""


@dataclass(kw_only=True)
class StandIn(ConsumerRecord):  # type: ignore[misc] # aiokafka is untyped here
    """A place in the log whose content is put away as it is; of a batch, the place of its last record.

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
