"""Records of `leadsla-progress`: how far the owner of each partition is, written and read back.

Whoever reads the service's other topics cannot tell a calm hour from a dead worker. These records come every few seconds
whether anything happens or not.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Final

import msgspec
from msgspec import Meta, Struct, field

from sla_rules.figures.units import Count, Duration, Time
from sla_rules.formats import DAMAGED, UnknownFormatError
from sla_rules.instants import SECOND, Instant, instant
from sla_rules.names import PROGRESS_TOPIC

_LATE: Final = 12
"""For so many records of its successor, one of a former owner that did not know yet that it had one is told apart."""


class ProgressRecord(Struct, frozen=True, kw_only=True):
    """How far the owner of one partition is.

    The topic is compacted by the partition's number. Of the records of a partition that are at most a minute older than the
    newest one, that of the highest generation counts, and of those the latest.
    """

    partition: Count
    """Of the event topics."""
    generation: Count
    """Of the group: who owned the partition in a higher one has succeeded."""
    at: Time = field(name="written_at")
    """When it was written, by the clock that the service lives by: the broker's, where that stamps events."""
    every: Duration = field(name="every_seconds")
    """How often one is written, by the same clock."""
    as_of: Time | None
    """Up to when all that arrived is folded and all that fell due is judged; None where nothing is known yet."""
    digest: str
    """Of the agreements that the owner goes by."""
    is_loading: bool = field(name="loading_history")
    """Whether history is being loaded, so that time stands for the leads that it brings."""
    quarantined: Count = field(name="quarantined_leads")
    """Leads that cannot be judged; they are in nothing that the service says."""
    incomplete: tuple[str, ...] = field(name="incomplete_topics")
    """Topics of the service that do not hold all of the partition: they lost something, or nobody has written it yet."""
    topics: Mapping[str, Time] = field(name="last_arrival_by_topic")
    """When the last record arrived that was read of each topic."""
    sources: Mapping[str, Time] = field(name="last_arrival_by_source")
    """When the last event arrived of each `source` that events name, of the 50 that were heard of last."""
    others: Time | None = field(name="last_arrival_of_others")
    """When the last event arrived of a source that is none of those; None where there is no other."""


class ProgressRecords:
    """Takes records of all partitions in any order, and says which of each counts."""

    def __init__(self) -> None:
        self._of: dict[int, dict[int, ProgressRecord]] = {}

    def take(self, value: bytes) -> None:
        """Take in a record.

        Raises:
            UnknownFormatError: it is none of ours.

        """
        record = read_progress(value)
        known = self._of.setdefault(record.partition, {})
        before = known.get(record.generation)
        if before is None or before.at <= record.at:
            known[record.generation] = record
        newest = max(one.at for one in known.values())
        self._of[record.partition] = {
            generation: one for generation, one in known.items() if one.at + _LATE * one.every >= newest
        }

    def time_at(self, now: Instant) -> Instant:
        """What time it is for the service, for a reader whose clock may be behind: none before that of the newest record."""
        return max([now, *(one.at for known in self._of.values() for one in known.values())])

    def of(self, partition: int) -> ProgressRecord | None:
        """What the owner of a partition wrote last; None where nobody wrote anything."""
        known = self._of.get(partition)
        return None if known is None else known[max(known)]


class _Read(Struct):
    partition: Annotated[int, Meta(ge=0)]
    generation: Annotated[int, Meta(ge=0)]
    written_at: datetime
    every_seconds: Annotated[float, Meta(gt=0)]
    as_of: datetime | None
    digest: str
    loading_history: bool
    quarantined_leads: Annotated[int, Meta(ge=0)]
    incomplete_topics: tuple[str, ...]
    last_arrival_by_topic: dict[str, datetime]
    last_arrival_by_source: dict[str, datetime]
    last_arrival_of_others: datetime | None


def read_progress(value: bytes) -> ProgressRecord:
    """A record of the progress topic.

    Raises:
        UnknownFormatError: it is none of ours.

    """
    try:
        found = _DECODE(value)
        return ProgressRecord(
            partition=found.partition,
            generation=found.generation,
            at=instant(found.written_at),
            every=round(found.every_seconds * SECOND),
            as_of=None if found.as_of is None else instant(found.as_of),
            digest=found.digest,
            is_loading=found.loading_history,
            quarantined=found.quarantined_leads,
            incomplete=found.incomplete_topics,
            topics={topic: instant(at) for topic, at in found.last_arrival_by_topic.items()},
            sources={source: instant(at) for source, at in found.last_arrival_by_source.items()},
            others=None if found.last_arrival_of_others is None else instant(found.last_arrival_of_others),
        )
    except (*DAMAGED, ValueError) as broken:
        message = f"{PROGRESS_TOPIC} holds a record that is none of ours: {broken}"
        raise UnknownFormatError(message) from None


_DECODE: Final = msgspec.json.Decoder(_Read).decode
