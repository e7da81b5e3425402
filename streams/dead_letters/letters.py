r"""Dead letters: a rejected record, as it is written to the rejected topic and as it is read back.

Key and value are the record's own bytes. Headers say why (`reason`, `detail`), where it lay (`topic`, `partition`,
`offset`) and when it arrived (`time`, if that can be told); its own headers follow, each name after `original-`, bytes of
a name that are not UTF-8 as `\xff`.
"""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from heapq import nsmallest
from typing import Final, Self

from sla_rules.instants import EARLIEST, LATEST, Instant, instant, iso
from streams.dead_letters.rejected import Rejected
from streams.kafka.connection import LARGEST_EVENT, REJECTED_OVERHEAD
from streams.kafka.outgoing import A_HEADER, Headers, OutgoingRecord, fits, size_of
from streams.reading.records import Record, arrival_of
from streams.reading.stand_ins import StandIn
from streams.reading.unreadable import spelled

ORIGINAL: Final = "original-"
LAST_OFFSET: Final = "last-offset"
"""Header of a letter that holds a whole batch, packed as it was: the offset of its last record."""
HEADERS_DROPPED: Final = "headers-dropped"
KEY_CUT: Final = "key-cut"
VALUE_CUT: Final = "value-cut"
"""Headers of a letter that is not whole: how many headers are missing, how many bytes key and value had."""

_LARGEST: Final = LARGEST_EVENT + REJECTED_OVERHEAD
_ROOM_FOR_HEADERS: Final = REJECTED_OVERHEAD // 2
_LONGEST_DETAIL: Final = 2_000
_MOST_HEADERS: Final = _LARGEST // A_HEADER
"""No more fit, whatever is in them."""


def to_dead_letter(rejected: Rejected) -> OutgoingRecord:
    """The record to write to the rejected topic: whole if there is any room for it.

    A publisher's compression may have fitted more into a record than ours does, and headers grow by their prefix. Then the
    shortest headers are kept, and in the end value and key are cut: so that no record is ever too large to be dead-lettered.
    """
    return next(record for record in _versions(rejected) if fits(record, _LARGEST))


def _versions(rejected: Rejected) -> Iterator[OutgoingRecord]:
    record = rejected.record
    first, key, value, headers = _content(record)
    why: list[tuple[str, bytes | None]] = [
        ("reason", rejected.reason.encode()),
        ("detail", rejected.detail[:_LONGEST_DETAIL].encode(errors="replace")),
        ("topic", record.topic.encode()),
        ("partition", str(record.partition).encode()),
        ("offset", str(record.offset if first is None else first).encode()),
    ]
    if first is not None:
        why.append((LAST_OFFSET, str(record.offset).encode()))
    if EARLIEST <= arrival_of(record) <= LATEST:
        why.append(("time", iso(arrival_of(record)).encode()))
    if len(headers) <= _MOST_HEADERS:
        yield OutgoingRecord(key, value, [*why, *map(_original, headers)])
    kept = _shortest(headers)
    if len(kept) < len(headers):
        why.append((HEADERS_DROPPED, str(len(headers) - len(kept)).encode()))
        yield OutgoingRecord(key, value, [*why, *kept])
    if key is not None and len(key) > LARGEST_EVENT // 2:
        why.append((KEY_CUT, str(len(key)).encode()))
        key = key[: LARGEST_EVENT // 2]
    if value is not None and len(value) > LARGEST_EVENT // 2:
        why.append((VALUE_CUT, str(len(value)).encode()))
        value = value[: LARGEST_EVENT // 2]
    yield OutgoingRecord(key, value, [*why, *kept])


def _content(record: Record) -> tuple[int | None, bytes | None, bytes | None, Headers]:
    """Where a batch begins (None of a record), and key, value and headers; of a stand-in, those that it stands for."""
    if isinstance(record, StandIn):
        return record.first, record.original_key, record.original_value, record.original_headers
    return None, record.key, record.value, record.headers


def _original(header: tuple[str, bytes | None]) -> tuple[str, bytes | None]:
    name, value = header
    return f"{ORIGINAL}{spelled(name)}", value


def _shortest(headers: Headers) -> Headers:
    """The shortest headers, as many as there is room for, in their order and by their names in a letter."""
    kept, room = {}, _ROOM_FOR_HEADERS
    # There may be half a million of them.
    for at in nsmallest(_ROOM_FOR_HEADERS // A_HEADER, range(len(headers)), key=lambda at: _length(headers[at])):
        kept[at] = _original(headers[at])
        room -= size_of(kept[at])
        if room < 0:
            del kept[at]
            break
    return [kept[at] for at in sorted(kept)]


def _length(header: tuple[str, bytes | None]) -> int:
    name, value = header
    return len(name) + len(value or b"")


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A record of the rejected topic, read back.

    `partition` and `offset` are those of the rejected topic, `dead_lettered_at` its stamp; all `original_` ones are None where
    a header is missing, which is so only if somebody else wrote the record.
    """

    partition: int
    offset: int
    dead_lettered_at: Instant
    reason: str
    detail: str
    original_topic: str | None
    original_partition: int | None
    original_offset: int | None
    arrival: Instant | None
    key: bytes | None
    value: bytes | None
    headers: Headers
    missing: dict[str, int]
    last_offset: int | None = None
    """Of a whole batch, whose bytes are the value: the original offset of its last record."""

    @classmethod
    def of(cls, record: Record) -> Self:
        """The letter that lies at one offset of the rejected topic."""
        _, key, value, _ = _content(record)
        said = {name: value or b"" for name, value in record.headers if not name.startswith(ORIGINAL)}
        texts = {name: value.decode(errors="replace") for name, value in said.items()}
        if isinstance(record, StandIn):  # somebody wrote there what nobody can read
            texts = {"reason": record.reason, "detail": record.detail}
        return cls(
            record.partition,
            record.offset,
            arrival_of(record),
            texts.get("reason", "unknown"),
            texts.get("detail", ""),
            texts.get("topic"),
            _number(texts.get("partition")),
            _number(texts.get("offset")),
            _instant(texts.get("time")),
            key,
            value,
            [(name.removeprefix(ORIGINAL), value) for name, value in record.headers if name.startswith(ORIGINAL)],
            {name: _number(texts[name]) or 0 for name in (HEADERS_DROPPED, KEY_CUT, VALUE_CUT) if name in texts},
            _number(texts.get(LAST_OFFSET)),
        )


def _number(text: str | None) -> int | None:
    return int(text) if text is not None and text.isascii() and text.isdigit() else None


def _instant(text: str | None) -> Instant | None:
    with suppress(ValueError):
        return None if text is None else instant(datetime.fromisoformat(text))
    return None
