"""The open clocks that the service has written, which of them were missed, and how far it was before that was read."""

from collections.abc import Sequence
from typing import NamedTuple

from sla_rules.engine.clock_records import ClocksRecord, read_clocks
from sla_rules.engine.published_notices import says_breached
from sla_rules.instants import Instant
from sla_rules.names import BREACHES_TOPIC, CLOCKS_TOPIC
from sla_rules.reports.freshness import Freshness, freshness
from sla_rules.reports.progress_records import ProgressRecords
from streams.kafka.topics import partition_counts
from streams.partitions.kept_progress import read_progress_topic
from streams.partitions.last_records import last_records
from streams.partitions.up_to_end import Shown
from streams.settings import Settings


class KeptClocks(NamedTuple):
    """Of each lead the last record, and the keys of those clocks whose breach stands, read after `at`."""

    at: Instant
    service: Freshness
    records: Sequence[ClocksRecord]
    breached: frozenset[str]


async def kept_clocks(settings: Settings, shown: Shown) -> KeptClocks:
    """What the topics say in the end, up to where they end now.

    How far the service is, is read first: it may know more by the time that the rest is read, and never less.

    Raises:
        TopicsError: one of the topics is not there.
        UnknownFormatError: one holds what is none of ours.
        aiokafka.errors.KafkaError: no broker answers, or not for as long as a request may take.

    """
    progress = ProgressRecords()
    await read_progress_topic(settings, progress.take, shown)
    at = progress.time_at(settings.new_clock()())
    counts = await partition_counts(settings, [CLOCKS_TOPIC, BREACHES_TOPIC])
    clocks = await last_records(settings, CLOCKS_TOPIC, counts[CLOCKS_TOPIC], shown)
    records = [read_clocks(value) for values in clocks.by_partition.values() for value in values.values()]
    keys = {clock.key.encode() for record in records for clock in record.data.clocks}
    breaches = await last_records(settings, BREACHES_TOPIC, counts[BREACHES_TOPIC], shown, keys)
    breached = frozenset(
        key.decode()
        for values in breaches.by_partition.values()
        for key, value in values.items()
        if says_breached(value)
    )
    return KeptClocks(at, freshness(progress, counts[CLOCKS_TOPIC], at, counts), records, breached)
