"""The least job there is: how many events each lead has had. What a shell takes for it is the shell's own."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from streams.reading.records import Record

_BYTES: Final = 8
"""A long, as Kafka Streams writes it."""


@dataclass(slots=True)
class CountJob:
    """Counts records of one partition by key, counts as bytes in a dictionary for each partition."""

    counts: dict[int, dict[bytes, bytes]] = field(default_factory=dict)

    def fold(self, partition: int, records: Sequence[Record]) -> dict[bytes, bytes]:
        """The counts that have changed, by lead."""
        counts = self.counts.setdefault(partition, {})
        changed = {}
        for record in records:
            lead = record.key or b""
            after = int.from_bytes(counts.get(lead, b""), "big") + 1
            counts[lead] = changed[lead] = after.to_bytes(_BYTES, "big")
        return changed
