"""Records of how far the owner of a partition is, as tests need them."""

from msgspec.structs import replace

from sla_rules.instants import SECOND, Instant
from sla_rules.reports.encode import encode
from sla_rules.reports.progress_records import ProgressRecord, ProgressRecords
from tests.script import ORIGIN

EVERY = 5 * SECOND


def record(partition: int = 0, at: Instant = ORIGIN, generation: int = 1, **others: object) -> ProgressRecord:
    """Of an owner that is up to date, unless it is said otherwise."""
    up_to_date = ProgressRecord(
        partition=partition,
        generation=generation,
        at=at,
        every=EVERY,
        as_of=at,
        digest="0123456789ab",
        is_loading=False,
        quarantined=0,
        incomplete=(),
        topics={},
        sources={},
        others=None,
    )
    return replace(up_to_date, **others)


def written(one: ProgressRecord) -> bytes:
    """Its bytes in the topic."""
    return encode(one).encode()


def records(*some: ProgressRecord) -> ProgressRecords:
    """What a reader of them knows."""
    found = ProgressRecords()
    for one in some:
        found.take(written(one))
    return found
