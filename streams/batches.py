"""What the agent is given: batches of records of one partition, and ticks between them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

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


class Span(NamedTuple):
    """Offsets of one topic and partition, from `begin` to before `end`, that one fetch covers.

    `run` numbers the times that reading began somewhere; within one run, spans join end to beginning.
    """

    run: int
    begin: int
    end: int


@dataclass(frozen=True, slots=True)
class Batch:
    """What one fetch brought for one topic and partition, in order, and the offsets that it covers."""

    partition: int
    records: Sequence[Record]
    span: Span


@dataclass(frozen=True, slots=True)
class Tick:
    """Time has come to `now` for a partition; None where it stands, and only figures are told or leads looked at.

    `scan_budget` says how many may be looked at, for what is published and who leaves; `seeks` how often reading had begun
    somewhere else when it was sent: after another time, what came before it may yet be read. `back_to` is set where time
    has run ahead of the broker's clock.
    """

    partition: int
    now: Instant | None
    scan_budget: int = 0
    seeks: int = 0
    back_to: Instant | None = None
