"""The last record of each key of a topic that only the service writes, up to where it ends now."""

from collections.abc import Container, Mapping, Sequence
from typing import NamedTuple

from aiokafka import ConsumerRecord

from sla_rules.instants import Instant
from streams.clock import MILLISECOND
from streams.partitions.up_to_end import Shown, read_up_to_end
from streams.settings import Settings


class LastRecords(NamedTuple):
    """Values by partition and key; `latest` is when the newest record was written, None where there is none."""

    by_partition: Mapping[int, Mapping[bytes, bytes]]
    latest: Instant | None


async def last_records(
    settings: Settings, topic: str, partitions: int, shown: Shown, keys: Container[bytes] | None = None
) -> LastRecords:
    """What stands in every partition, under these keys if any are given; what was taken out does not.

    Raises:
        aiokafka.errors.KafkaError: no broker answers, or not for as long as a request may take.

    """
    last: dict[int, dict[bytes, bytes]] = {partition: {} for partition in range(partitions)}
    latest: Instant | None = None

    def take(partition: int, records: Sequence[ConsumerRecord]) -> None:
        nonlocal latest
        newest = max(record.timestamp for record in records) * MILLISECOND
        latest = newest if latest is None else max(latest, newest)
        values = last[partition]
        for record in records:
            key = record.key or b""
            if record.value is None:
                values.pop(key, None)
            elif keys is None or key in keys:
                values[key] = record.value

    await read_up_to_end(settings, topic, range(partitions), take, shown)
    return LastRecords(last, latest)
