"""Which real Kafka the tests of this machine get."""

import os
from pathlib import Path

from tests.real_parts.kafka import NoKafkaError, RealKafka
from tests.real_parts.kafka_by_docker import KafkaByDocker
from tests.real_parts.kafka_by_java import KafkaByJava
from tests.real_parts.kafka_by_name import KafkaByName
from tests.real_parts.kafka_classes import keep_classes


def running_kafka(folder: Path) -> RealKafka:
    """The broker that `LEADSLA_TEST_KAFKA` names, else one by Java, else one by Docker; NoKafkaError if none can be.

    A named broker that does not answer is an error and no reason to start another: somebody meant it.
    """
    if named := os.environ.get("LEADSLA_TEST_KAFKA"):
        broker = KafkaByName(named)
        broker.start()
        return broker
    try:
        keep_classes(lambda once, java_options: KafkaByJava(once, java_options=java_options))
        return KafkaByJava(folder)
    except NoKafkaError as no_java:
        try:
            return KafkaByDocker()
        except NoKafkaError as no_docker:
            message = f"no real Kafka here: {no_java}; {no_docker}"
            raise NoKafkaError(message) from no_docker
