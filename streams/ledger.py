"""What somebody else wrote where only the owner of a partition writes.

A worker that was frozen or cut off may not know yet that its partitions went to another; what it was about to write then
arrives late. Kafka numbers the records of a partition without gaps, so that an owner that keeps count of its own knows
of every record that is not.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from aiokafka import TopicPartition

from streams.connection import new_consumer
from streams.settings import Settings

GENERATION: Final = "generation"
"""Header of a state: the generation of the group in which its writer owned the partition."""


def generation_of(headers: Sequence[tuple[str, bytes | None]]) -> int:
    """The generation that a state was written in; 0 where it does not say."""
    return int(headers[0][1] or 0) if headers and headers[0][0] == GENERATION else 0


class Gap(NamedTuple):
    """Offsets of one topic, from `first` to before `end`, that were not written here."""

    topic: str
    first: int
    end: int


@dataclass(slots=True)
class Ledger:
    """Where topics end by what was read and written here, by (topic, partition), and the gaps by partition."""

    ends: dict[tuple[str, int], int] = field(default_factory=dict)
    gaps: dict[int, list[Gap]] = field(default_factory=dict)

    def keep_only(self, partitions: set[int]) -> None:
        """Forget partitions that went to others."""
        self.ends = {place: end for place, end in self.ends.items() if place[1] in partitions}
        self.gaps = {partition: gaps for partition, gaps in self.gaps.items() if partition in partitions}

    def begin(self, topic: str, partition: int, end: int) -> None:
        """Begin to count where a takeover has read up to."""
        self.ends[topic, partition] = end

    def wrote(self, topic: str, partition: int, first: int, count: int) -> None:
        """Records of our own lie from `first` on; an offset below zero is none that the broker told."""
        if first >= 0:
            self.saw(topic, partition, first)
            if (topic, partition) in self.ends:
                self.ends[topic, partition] = max(self.ends[topic, partition], first + count)

    def saw(self, topic: str, partition: int, end: int) -> None:
        """The topic goes on up to `end`, and nothing of ours is on its way that may lie there."""
        known = self.ends.get((topic, partition))
        if known is not None and end > known:
            self.gaps.setdefault(partition, []).append(Gap(topic, known, end))
            self.ends[topic, partition] = end

    def take_gaps(self, partition: int) -> list[Gap]:
        """The gaps of a partition; asked again, none until there are more."""
        return self.gaps.pop(partition, [])


async def read_gap(settings: Settings, gap: Gap, partition: int) -> list[tuple[bytes, bytes | None]]:
    """Keys and values in a gap, as far as compaction left them.

    Raises:
        aiokafka.errors.KafkaError: the broker does not answer.

    """
    tp = TopicPartition(gap.topic, partition)
    found: list[tuple[bytes, bytes | None]] = []
    async with new_consumer(settings) as consumer:
        consumer.assign([tp])
        consumer.seek(tp, gap.first)
        while await consumer.position(tp) < gap.end:
            for records in (await consumer.getmany(tp, timeout_ms=200)).values():
                found += [(record.key, record.value) for record in records if record.offset < gap.end]
    return found
