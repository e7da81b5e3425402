from pathlib import Path

import pytest

from bench.stage import Stage
from streams.kafka.topic_settings import check_sizes
from streams.kafka.topics import changelog_of, check_topics
from tests.real_parts.kafka import RealKafka


@pytest.mark.kafka
async def test_a_worker_takes_the_topics_that_benchmarks_make(real_kafka: RealKafka, tmp_path: Path) -> None:
    on = Stage(real_kafka, tmp_path)
    settings = on.settings("bench")
    on.empty_events()
    on.empty_outputs()
    on.empty_changelog(changelog_of(settings))
    on.empty_memory("bench")

    assert await check_topics(settings) == on.partitions
    await check_sizes(settings)
