"""What stands of agreements in the service's topic, and how far the service was before that was read."""

from typing import Final, NamedTuple

from sla_rules.instants import Instant
from sla_rules.names import AGREEMENTS_TOPIC, PERIODS_TOPIC
from sla_rules.reports.freshness import Freshness, freshness
from sla_rules.reports.progress_records import ProgressRecords
from sla_rules.whole_agreement.known_agreements import KnownAgreements
from streams.kafka.topics import partition_counts
from streams.partitions.kept_progress import read_progress_topic
from streams.partitions.last_records import last_records
from streams.partitions.up_to_end import Shown
from streams.settings import Settings

_RESTED_ON: Final = (AGREEMENTS_TOPIC, PERIODS_TOPIC)


class KeptAgreements(NamedTuple):
    """Of each key the last record, read after `at`; `latest` is when the newest was written, None where there is none."""

    at: Instant
    progress: ProgressRecords
    service: Freshness
    partitions: int
    known: KnownAgreements
    latest: Instant | None


async def kept_agreements(settings: Settings, shown: Shown) -> KeptAgreements:
    """What `sla-agreements` says in the end, up to where it ends now.

    Raises:
        TopicsError: one of the topics is not there.
        UnknownFormatError: one holds what is none of ours.
        aiokafka.errors.KafkaError: no broker answers, or not for as long as a request may take.

    """
    progress, known = ProgressRecords(), KnownAgreements()
    await read_progress_topic(settings, progress.take, shown)
    at = progress.time_at(settings.new_clock()())
    count = (await partition_counts(settings, [AGREEMENTS_TOPIC]))[AGREEMENTS_TOPIC]
    last = await last_records(settings, AGREEMENTS_TOPIC, count, shown)
    for partition, values in last.by_partition.items():
        for key, value in values.items():
            known.take(partition, key, value)
    return KeptAgreements(at, progress, freshness(progress, count, at, _RESTED_ON), count, known, last.latest)
