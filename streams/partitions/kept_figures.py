"""The figures that the service has published: the last record of each window of each partition, as the topic stands."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from aiokafka import ConsumerRecord

from sla_rules.instants import Instant
from sla_rules.names import PERIODS_TOPIC
from streams.clock import MILLISECOND
from streams.kafka.topics import partition_counts
from streams.partitions.last_values import LastValues
from streams.partitions.up_to_end import Shown, read_up_to_end
from streams.settings import Settings


class KeptFigures(NamedTuple):
    """Records by partition; `latest` is when the newest record was written, None where there is none."""

    by_partition: Mapping[int, Sequence[bytes]]
    latest: Instant | None


async def kept_figures(settings: Settings, shown: Shown) -> KeptFigures:
    """What `sla-periods` says in the end, of every partition, up to where it ends now.

    Raises:
        TopicsError: there is no such topic.
        aiokafka.errors.KafkaError: no broker answers, or not for as long as a request may take.

    """
    partitions = range((await partition_counts(settings, [PERIODS_TOPIC]))[PERIODS_TOPIC])
    last: defaultdict[int, LastValues] = defaultdict(lambda: LastValues({}))
    latest: Instant | None = None

    def take(partition: int, records: Sequence[ConsumerRecord]) -> None:
        nonlocal latest
        last[partition].take(records)
        newest = max(record.timestamp for record in records) * MILLISECOND
        latest = newest if latest is None else max(latest, newest)

    await read_up_to_end(settings, PERIODS_TOPIC, partitions, take, shown)
    return KeptFigures({partition: tuple(last[partition].values.values()) for partition in partitions}, latest)
