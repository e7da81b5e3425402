"""Which dead letters are meant."""

from collections import deque
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Final

from sla_rules.instants import Instant
from streams.dead_letters.letters import DeadLetter
from streams.dead_letters.topic import DeadLetterTopic

AT_EVERY: Final = 500
"""Letters between two steps of a bar."""

Shown = Callable[[int], object]


@dataclass(frozen=True, slots=True)
class Selection:
    """What a letter has to be; None or empty: any. `topics` and `partition` are the original record's."""

    reasons: frozenset[str] = frozenset()
    topics: frozenset[str] = frozenset()
    partition: int | None = None
    since: Instant | None = None
    until: Instant | None = None
    key: bytes | None = None

    def takes(self, letter: DeadLetter) -> bool:
        """Whether a letter is meant; `since` is in, `until` is out."""
        return (
            (not self.reasons or letter.reason in self.reasons)
            and (not self.topics or letter.original_topic in self.topics)
            and (self.partition is None or letter.original_partition == self.partition)
            and (self.since is None or letter.dead_lettered_at >= self.since)
            and (self.until is None or letter.dead_lettered_at < self.until)
            and (self.key is None or letter.key == self.key)
        )

    async def of(self, topic: DeadLetterTopic, shown: Shown) -> AsyncIterator[DeadLetter]:
        """The letters that are meant, oldest first; `shown` is told how many were read."""
        read = 0
        async for letter in topic.letters():
            read += 1
            if read % AT_EVERY == 0:
                shown(read)
            if self.takes(letter):
                yield letter

    async def newest(self, topic: DeadLetterTopic, limit: int, shown: Shown) -> frozenset[tuple[int, int]]:
        """Where the newest of them lie."""
        places: deque[tuple[int, int]] = deque(maxlen=limit)
        async for letter in self.of(topic, shown):
            places.append((letter.partition, letter.offset))
        return frozenset(places)
