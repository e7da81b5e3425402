"""When is a midnight's work done: the month published in every partition, and whoever leaves gone?"""

from dataclasses import dataclass
from typing import Self

from bench.open_leads import PUBLISHED, OpenLeads
from bench.stage import Stage
from bench.taker import Taker
from sla_rules.figures.period_records import read_record
from sla_rules.instants import Instant
from sla_rules.names import PERIODS_TOPIC
from streams.clock import MILLISECOND


@dataclass(frozen=True, slots=True)
class Midnight:
    """A midnight to come: what the changelog gets from here on is its doing, or that of deadlines."""

    opened: OpenLeads
    from_offsets: dict[int, int]

    @classmethod
    def of(cls, on: Stage, opened: OpenLeads) -> Self:
        """Before it comes."""
        ends = on.ends([opened.task.changelog])
        return cls(opened, {partition: end for (_, partition), end in ends.items()})

    def published_at(self, on: Stage, taker: Taker) -> Instant:
        """When the last partition published what is published of the month, by the worker's clock.

        Raises:
            RuntimeError: one has not.

        """
        first: dict[int, Instant] = {}
        for message in on.records(PERIODS_TOPIC):
            key, figures = read_record(message.value() or b"")
            if key.interval == "month" and key.first == PUBLISHED and figures.published is not None:
                first.setdefault(message.partition() or 0, message.timestamp()[1] * MILLISECOND)
        return taker.shows(_last(first, on, "published the month"))

    def left_at(self, on: Stage) -> Instant:
        """When the last lead to leave had left; the worker stamps the changelog by its own clock.

        Raises:
            RuntimeError: somebody has not.

        """
        gone = {
            message.partition() or 0: message.timestamp()[1] * MILLISECOND
            for message in on.records(self.opened.task.changelog, self.from_offsets)
            if message.value() is None
        }
        return _last(gone, on, "let its lead leave")


def _last(found: dict[int, Instant], on: Stage, what: str) -> Instant:
    if len(found) < on.partitions:
        message = f"of {on.partitions} partitions only {sorted(found)} had {what}"
        raise RuntimeError(message)
    return max(found.values())
