import pytest

from streams.kafka.embedded_broker import EmbeddedBroker
from streams.kafka.topics import plan
from streams.settings import Settings
from tests.real_parts.kafka import RealKafka
from tests.real_parts.service import PARTITIONS


@pytest.fixture
def service_kafka(real_kafka: RealKafka) -> RealKafka:
    """The session's Kafka with the service's topics, all of them empty, and no group that remembers offsets."""
    real_kafka.create_planned(plan(Settings()), PARTITIONS)
    return real_kafka


@pytest.fixture
def service_embedded(embedded_broker: EmbeddedBroker) -> EmbeddedBroker:
    """An embedded broker with the service's topics."""
    embedded_broker.create(*plan(Settings()))
    return embedded_broker


@pytest.fixture(params=["embedded", pytest.param("real", marks=pytest.mark.kafka)])
def broker(request: pytest.FixtureRequest) -> str:
    """The address of either broker, with the service's topics."""
    name = "service_kafka" if request.param == "real" else "service_embedded"
    address: str = request.getfixturevalue(name).bootstrap
    return address
