"""A real Kafka with a second way in that can be made slow, for workers; tests look on by the direct one."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from tests.real_parts.kafka_by_java import KafkaByJava
from tests.real_parts.slow_link import SlowLink


class SlowKafka(KafkaByJava):
    """A broker that sends those who come by `slow_bootstrap` by its `link` for good: that is what it advertises there."""

    def __init__(self, folder: Path, seed: int = 0, settings: Mapping[str, str] | None = None) -> None:
        self.link: Final = SlowLink(seed)
        self.slow_bootstrap: Final = self.link.address
        try:
            super().__init__(folder, {"SLOW": "PLAINTEXT"}, settings, advertised={"SLOW": self.slow_bootstrap})
        except BaseException:
            self.link.close()
            raise
        self.link.towards = self.addresses["SLOW"]

    def close(self) -> None:
        """End the link and the broker."""
        self.link.close()
        super().close()
