"""The figures that the service has published: the last record of each window of each partition, as the topic stands."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from sla_rules.instants import Instant
from sla_rules.names import PERIODS_TOPIC
from streams.kafka.topics import partition_counts
from streams.partitions.last_records import last_records
from streams.partitions.up_to_end import Shown
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
    count = (await partition_counts(settings, [PERIODS_TOPIC]))[PERIODS_TOPIC]
    last = await last_records(settings, PERIODS_TOPIC, count, shown)
    return KeptFigures({number: tuple(values.values()) for number, values in last.by_partition.items()}, last.latest)
