"""A broker that compacts at once what the service lets it keep for an hour, while workers are killed."""

from pathlib import Path

import pytest

from bench.soak.plan import Kind, drawn
from bench.soak.positions import ends
from bench.soak.run import new_kafka, run
from streams.kafka.topics import changelog_of
from streams.settings import Settings
from tests.real_parts.absent import absent
from tests.real_parts.kafka import NoKafkaError
from tests.real_parts.service import all_records

pytestmark = pytest.mark.kafka

AT_ONCE = {
    "min.compaction.lag.ms": "0",
    "min.cleanable.dirty.ratio": "0.01",
    "delete.retention.ms": "0",
    "segment.ms": "200",
}
STORES = ["memory", "rocksdb", "rocksdb"]
COUNTS = {Kind.KILL: 7, Kind.JOIN: 2, Kind.SLOW: 1}
SEED = 21


async def test_workers_killed_while_everything_is_compacted_at_once_end_as_the_pure_fold_says(tmp_path: Path) -> None:
    said: list[str] = []
    try:
        kafka = new_kafka(tmp_path, SEED, len(STORES), {"log.cleaner.backoff.ms": "100"}, AT_ONCE)
    except NoKafkaError as reason:
        absent(str(reason), "LEADSLA_REQUIRE_KAFKA")
    try:
        plan = drawn(COUNTS, len(STORES), SEED)
        outcome = await run(kafka, plan, tmp_path, stores=STORES, seed=SEED, a_second=80.0, tell=said.append)
        changelog = changelog_of(Settings())
        written = sum((await ends(kafka.bootstrap, [changelog])).values())
        kept = len(await all_records(kafka.bootstrap, changelog))
    finally:
        kafka.close()

    assert outcome.ending.differences == [], f"{outcome}\n{said}\nlogs lie in {tmp_path}"
    assert outcome.ending.breaches > 0
    assert kept < written / 2, "without compaction this would prove little"
