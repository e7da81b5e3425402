"""When something last arrived in a partition: of each topic, and of each source that events name."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from sla_rules.instants import EARLIEST, LATEST, Instant

MOST_SOURCES: Final = 50
"""Sources are named by whoever publishes; of more, those heard of last are kept."""
LONGEST_SOURCE: Final = 200
"""Characters of a source."""


@dataclass(slots=True)
class LastArrivals:
    """By the stamps of records. `others` is the latest arrival of a source that is not kept."""

    topics: dict[str, Instant] = field(default_factory=dict)
    sources: dict[str, Instant] = field(default_factory=dict)
    others: Instant | None = None

    def take(
        self, topics: Mapping[str, Instant], sources: Mapping[str, Instant], others: Instant | None = None
    ) -> None:
        """Take in what arrived last, of a batch or by what a former owner knew; in any order it comes to the same."""
        for topic, at in topics.items():
            self.topics[topic] = max(_bounded(at), self.topics.get(topic, EARLIEST))
        for source, at in sources.items():
            name = _text(source)
            self.sources[name] = max(_bounded(at), self.sources.get(name, EARLIEST))
        if others is not None:
            self.others = max(others, self.others or EARLIEST)
        if len(self.sources) > MOST_SOURCES:
            self._let_go()

    def _let_go(self) -> None:
        kept = sorted(self.sources, key=lambda source: (self.sources[source], source), reverse=True)
        let_go = [self.sources.pop(source) for source in kept[MOST_SOURCES:]]
        self.others = max(*let_go, self.others or EARLIEST)


def _bounded(at: Instant) -> Instant:
    """Within the years that there are: where the broker does not stamp records, anybody's stamp may be anything."""
    return min(max(at, EARLIEST), LATEST)


def _text(source: str) -> str:
    """As UTF-8 can have it: what JSON escapes may be half of a character."""
    return source[:LONGEST_SOURCE].encode("utf-8", "backslashreplace").decode()
