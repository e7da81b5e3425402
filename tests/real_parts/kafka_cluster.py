"""Three brokers of Apache Kafka as production has them: every record on three, acknowledged when two have it."""

import signal
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from confluent_kafka.cimpl import NewTopic

from tests.real_parts.kafka import RealKafka
from tests.real_parts.kafka_node import kafka_program, new_cluster_id
from tests.real_parts.kafka_settings import broker_settings
from tests.real_parts.loopback import HOST, free_port, listens, wait_until
from tests.real_parts.program import NotStartedError, Program

FOLLOWER: Final = 3
"""The node that leads nothing while the other two are there."""
_NODES: Final = (1, 2, FOLLOWER)
_STANDS_BACK: Final = {"controller.quorum.election.timeout.ms": "6000", "controller.quorum.fetch.timeout.ms": "6000"}
"""It waits for the others to offer themselves as controllers first: one that stands still keeps the others waiting for half a minute."""


class KafkaCluster(RealKafka):
    """Nodes 1 and 2 lead the partitions in turn, the third follows; each may be killed and started by itself."""

    def __init__(self, folder: Path) -> None:
        addresses = {node: f"{HOST}:{free_port()}" for node in _NODES}
        controllers = {node: f"{HOST}:{free_port()}" for node in _NODES}
        super().__init__(",".join(addresses.values()))
        self._addresses = addresses
        cluster = new_cluster_id()
        self._programs: dict[int, Program] = {}
        for node in _NODES:
            home = folder / f"node-{node}"
            home.mkdir()
            settings = {
                **broker_settings(
                    listeners=f"PLAINTEXT://{addresses[node]},CONTROLLER://{controllers[node]}",
                    advertised=f"PLAINTEXT://{addresses[node]}",
                    controller=controllers[node],
                    data=str(home / "data"),
                    listener_map="PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
                ),
                "node.id": str(node),
                "controller.quorum.voters": ",".join(f"{one}@{address}" for one, address in controllers.items()),
                "min.insync.replicas": "2",
                "offsets.topic.replication.factor": "3",
                "transaction.state.log.replication.factor": "3",
                "transaction.state.log.min.isr": "2",
                "replica.lag.time.max.ms": "5000",
            }
            if node == FOLLOWER:
                settings |= _STANDS_BACK
            self._programs[node] = kafka_program(home, settings, cluster, memory="256m")
        try:
            self.start()
        except BaseException:
            self.close()
            raise

    def start(self) -> None:
        self.start_nodes(*_NODES)

    def start_nodes(self, *nodes: int) -> None:
        """Start nodes that do not run; returns when groups are served again.

        Raises:
            NotStartedError: they are not in time.

        """
        for node in nodes:
            if not self._programs[node].running:
                self._programs[node].begin()
        if not wait_until(self.answers, pause=0.2):
            logs = "\n".join(program.tail() for program in self._programs.values())
            message = f"the cluster does not answer:\n{logs}"
            raise NotStartedError(message)

    def kill_nodes(self, *nodes: int) -> None:
        """End nodes as a power cut would."""
        for node in nodes:
            self._programs[node].kill()

    @contextmanager
    def standing_still(self, node: int) -> Iterator[None]:
        """A node neither runs nor ends within the block; after it, it goes on with what it knew."""
        self._programs[node].signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self._programs[node].signal(signal.SIGCONT)

    def address_of(self, node: int) -> str:
        """Where a node listens."""
        return self._addresses[node]

    def create_on(self, node: int, topic: str) -> None:
        """Create a topic of one partition that is on one node alone."""
        self.delete_topics({topic} & self._deletable())
        with self.admin() as admin:
            one = NewTopic(topic, 1, replica_assignment=[[node]], config={"min.insync.replicas": "1"})
            admin.create_topics([one])[topic].result(60)

    def leader_of(self, topic: str, partition: int) -> int:
        """The node that leads a partition."""
        with self.admin() as admin:
            return int(admin.list_topics(topic, timeout=60).topics[topic].partitions[partition].leader)

    def is_leaderless(self, topic: str) -> bool:
        """Whether a partition of a topic has no leader; a node that does not know the topic yet says nothing of it."""
        with self.admin() as admin:
            partitions = admin.list_topics(topic, timeout=60).topics[topic].partitions.values()
        return any(one.leader < 0 for one in partitions)

    def wait_for_all_in_sync(self) -> None:
        """Wait until every partition is wherever it has to be; AssertionError if that never comes.

        A node that was killed just now counts for some seconds as if it were there: only once it listens again is what the
        others say of it true.
        """

        def in_sync() -> bool:
            if not all(map(listens, self._addresses.values())):
                return False
            with self.admin() as admin:
                found = admin.list_topics(timeout=60)
            partitions = [one for topic in found.topics.values() for one in topic.partitions.values()]
            return len(found.brokers) == len(_NODES) and all(len(one.isrs) == len(one.replicas) for one in partitions)

        assert wait_until(in_sync, pause=0.3), "some partitions are not on all nodes"

    def stop(self) -> None:
        for program in self._programs.values():
            program.stop()

    def kill(self) -> None:
        self.kill_nodes(*_NODES)

    def close(self) -> None:
        self.kill()

    def answers(self) -> bool:
        """Whether groups are served, by whichever nodes are up."""
        return any(program.running for program in self._programs.values()) and self._serves_groups()

    def _new_topic(self, name: str, partitions: int, settings: Mapping[str, str]) -> NewTopic:
        replicas = [[1, 2, FOLLOWER] if partition % 2 else [2, 1, FOLLOWER] for partition in range(partitions)]
        return NewTopic(name, partitions, replica_assignment=replicas, config=dict(settings))
