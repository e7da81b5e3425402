"""All that one batch or tick of a partition leads to."""

from collections.abc import Mapping
from dataclasses import dataclass

from sla_rules.engine.changes import Changes
from sla_rules.figures.period_records import record, record_key
from sla_rules.figures.windows import WindowKey
from sla_rules.instants import Instant
from streams.partitions.ownership import Owned
from streams.pipeline.decode import Decoded
from streams.pipeline.quarantine_limit import say


@dataclass(frozen=True, slots=True)
class OutputBatch:
    """What is to be written for a partition, and counted then; `at` is stamped on the records.

    `topic` is that of the batch which was folded; None where time, or something else, led to it.
    """

    partition: int
    at: Instant
    changes: Changes
    decoded: Decoded
    figures: Mapping[bytes, bytes]
    topic: str | None = None


def output_of(
    owned: Owned, partition: int, changes: Changes, decoded: Decoded, now: Instant, topic: str | None = None
) -> OutputBatch:
    """Changes with the figures that are to be published by now, and a line of the log for each lead set aside or released."""
    say(changes, partition)
    figures = {}
    if owned.has_figures_to_tell(now):
        owned.figures_told_at = now
        changed = owned.state.windows.take_changed()
        figures = {record_key(key, partition): _record(owned, key, partition) for key in changed}
    return OutputBatch(partition, now, changes, decoded, figures, topic)


def _record(owned: Owned, key: WindowKey, partition: int) -> bytes:
    state = owned.state
    return record(key, state.windows.figures(key), partition, state.rules)
