"""Up to where a group has read, asked and set without being a member of it.

Workers sign what they commit, in the metadata that Kafka keeps beside an offset, so that an offset which somebody else has
set is known as such.
"""

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, Final, NamedTuple

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.client import CoordinationType
from aiokafka.errors import KafkaError, KafkaTimeoutError, NoError, for_code
from aiokafka.protocol.api import Request
from aiokafka.protocol.commit import OffsetCommitRequest, OffsetFetchRequest
from aiokafka.structs import OffsetAndMetadata

from streams.settings import Settings

SIGNATURE: Final = "leadsla"
_AGAIN_AFTER: Final = 0.2


class Committed(NamedTuple):
    """An offset, and whether a worker committed it."""

    offset: int
    is_ours: bool


async def committed(
    consumer: AIOKafkaConsumer, settings: Settings, tps: Iterable[TopicPartition]
) -> dict[TopicPartition, Committed]:
    """What is committed, of those partitions of topics that anything is of; the consumer only lends its connection.

    Raises:
        aiokafka.errors.KafkaError: no broker answers, or none in time knows the group.

    """
    wanted: defaultdict[str, list[int]] = defaultdict(list)
    for tp in tps:
        wanted[tp.topic].append(tp.partition)
    # Not by the client's own method: a coordinator that is still loading looks to it as if nothing was committed.
    answer = await _asked(consumer, settings, OffsetFetchRequest(settings.group, list(wanted.items())))
    return {
        TopicPartition(topic, partition): Committed(offset, metadata == SIGNATURE)
        for topic, partitions in answer.topics
        for partition, offset, metadata, _ in partitions
        if offset >= 0
    }


async def commit(consumer: AIOKafkaConsumer, settings: Settings, offsets: Mapping[TopicPartition, int]) -> None:
    """Set committed offsets of a group that has no members, signed.

    Raises:
        aiokafka.errors.KafkaError: no broker answers, or the group has members, who alone commit for it.

    """
    wanted: defaultdict[str, list[tuple[int, int, str]]] = defaultdict(list)
    for tp, offset in offsets.items():
        wanted[tp.topic].append((tp.partition, offset, SIGNATURE))
    await _asked(consumer, settings, OffsetCommitRequest(settings.group, -1, "", -1, list(wanted.items())))


def sign_commits(consumer: AIOKafkaConsumer) -> None:
    """Have a consumer sign what it commits."""
    commit_unsigned = consumer.commit

    async def commit_signed(offsets: Mapping[TopicPartition, OffsetAndMetadata]) -> None:
        await commit_unsigned({tp: OffsetAndMetadata(one.offset, SIGNATURE) for tp, one in offsets.items()})

    consumer.commit = commit_signed


async def _asked(consumer: AIOKafkaConsumer, settings: Settings, request: Request[Any]) -> Any:
    """What the group's coordinator answers, once it is there and has loaded the group."""
    client = consumer._client  # noqa: SLF001 - it has no door for such questions
    try:
        async with asyncio.timeout(settings.request_timeout_seconds):
            while True:
                try:
                    node = await client.coordinator_lookup(CoordinationType.GROUP, settings.group)
                    answer = await client.send(node, request)
                    _raise_any(answer)
                except KafkaError as error:
                    if not error.retriable:
                        raise
                    await asyncio.sleep(_AGAIN_AFTER)
                else:
                    return answer
    except TimeoutError:
        message = f"no broker says within {settings.request_timeout_seconds:g} s what group {settings.group} has read"
        raise KafkaTimeoutError(message) from None


def _raise_any(answer: Any) -> None:
    codes = [getattr(answer, "error_code", 0), *(code for _, partitions in answer.topics for *_, code in partitions)]
    for error in map(for_code, codes):
        if error is not NoError:
            raise error
