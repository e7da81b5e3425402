"""A real Kafka with further ways in that can be made slow, for workers; tests look on by the direct one."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from tests.real_parts.kafka_by_java import KafkaByJava
from tests.real_parts.slow_link import Pace, SlowLink


class SlowKafka(KafkaByJava):
    """A broker with ways in that can be made slow, or cut, each by itself: one for each of its `links`.

    Who comes by the address of a link is sent by it for good: that is what the broker advertises there.
    """

    def __init__(self, folder: Path, seed: int = 0, settings: Mapping[str, str] | None = None, ways: int = 1) -> None:
        links = {f"WAY{number}": SlowLink(seed + number) for number in range(ways)}
        self.links: Final = list(links.values())
        try:
            super().__init__(
                folder,
                dict.fromkeys(links, "PLAINTEXT"),
                settings,
                advertised={name: link.address for name, link in links.items()},
            )
        except BaseException:
            self._close_links()
            raise
        for name, link in links.items():
            link.towards = self.addresses[name]

    def pace(self, pace: Pace) -> None:
        """Let answers go by all links at this pace from now on."""
        for link in self.links:
            link.pace = pace

    def close(self) -> None:
        """End the links and the broker."""
        self._close_links()
        super().close()

    def _close_links(self) -> None:
        for link in self.links:
            link.close()
