"""A Kafka broker inside the process: for the demo and for tests that need the protocol, not durability."""

import logging
from types import TracebackType
from typing import Final, Self

from confluent_kafka import Producer

PARTITIONS: Final = 4
"""Partitions of every topic: librdkafka's mock cluster gives each topic four and lets nobody choose."""

_ANSWER_SECONDS: Final = 10.0


class EmbeddedBroker:
    """librdkafka's mock cluster on a loopback port, alive as long as this object.

    It speaks the real protocol to any client: producing, consuming, consumer groups, committed offsets, end offsets and
    the list of topics. What it does not do decides where it may be used:

    - Everything is in memory, and a partition keeps 5 MiB: older records vanish **silently**. Publish in step with the
      reader and never count on reading a changelog back.
    - Topics cannot be created by request (Faust needs `topic_allow_declare=False` and `topic_disable_leader=True`) nor
      be given settings: each appears at its first use with `PARTITIONS` partitions, and nothing is compacted.
    - Records carry the producer's time stamp; there is no append time of the broker.
    - Offsets cannot be looked up by time.
    - A group takes one member at a time. It forms in 3 s; a member that comes after another has left waits until the
      old one's session has run out; a second beside the first fails.
    """

    partitions: Final = PARTITIONS

    def __init__(self) -> None:
        log = logging.getLogger("leadsla.embedded_broker")
        self._cluster = Producer({"test.mock.num.brokers": 1, "log_level": 3}, logger=log)
        brokers = self._cluster.list_topics(timeout=_ANSWER_SECONDS).brokers.values()
        self.bootstrap: Final = ",".join(f"{broker.host}:{broker.port}" for broker in brokers)

    def create(self, *topics: str) -> None:
        """Let the topics appear now, so that a consumer that starts first finds their partitions."""
        for topic in topics:
            self._cluster.list_topics(topic, timeout=_ANSWER_SECONDS)

    def topics(self) -> frozenset[str]:
        """The topics that have appeared."""
        return frozenset(self._cluster.list_topics(timeout=_ANSWER_SECONDS).topics)

    def close(self) -> None:
        """Close the port and forget every record; closing again does nothing."""
        self._cluster.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
