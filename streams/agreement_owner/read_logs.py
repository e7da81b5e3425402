"""The logs that an owner of agreements reads, watched: do they still hold what was read of them?"""

import math
from collections.abc import Collection, Mapping
from contextlib import suppress
from time import monotonic
from typing import Final

from aiokafka import TopicPartition
from aiokafka.errors import KafkaError
from faust.types import TP

from sla_rules.names import PERIODS_TOPIC
from streams.kafka.end_offsets import EndOffsets
from streams.kafka.topic_memory import Log

LOOK_AT_LOGS_EVERY: Final = 5.0
"""Seconds between two looks at whether the topics still hold what they held."""


class ReadLogs:
    """Knows the logs as they were when reading began, or when they were looked at last.

    Whoever begins to read all again begins with new ones.
    """

    def __init__(self, end_offsets: EndOffsets) -> None:
        self._end_offsets = end_offsets
        self._known: dict[TopicPartition, Log] = {}
        self._looked_at = -math.inf

    async def begin(self, spots: Collection[TopicPartition]) -> None:
        """Take note of the logs of partitions that are about to be read, and of no others; of those read before, as they were."""
        found = await self._logs_of([spot for spot in spots if spot not in self._known])
        self._known = {spot: log for spot, log in (self._known | found).items() if spot in spots}
        self._looked_at = monotonic()

    async def lost(
        self, spots: Collection[TopicPartition], read_to: Mapping[TopicPartition, int]
    ) -> set[TopicPartition]:
        """The partitions that have become another log, or end before where they were read to; none between two looks."""
        if monotonic() - self._looked_at < LOOK_AT_LOGS_EVERY:
            return set()
        self._looked_at = monotonic()
        ends = await self._end_offsets.ends([TP(*spot) for spot in spots]) or {}
        lost = {spot for spot in spots if ends.get(TP(*spot), math.inf) < read_to.get(spot, 0)}
        for spot, found in (await self._logs_of(spots)).items():
            if (before := self._known.get(spot)) is not None and not _holds(spot, found, before):
                lost.add(spot)
            self._known[spot] = found
        return lost

    async def _logs_of(self, spots: Collection[TopicPartition]) -> dict[TopicPartition, Log]:
        """The logs of partitions, of those topics that are there; nothing without an answer."""
        with suppress(KafkaError):
            topics = await self._end_offsets.topics({spot.topic for spot in spots}) or {}
            begins = await self._end_offsets.begins([TP(*spot) for spot in spots if spot.topic in topics])
            return {TopicPartition(*tp): Log(topics[tp.topic].id, begin) for tp, begin in begins.items()}
        return {}


def _holds(spot: TopicPartition, found: Log, before: Log) -> bool:
    """Whether a log holds what was known of it; figures that are deleted by those who own them are known all the same."""
    if spot.topic == PERIODS_TOPIC:
        found = found._replace(begin=before.begin)
    return found.is_still(before)
