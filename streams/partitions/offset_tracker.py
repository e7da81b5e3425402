"""What somebody else wrote where only the owner of a partition writes.

A worker that was frozen or cut off may not know yet that its partitions went to another; what it was about to write then
arrives late. Kafka numbers the records of a partition without gaps, so that an owner that keeps count of its own knows
of every record that is not.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from aiokafka import TopicPartition

from streams.kafka.connection import new_consumer
from streams.settings import Settings

GENERATION: Final = "generation"
"""Header of a state: the generation of the group in which its writer owned the partition."""


def generation_of(headers: Sequence[tuple[str, bytes | None]]) -> int:
    """The generation that a state was written in; 0 where it does not say."""
    return int(headers[0][1] or 0) if headers and headers[0][0] == GENERATION else 0


class ForeignWrite(NamedTuple):
    """Offsets of one topic, from `first` to before `end`, that were not written here."""

    topic: str
    first: int
    end: int


_UNKNOWN: Final = -1
"""Where a topic ends that has begun again, until something of ours lies in it."""


@dataclass(slots=True)
class OffsetTracker:
    """Where topics end by what was read and written here, by (topic, partition), and foreign writes by partition.

    `lost` are the topics, by partition, that no longer hold all that was written to them.
    """

    ends: dict[tuple[str, int], int] = field(default_factory=dict)
    foreign_writes: dict[int, list[ForeignWrite]] = field(default_factory=dict)
    lost: dict[int, set[str]] = field(default_factory=dict)

    def keep_only(self, partitions: set[int]) -> None:
        """Forget partitions that went to others."""
        self.ends = {place: end for place, end in self.ends.items() if place[1] in partitions}
        self.foreign_writes = {number: found for number, found in self.foreign_writes.items() if number in partitions}
        self.lost = {partition: topics for partition, topics in self.lost.items() if partition in partitions}

    def begin(self, topic: str, partition: int, end: int) -> None:
        """Begin to count where a recovery has read up to."""
        self.ends[topic, partition] = end

    def leave(self, partition: int, writes: Sequence[ForeignWrite]) -> None:
        """A recovery has found foreign writes, and left them to be absorbed."""
        if writes:
            self.foreign_writes.setdefault(partition, []).extend(writes)

    def wrote(self, topic: str, partition: int, first: int, count: int) -> None:
        """Records of our own lie from `first` on; an offset below zero is none that the broker told."""
        known = self.ends.get((topic, partition))
        if first < 0 or known is None:
            return
        if first < known:
            self.lose(topic, partition)
        elif known != _UNKNOWN:
            self.saw(topic, partition, first)
        self.ends[topic, partition] = first + count

    def saw(self, topic: str, partition: int, end: int, asked_at: int | None = None) -> None:
        """The topic goes on up to `end`, and nothing of ours is on its way that may lie there.

        `asked_at` is up to where it was known when the broker was asked; more of ours may have come to lie there since.
        """
        known = self.ends.get((topic, partition))
        if known is None or known == _UNKNOWN:
            return
        if end < (known if asked_at is None else min(known, asked_at)):
            self.lose(topic, partition)
        elif end > known:
            self.foreign_writes.setdefault(partition, []).append(ForeignWrite(topic, known, end))
            self.ends[topic, partition] = end

    def lose(self, topic: str, partition: int) -> None:
        """The topic no longer holds all that was written to it, and begins again for all that is known."""
        if (topic, partition) in self.ends:
            self.ends[topic, partition] = _UNKNOWN
        if partition in self.foreign_writes:
            self.foreign_writes[partition] = [one for one in self.foreign_writes[partition] if one.topic != topic]
        self.lost.setdefault(partition, set()).add(topic)

    def end(self, topic: str, partition: int) -> int | None:
        """Up to where all of a topic is known here; None where that is not known."""
        end = self.ends.get((topic, partition), _UNKNOWN)
        return (
            None
            if end == _UNKNOWN or partition in self.foreign_writes or topic in self.lost.get(partition, ())
            else end
        )

    def take_lost(self, partition: int) -> set[str]:
        """The topics of a partition that lost something; asked again, none until there are more."""
        return self.lost.pop(partition, set())

    def take_foreign_writes(self, partition: int) -> list[ForeignWrite]:
        """The foreign writes of a partition; asked again, none until there are more."""
        return self.foreign_writes.pop(partition, [])


async def read_foreign_write(
    settings: Settings, write: ForeignWrite, partition: int
) -> list[tuple[bytes, bytes | None]]:
    """Keys and values that somebody else wrote, as far as compaction left them.

    Raises:
        aiokafka.errors.KafkaError: the broker does not answer.

    """
    tp = TopicPartition(write.topic, partition)
    found: list[tuple[bytes, bytes | None]] = []
    async with new_consumer(settings) as consumer:
        consumer.assign([tp])
        consumer.seek(tp, write.first)
        end = min(write.end, (await consumer.end_offsets([tp]))[tp])
        while await consumer.position(tp) < end:
            for records in (await consumer.getmany(tp, timeout_ms=200)).values():
                found += [(record.key, record.value) for record in records if record.offset < write.end]
    return found
