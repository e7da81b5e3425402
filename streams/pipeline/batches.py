"""What the agent is given: batches of records of one partition, and ticks between them."""

from collections.abc import Sequence
from dataclasses import dataclass

from sla_rules.instants import Instant
from streams.reading.records import Record, Span


@dataclass(frozen=True, slots=True)
class Batch:
    """What one fetch brought for one topic and partition, in order, and the offsets that it covers."""

    partition: int
    records: Sequence[Record]
    span: Span

    @property
    def topic(self) -> str:
        """The topic that all of it came from."""
        return self.records[0].topic


@dataclass(frozen=True, slots=True)
class Tick:
    """Time has come to `now` for a partition; None where it stands, and only figures are published or leads looked at.

    `scan_budget` says how many may be looked at, for what is published and who leaves; `seeks` how often reading had begun
    somewhere else when it was sent: after another time, what came before it may yet be read. `back_to` is set where time
    has run ahead of the broker's clock.
    """

    partition: int
    now: Instant | None
    scan_budget: int = 0
    seeks: int = 0
    back_to: Instant | None = None
