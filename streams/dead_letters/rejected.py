"""What goes to the dead letters."""

from dataclasses import dataclass

from streams.reading.records import Record


@dataclass(frozen=True, slots=True)
class Rejected:
    """A record to dead-letter, and why."""

    record: Record
    reason: str
    detail: str
