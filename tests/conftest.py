from collections.abc import Iterator

import pytest

from streams.embedded_broker import EmbeddedBroker
from tests.real_parts.absent import absent
from tests.real_parts.kafka import NoKafkaError, RealKafka
from tests.real_parts.kafka_choice import running_kafka


@pytest.fixture
def embedded_broker() -> Iterator[EmbeddedBroker]:
    """An empty broker of this test's own; it takes some milliseconds."""
    with EmbeddedBroker() as broker:
        yield broker


@pytest.fixture(scope="session")
def real_kafka(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealKafka]:
    """The session's Kafka; skipped where there is none, failed there with `LEADSLA_REQUIRE_KAFKA=1`."""
    try:
        broker = running_kafka(tmp_path_factory.mktemp("kafka"))
    except NoKafkaError as reason:
        absent(str(reason), "LEADSLA_REQUIRE_KAFKA")
    yield broker
    broker.close()
