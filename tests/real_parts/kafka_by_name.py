"""A Kafka that is running already and that the environment names."""

from typing import NoReturn

from tests.real_parts.absent import absent
from tests.real_parts.kafka import RealKafka


class KafkaByName(RealKafka):
    """A broker that is not ours: its topics from the session are deleted at the end, and it is never taken down."""

    is_ours = False

    def start(self) -> None:
        if not self.answers():
            message = f"the broker named by LEADSLA_TEST_KAFKA does not answer: {self.bootstrap}"
            raise AssertionError(message)

    def stop(self) -> NoReturn:
        absent("the broker named by LEADSLA_TEST_KAFKA is not ours to stop", "LEADSLA_REQUIRE_KAFKA")

    def kill(self) -> NoReturn:
        self.stop()

    def close(self) -> None:
        self.delete_topics(self._made)
