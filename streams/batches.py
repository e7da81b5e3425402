"""What the agent is given: batches of records of one partition, and ticks between them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from sla_rules.instants import Instant


class Record(Protocol):
    """A Kafka record as the consumer hands it over.

    A header name that is not UTF-8 has lone surrogates in it (`streams.unreadable.spelled`).
    """

    topic: str
    partition: int
    offset: int
    key: bytes | None
    value: bytes | None
    headers: Sequence[tuple[str, bytes]]

    @property
    def timestamp(self) -> int | None:
        """The append time in milliseconds; None only where a topic still has records of Kafka 0.9."""


@dataclass(frozen=True, slots=True)
class Batch:
    """What one fetch brought for one topic and partition, in order."""

    partition: int
    records: Sequence[Record]


@dataclass(frozen=True, slots=True)
class Tick:
    """Time has come to `now` for a partition; None where it stands, and only figures are told or leads looked at.

    `looks` says how many may be looked at, for what is published and who leaves.
    """

    partition: int
    now: Instant | None
    looks: int = 0
