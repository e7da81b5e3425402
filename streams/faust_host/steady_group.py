"""A group that divides partitions by the one number that the service works with, whatever the brokers say of topics.

Faust puts topics together that have as many partitions as each other and leaves out those that are not there, and
aiokafka joins again whenever that changes. So a topic that is widened would come to other workers than the rest of its
leads, and the changelog would take all leads with it when it is deleted. Here partition n of every topic is one worker's,
and what was deleted is read on as soon as it is there again.
"""

from collections.abc import Iterable
from typing import Any

from aiokafka import AIOKafkaConsumer
from faust.assignor import PartitionAssignor


class SteadyAssignor(PartitionAssignor):
    """Faust's, for one number of partitions."""

    def _get_copartitioned_groups(  # type: ignore[override] # a class method there, which knows no number
        self, topics: set[str], cluster: object, subscriptions: Any
    ) -> dict[int, Iterable[set[str]]]:
        del cluster
        return {self.app.conf.topic_partitions: self._group_co_subscribed(topics, subscriptions)}


def keep_steady(consumer: AIOKafkaConsumer) -> None:
    """Let a consumer that has just started join again for no topic's sake."""
    consumer._coordinator._get_metadata_snapshot = dict  # noqa: SLF001 - as if nothing ever changed
