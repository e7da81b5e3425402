"""What reaches the broker: one record, and when."""

from typing import NamedTuple

from sla_rules.instants import Instant


class Item(NamedTuple):
    """One record as a CRM publishes it; `value` is None where it publishes nothing."""

    arrival: Instant
    topic: str
    key: bytes
    value: bytes | None
    headers: tuple[tuple[str, bytes], ...]


class PublishedNotices(NamedTuple):
    """Something that happened to a lead, before it is put in an envelope and sent."""

    time: Instant
    type: str
    subject: str
    data: dict[str, object]
    entered: Instant | None = None
    """When somebody typed it into the CRM, where that was later than it happened."""
