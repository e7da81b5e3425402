"""Compares what the brokers say of the service's topics with what the worker works with.

Only what two looks in a row say counts: a broker that has just started may not know yet what the others know.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Final

from sla_rules.names import INPUT_TOPICS, PROGRESS_TOPIC
from streams.health.conditions import Conditions, Kind
from streams.kafka.topic_metadata import TopicMetadata
from streams.kafka.topics import changelog_of, clock_of, of_any_count, plan
from streams.settings import Settings

_CREATE: Final = "create it again with `leadsla topics create --partitions"


@dataclass(slots=True)
class TopicWatch:
    """Knows the topics by their ids; `missing` are those that are not there. `is_sure` if the last look says what that before did."""

    settings: Settings
    partitions: int
    conditions: Conditions
    missing: frozenset[str] = frozenset()
    is_sure: bool = False
    ids: dict[str, str] = field(default_factory=dict)
    _last: Mapping[str, TopicMetadata] = field(default_factory=dict)

    @property
    def unseen(self) -> frozenset[str]:
        """Topics that the last look did not find."""
        return frozenset(self.topics - self._last.keys()) if self._last else frozenset()

    @property
    def topics(self) -> Collection[str]:
        """All topics of the service."""
        return plan(self.settings).keys()

    def look(self, found: Mapping[str, TopicMetadata], now: float) -> list[str]:
        """Take in what the brokers say; the topics that are others than `ids` says, under the same name."""
        for topic, one in found.items():
            if one.id:
                self.ids.setdefault(topic, one.id)
        self.is_sure, self._last = found == self._last, found
        if not self.is_sure:
            return []
        self.missing = frozenset(self.topics - found.keys())
        self.conditions.hold(Kind.TOPIC_MISSING, {topic: self._gone(topic) for topic in sorted(self.missing)}, now)
        self.conditions.hold(Kind.PARTITION_COUNT, self._miscounted(found), now)
        return [topic for topic, one in found.items() if one.id and self.ids[topic] != one.id]

    def found(self, topic: str) -> TopicMetadata | None:
        """A topic as it was found last."""
        return self._last.get(topic)

    def accept(self, topic: str) -> None:
        """Go on with a topic as it was found last."""
        self.ids[topic] = self._last[topic].id

    def _gone(self, topic: str) -> str:
        make = f"{_CREATE} {self.partitions}`"
        if topic == changelog_of(self.settings):
            return f"{topic} is gone: the leads lie in the workers alone, so stop none; {make}, and they write it again"
        if topic in INPUT_TOPICS:
            return f"{topic} is gone: nothing can be read from it and time stands; {make}, and it is read from its beginning"
        if topic == clock_of(self.settings):
            return f"{topic} is gone: the broker cannot be asked what time it is; {make}"
        if topic == PROGRESS_TOPIC:
            return f"{topic} is gone: nobody who reads the other topics can tell whether they are up to date; {make}"
        return f"{topic} is gone: what has to be written to it waits; {make}"

    def _miscounted(self, found: Mapping[str, TopicMetadata]) -> dict[str, str]:
        whatever = of_any_count(self.settings)
        return {
            topic: self._counts(topic, one.partitions)
            for topic, one in found.items()
            if one.partitions != self.partitions and topic not in whatever
        }

    def _counts(self, topic: str, count: int) -> str:
        ours = self.partitions
        said = f"{topic} has {count} partitions now, the service works with {ours}"
        if topic not in INPUT_TOPICS:
            return f"{said}; no worker starts like this"
        if count < ours:
            return f"{said}: what belongs on the others cannot be sent; no worker starts like this"
        which = f"partition {ours}" if count == ours + 1 else f"partitions {ours} to {count - 1}"
        return f"{said}: what lies on {which} is read by nobody; no worker starts like this"
