"""What a group remembers of its topics: how many partitions each had, and which logs it has written to.

A log is what a partition of a topic holds: a topic that is created again has others under the same names, and one whose first
records were deleted begins later. Of the topics that only the group itself could write again, each partition's log is
remembered once the topic is known to hold all that was written to it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, NamedTuple

import msgspec

from streams.kafka.topic_metadata import TopicMetadata

_PREFIX: Final = b"topic:"


class Log(NamedTuple):
    """The id of the topic, empty where the broker knows none, and the first offset that is still there."""

    id: str
    begin: int

    def is_still(self, before: "Log") -> bool:
        """Whether it holds what it held before, as far as can be told."""
        same = not self.id or not before.id or self.id == before.id
        return same and self.begin == before.begin


class _Known(msgspec.Struct, frozen=True):
    id: str
    partitions: int = 0
    begin: int = 0


@dataclass(slots=True)
class TopicMemory:
    """Records by key, as they are kept."""

    known: dict[bytes, bytes] = field(default_factory=dict)

    @classmethod
    def among(cls, remembered: Mapping[bytes, bytes]) -> "TopicMemory":
        """What is remembered of topics among all that is remembered."""
        return cls({key: value for key, value in remembered.items() if is_of_topic(key)})

    @property
    def ids(self) -> dict[str, str]:
        """The ids that are known, by topic."""
        known = {key.removeprefix(_PREFIX).decode(): self._read(key) for key in self.known if key.count(b":") == 1}
        return {name: one.id for name, one in known.items() if one is not None and one.id}

    def topic(self, name: str) -> TopicMetadata | None:
        """How a topic was, if it was known."""
        found = self._read(_key(name))
        return None if found is None else TopicMetadata(found.partitions, found.id)

    def is_other(self, name: str, topic: TopicMetadata) -> bool:
        """Whether a topic is known to be another one under the same name."""
        before = self.topic(name)
        return before is not None and "" not in (before.id, topic.id) and before.id != topic.id

    def log(self, topic: str, partition: int) -> Log | None:
        """The log that a partition of a topic had, if it was known."""
        found = self._read(_key(topic, partition))
        return None if found is None else Log(found.id, found.begin)

    def changed(self, topic: str, logs: Mapping[int, Log]) -> set[int]:
        """The partitions whose log is another than the one remembered; none where nothing is remembered."""
        before = {partition: self.log(topic, partition) for partition in logs}
        return {number for number, log in logs.items() if (was := before[number]) is not None and not log.is_still(was)}

    def alter_topic(self, name: str, topic: TopicMetadata) -> dict[bytes, bytes]:
        """Remember how a topic is; the records to write."""
        return self._keep(_key(name), _Known(topic.id, partitions=topic.partitions))

    def keep_log(self, topic: str, partition: int, log: Log) -> dict[bytes, bytes]:
        """Remember that a partition's log holds all that was written to it; the records to write."""
        return self._keep(_key(topic, partition), _Known(log.id, begin=log.begin))

    def forget_log(self, topic: str, partition: int) -> dict[bytes, bytes | None]:
        """Remember nothing of a partition's log any more, whatever others remember; the records to write."""
        key = _key(topic, partition)
        self.known.pop(key, None)
        return {key: None}

    def _read(self, key: bytes) -> _Known | None:
        value = self.known.get(key)
        return None if value is None else msgspec.json.decode(value, type=_Known)

    def _keep(self, key: bytes, known: _Known) -> dict[bytes, bytes]:
        value = msgspec.json.encode(known)
        if self.known.get(key) == value:
            return {}
        self.known[key] = value
        return {key: value}


def is_of_topic(key: bytes) -> bool:
    """Whether a key of the group's memory is about a topic."""
    return key.startswith(_PREFIX)


def _key(topic: str, partition: int | None = None) -> bytes:
    place = topic if partition is None else f"{topic}:{partition}"
    return _PREFIX + place.encode()
