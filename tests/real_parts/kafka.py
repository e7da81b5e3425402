"""A real Kafka for tests about durability, wherever it comes from."""

import logging
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import ClassVar, Final

from confluent_kafka import Consumer, KafkaError, KafkaException, TopicPartition
from confluent_kafka.admin import (  # type: ignore[attr-defined] # exported, though not said to be
    AdminClient,
    AlterConfigOpType,
    ConfigEntry,
    ConfigResource,
)
from confluent_kafka.cimpl import NewPartitions, NewTopic

from tests.real_parts.loopback import listens, wait_until

VERSION: Final = "4.1.1"
"""The Kafka that tests start; the compose file names the same."""

_ANSWER_SECONDS: Final = 5.0
_REQUEST_SECONDS: Final = 60.0


class NoKafkaError(Exception):
    """This way of getting a broker is not open on this machine; the message says why."""


class RealKafka(ABC):
    """One broker, empty at first, shared by the tests of a session; a test that takes it down brings it back.

    Topics are never created by use, so a test says what it needs. `bootstrap` is the same after a restart.
    """

    is_ours: ClassVar[bool] = True
    """Whether the session started the broker, so that all it holds came from the tests."""

    def __init__(self, bootstrap: str) -> None:
        self.bootstrap: Final = bootstrap
        self._made: set[str] = set()

    @abstractmethod
    def start(self) -> None:
        """Start the broker on the same port with the data it has; returns when it answers."""

    @abstractmethod
    def stop(self) -> None:
        """Shut the broker down in order."""

    @abstractmethod
    def kill(self) -> None:
        """End the broker as a power cut would."""

    @abstractmethod
    def close(self) -> None:
        """Give back everything at the end of the session."""

    @contextmanager
    def away(self, *, killed: bool = False) -> Iterator[None]:
        """The broker is down within the block and answers again after it, whatever happens inside."""
        (self.kill if killed else self.stop)()
        try:
            yield
        finally:
            self.start()

    def create_topics(self, names: Iterable[str], partitions: int = 4, **config: str) -> None:
        """Create the topics, empty; those that are there already are deleted first if the session may.

        Settings are written with underscores: `message_timestamp_type="LogAppendTime"`.
        """
        settings = {name.replace("_", "."): value for name, value in config.items()}
        self.create_planned(dict.fromkeys(names, settings), partitions)

    def create_planned(self, plan: Mapping[str, Mapping[str, str]], partitions: int = 4) -> None:
        """Create topics, each with settings of its own by Kafka's names, all of them at once; otherwise as above."""
        wanted = list(plan)
        self.delete_topics(self._deletable().intersection(wanted))
        with self.admin() as admin:
            made = admin.create_topics([self._new_topic(name, partitions, plan[name]) for name in wanted])
            for future in made.values():
                future.result(_REQUEST_SECONDS)
            self._made.update(wanted)
            if not wait_until(lambda: self._partitioned(admin, wanted, partitions)):
                message = f"the broker does not show the topics {wanted} with {partitions} partitions"
                raise AssertionError(message)

    def _new_topic(self, name: str, partitions: int, settings: Mapping[str, str]) -> NewTopic:
        return NewTopic(name, partitions, 1, config=dict(settings))

    def _deletable(self) -> set[str]:
        """Topics that hold nobody else's data: on a broker of the session's own, all."""
        if not self.is_ours:
            return self._made
        with self.admin() as admin:
            return self._seen(admin)

    def delete_topics(self, names: Iterable[str]) -> None:
        """Delete those of the topics that are there; committed offsets go with them."""
        doomed = sorted(set(names))
        if not doomed:
            return
        with self.admin() as admin:
            for future in admin.delete_topics(doomed).values():
                try:
                    future.result(_REQUEST_SECONDS)
                except KafkaException as failure:
                    if failure.args[0].code() != KafkaError.UNKNOWN_TOPIC_OR_PART:
                        raise
            # Else what is created next might be taken for there already.
            assert wait_until(lambda: self._seen(admin).isdisjoint(doomed)), f"the broker still shows some of {doomed}"
        self._made.difference_update(doomed)

    def widen_topic(self, name: str, partitions: int) -> None:
        """Give a topic more partitions."""
        with self.admin() as admin:
            for future in admin.create_partitions([NewPartitions(name, partitions)]).values():
                future.result(_REQUEST_SECONDS)

    def alter_topic(self, name: str, **config: str) -> None:
        """Set settings of a topic, written as for `create_topics`."""
        entries = [
            ConfigEntry(key.replace("_", "."), value, incremental_operation=AlterConfigOpType.SET)
            for key, value in config.items()
        ]
        with self.admin() as admin:
            resource = ConfigResource(ConfigResource.Type.TOPIC, name, incremental_configs=entries)
            for future in admin.incremental_alter_configs([resource]).values():
                future.result(_REQUEST_SECONDS)

    def answers(self) -> bool:
        """Whether the broker serves requests now, those of consumer groups too."""
        return listens(self.bootstrap.partition(",")[0]) and self._serves_groups()

    def _serves_groups(self) -> bool:
        quiet = logging.getLogger("tests.kafka_answers")
        member = Consumer({"bootstrap.servers": self.bootstrap, "group.id": "answers", "log_level": 0}, logger=quiet)
        try:
            member.committed([TopicPartition("answers", 0)], timeout=_ANSWER_SECONDS)
        except KafkaException:
            return False
        finally:
            member.close()
        return True

    @contextmanager
    def admin(self) -> Iterator[AdminClient]:
        """A client for settings, within the block."""
        quiet = logging.getLogger("tests.kafka_admin")
        yield AdminClient({"bootstrap.servers": self.bootstrap, "log_level": 0}, logger=quiet)

    @staticmethod
    def _seen(admin: AdminClient) -> set[str]:
        return set(admin.list_topics(timeout=_REQUEST_SECONDS).topics)

    @staticmethod
    def _partitioned(admin: AdminClient, names: Iterable[str], partitions: int) -> bool:
        seen = admin.list_topics(timeout=_REQUEST_SECONDS).topics
        return all(
            name in seen
            and len(seen[name].partitions) == partitions
            and all(one.leader >= 0 for one in seen[name].partitions.values())
            for name in names
        )
