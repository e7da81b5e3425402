"""`leadsla deadletter replay`: original bytes, key and headers back to the topic they came from."""

import struct
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from aiokafka.errors import KafkaError

from leadsla.dead_letters.selection import Selection, Shown
from sla_rules.agreement.rulebook import RuleBook
from sla_rules.events.vocabulary import ABOUT_LEADS
from sla_rules.instants import DAY, SECOND
from sla_rules.names import INPUT_TOPICS
from streams.clock import MILLISECOND, Clock
from streams.dead_letters.letters import DeadLetter
from streams.dead_letters.topic import DeadLetterTopic
from streams.kafka.connection import LARGEST_EVENT
from streams.kafka.outgoing import OutgoingRecord, fits
from streams.kafka.partitioning import partition_of
from streams.kafka.publisher import Publisher
from streams.pipeline.decode import decode
from streams.reading.opened_batch import records_of
from streams.reading.records import Record
from streams.reading.stand_ins import TOO_LARGE, TOO_LARGE_UNPACKED, UNREADABLE_BATCH
from streams.reading.unpacking import TooLargeError
from streams.reading.unreadable import spelled
from streams.settings import Settings

NOT_WHOLE: Final = "not_whole"
UNKNOWN_TOPIC: Final = "unknown_topic"

Planned = Callable[[DeadLetter, str | None], object]


@dataclass(slots=True)
class Again:
    """A letter as it would arrive if it were sent now."""

    topic: str
    partition: int
    key: bytes | None
    value: bytes | None
    headers: Any
    timestamp: int
    offset: int = 0


@dataclass(slots=True)
class Tally:
    """What became, or would become, of the letters meant: sent by topic, left by reason."""

    sent: Counter[str] = field(default_factory=Counter)
    left: Counter[str] = field(default_factory=Counter)

    def as_json(self) -> dict[str, Any]:
        """The summary that scripts read."""
        return {
            "selected": self.sent.total() + self.left.total(),
            "sent": self.sent.total(),
            "sent_by_topic": dict(sorted(self.sent.items())),
            "left": self.left.total(),
            "left_by_reason": dict(sorted(self.left.items())),
        }


@dataclass(slots=True)
class Replay:
    """Sends the letters meant that the service would take now; `places` narrows them down to some.

    Without `rules` only events about leads are known, and no remedy is held against what was agreed.
    """

    dead: DeadLetterTopic
    selection: Selection
    partitions: Mapping[str, int]
    settings: Settings
    even_if_rejected: bool
    rules: RuleBook | None = None
    places: frozenset[tuple[int, int]] | None = None
    _clock: Clock = field(init=False)

    def __post_init__(self) -> None:
        self._clock = self.settings.new_clock()

    async def letters(self, shown: Shown) -> AsyncIterator[tuple[DeadLetter, str | None]]:
        """The letters meant, oldest first, each with why it stays where it is, or None."""
        async for letter in self.selection.of(self.dead, shown):
            if self.places is not None and (letter.partition, letter.offset) not in self.places:
                continue
            if letter.last_offset is None or letter.missing or letter.value is None:
                yield letter, self.obstacle(letter)
            else:
                for one in self._opened(letter, letter.value):
                    yield one

    def _opened(self, letter: DeadLetter, packed: bytes) -> Iterator[tuple[DeadLetter, str | None]]:
        """The records of a batch, each as if it had been dead-lettered alone; the batch itself where it still cannot be read."""
        try:
            for place, record in enumerate(records_of(packed, self.settings.batch_max_bytes)):
                headers = [(spelled(name), value) for name, value in record.headers]
                offset = None if letter.original_offset is None else letter.original_offset + place
                one = replace(
                    letter,
                    original_offset=offset,
                    last_offset=None,
                    key=record.key,
                    value=record.value,
                    headers=headers,
                )
                yield one, self.obstacle(one)
        except TooLargeError:
            yield letter, TOO_LARGE_UNPACKED
        except (KafkaError, ValueError, struct.error):
            yield letter, UNREADABLE_BATCH

    def obstacle(self, letter: DeadLetter) -> str | None:
        """Why a letter is not sent, in one word."""
        topic = letter.original_topic
        if topic not in INPUT_TOPICS:
            return UNKNOWN_TOPIC
        if letter.missing:
            return NOT_WHOLE
        if _size_of(letter) > LARGEST_EVENT or not fits(
            OutgoingRecord(letter.key, letter.value, letter.headers), LARGEST_EVENT
        ):
            return TOO_LARGE
        return None if self.even_if_rejected else self._judged(topic, letter)

    def _judged(self, topic: str, letter: DeadLetter) -> str | None:
        """Why the service would put it away again, read by the reader it has now, arriving now."""
        partitions = self.partitions[topic]
        place = partition_of(letter.key or b"", partitions)
        record: Record = Again(topic, place, letter.key, letter.value, letter.headers, self._clock() // MILLISECOND)
        tolerated = round(self.settings.future_tolerated_seconds * SECOND)
        words = ABOUT_LEADS if self.rules is None else self.rules.vocabulary
        keep = self.settings.keep_days * DAY
        rejected = decode([record], partitions, (), tolerated, words, keep, self.rules).rejected
        return rejected[0].reason if rejected else None

    async def plan(self, shown: Shown, planned: Planned | None = None) -> Tally:
        """What would become of them, counted; `planned` hears it of each."""
        tally = Tally()
        async for letter, obstacle in self.letters(shown):
            if planned is not None:
                planned(letter, obstacle)
            _count(tally, letter, obstacle)
        return tally

    async def send(self, shown: Shown, tally: Tally) -> None:
        """Send them; `tally` counts what was handed over and left, everything if nothing raises.

        Raises:
            aiokafka.errors.KafkaError: the broker refused something, or went away.

        """
        async with Publisher(self.settings, self.partitions) as publisher:
            async for letter, obstacle in self.letters(shown):
                if obstacle is None:
                    topic = str(letter.original_topic)
                    await publisher.publish(topic, letter.key, letter.value, letter.headers, self._clock())
                _count(tally, letter, obstacle)


def _size_of(letter: DeadLetter) -> int:
    headers = sum(len(name) + len(value or b"") for name, value in letter.headers)
    return len(letter.key or b"") + len(letter.value or b"") + headers


def _count(tally: Tally, letter: DeadLetter, obstacle: str | None) -> None:
    if obstacle is None:
        tally.sent[str(letter.original_topic)] += 1
    else:
        tally.left[obstacle] += 1
