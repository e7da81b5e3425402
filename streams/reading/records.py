"""What a fetch brings of one partition: records, and the span of offsets that it covers."""

from collections.abc import Sequence
from typing import Final, NamedTuple, Protocol

from sla_rules.instants import Instant
from streams.clock import MILLISECOND

_UNSTAMPED: Final = -1
"""The stamp that Kafka gives to what has none."""


class Record(Protocol):
    """A Kafka record as the consumer hands it over.

    A header name that is not UTF-8 has lone surrogates in it (`streams.reading.unreadable.spelled`).
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


class Span(NamedTuple):
    """Offsets of one topic and partition, from `begin` to before `end`, that one fetch covers.

    `run` numbers the times that reading began somewhere; within one run, spans join end to beginning.
    """

    run: int
    begin: int
    end: int


def arrival_of(record: Record) -> Instant:
    """When the broker took a record in; whatever a sender wrote there, or just before 1970, in a topic that is older."""
    return (_UNSTAMPED if record.timestamp is None else record.timestamp) * MILLISECOND
