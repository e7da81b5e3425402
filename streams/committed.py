"""Up to where a group has read, asked and set without being a member of it."""

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, Final

from aiokafka import TopicPartition
from aiokafka.errors import KafkaError, NoError, for_code
from aiokafka.protocol.api import Request
from aiokafka.protocol.commit import OffsetCommitRequest, OffsetFetchRequest

from streams.connection import admin
from streams.settings import Settings

_AGAIN_AFTER: Final = 0.2


async def committed(settings: Settings, tps: Iterable[TopicPartition]) -> dict[TopicPartition, int]:
    """The committed offsets, of those partitions of topics that have one.

    Raises:
        aiokafka.errors.KafkaError: no broker answers, or none in time knows the group.

    """
    wanted: defaultdict[str, list[int]] = defaultdict(list)
    for tp in tps:
        wanted[tp.topic].append(tp.partition)
    # Not by the client's own method: a coordinator that is still loading looks to it as if nothing was committed.
    answer = await _asked(settings, OffsetFetchRequest(settings.group, list(wanted.items())))
    return {
        TopicPartition(topic, partition): offset
        for topic, partitions in answer.topics
        for partition, offset, *_ in partitions
        if offset >= 0
    }


async def commit(settings: Settings, offsets: Mapping[TopicPartition, int]) -> None:
    """Set committed offsets of a group that has no members.

    Raises:
        aiokafka.errors.KafkaError: no broker answers, or the group has members, who alone commit for it.

    """
    wanted: defaultdict[str, list[tuple[int, int, str]]] = defaultdict(list)
    for tp, offset in offsets.items():
        wanted[tp.topic].append((tp.partition, offset, ""))
    await _asked(settings, OffsetCommitRequest(settings.group, -1, "", -1, list(wanted.items())))


async def _asked(settings: Settings, request: Request[Any]) -> Any:
    """What the group's coordinator answers, once it is there and has loaded the group."""
    async with asyncio.timeout(settings.request_timeout_seconds), admin(settings) as client:
        while True:
            try:
                node = await client.find_coordinator(settings.group)
                answer = await client._send_request(request, node)  # noqa: SLF001 - it offers no such question
                _raise(getattr(answer, "error_code", 0))
                for _, partitions in answer.topics:
                    for *_, code in partitions:
                        _raise(code)
            except KafkaError as error:
                if not error.retriable:
                    raise
                await asyncio.sleep(_AGAIN_AFTER)
            else:
                return answer


def _raise(code: int) -> None:
    error = for_code(code)
    if error is not NoError:
        raise error
