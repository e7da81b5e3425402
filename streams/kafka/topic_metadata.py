"""What the brokers say of topics: how many partitions each has, and which topic of its name it is.

A topic that was deleted and created again has the same name and another id; offsets alone cannot tell, since the new one may
long have grown beyond them. aiokafka speaks no version of the request that carries ids, hence ours. Brokers before
Kafka 2.8, and some of other makers, know none.
"""

from collections.abc import Iterable
from io import BytesIO
from typing import Any, Final, NamedTuple

from aiokafka.client import AIOKafkaClient
from aiokafka.errors import (
    KafkaError,
    NoError,
    TopicAuthorizationFailedError,
    UnknownTopicOrPartitionError,
    for_code,
)
from aiokafka.protocol.abstract import AbstractType
from aiokafka.protocol.api import Request, RequestStruct, Response
from aiokafka.protocol.metadata import MetadataRequest_v5
from aiokafka.protocol.types import Boolean, CompactArray, CompactString, Int16, Int32, Schema, TaggedFields

_ID_BYTES: Final = 16
_NO_ID: Final = bytes(_ID_BYTES)
_NOBODY: Final = -1


class TopicMetadata(NamedTuple):
    """A topic that is there; `id` is hexadecimal, empty where the broker knows none."""

    partitions: int
    id: str


class HiddenTopicsError(KafkaError):  # type: ignore[misc] # aiokafka is untyped here
    """The broker does not let us see topics; `topics` names them."""

    def __init__(self, topics: Iterable[str]) -> None:
        self.topics = sorted(topics)
        super().__init__(f"the broker does not let us see {', '.join(self.topics)}")


class Told(NamedTuple):
    """What one broker says: the topics that it knows, and which of them have partitions that nobody leads."""

    topics: dict[str, TopicMetadata]
    leaderless: frozenset[str]


async def told_by(node: int, client: AIOKafkaClient, topics: Iterable[str]) -> Told:
    """What one broker says of topics; those that it does not know are left out. None is created by asking.

    Raises:
        HiddenTopicsError: we may not see some of them.
        aiokafka.errors.KafkaError: it does not answer.

    """
    answer = await client.send(node, _Topics(topics))
    found, hidden, leaderless = {}, [], set()
    for topic in answer.to_object()["topics"]:
        name, error = topic["topic"], for_code(topic["error_code"])
        if error is TopicAuthorizationFailedError:
            hidden.append(name)
        elif error is NoError:
            found[name] = TopicMetadata(len(topic["partitions"]), _spelled(topic.get("topic_id", _NO_ID)))
            if any(partition["leader"] == _NOBODY for partition in topic["partitions"]):
                leaderless.add(name)
        elif error is not UnknownTopicOrPartitionError:
            raise error(name)
    if hidden:
        raise HiddenTopicsError(hidden)
    return Told(found, frozenset(leaderless))


def _spelled(topic_id: bytes) -> str:
    return "" if topic_id == _NO_ID else topic_id.hex()


class _Id(AbstractType[bytes]):  # type: ignore[misc] # as above
    @classmethod
    def encode(cls, value: bytes) -> bytes:
        return value

    @classmethod
    def decode(cls, data: BytesIO) -> bytes:
        return data.read(_ID_BYTES)


_TEXT: Final = CompactString("utf-8")
_TAGS: Final = ("tags", TaggedFields)


class _Answer(Response):  # type: ignore[misc] # as above
    API_KEY = 3
    API_VERSION = 12
    SCHEMA = Schema(
        ("throttle_time_ms", Int32),
        ("brokers", CompactArray(("node_id", Int32), ("host", _TEXT), ("port", Int32), ("rack", _TEXT), _TAGS)),
        ("cluster_id", _TEXT),
        ("controller_id", Int32),
        (
            "topics",
            CompactArray(
                ("error_code", Int16),
                ("topic", _TEXT),
                ("topic_id", _Id),
                ("is_internal", Boolean),
                (
                    "partitions",
                    CompactArray(
                        ("error_code", Int16),
                        ("partition", Int32),
                        ("leader", Int32),
                        ("leader_epoch", Int32),
                        ("replicas", CompactArray(Int32)),
                        ("isr", CompactArray(Int32)),
                        ("offline_replicas", CompactArray(Int32)),
                        _TAGS,
                    ),
                ),
                ("authorized_operations", Int32),
                _TAGS,
            ),
        ),
        _TAGS,
    )


class _WithIds(RequestStruct):  # type: ignore[misc] # as above
    FLEXIBLE_VERSION = True
    API_KEY = 3
    API_VERSION = 12
    RESPONSE_TYPE = _Answer
    SCHEMA = Schema(
        ("topics", CompactArray(("topic_id", _Id), ("topic", _TEXT), _TAGS)),
        ("allow_auto_topic_creation", Boolean),
        ("include_topic_authorized_operations", Boolean),
        _TAGS,
    )


class _AnswerOf28(_Answer):
    API_VERSION = 11


class _WithIdsOf28(_WithIds):
    """Of Kafka 2.8 and 3.0, which put ids into answers already."""

    API_VERSION = 11
    RESPONSE_TYPE = _AnswerOf28


class _Topics(Request[MetadataRequest_v5 | _WithIdsOf28 | _WithIds]):  # type: ignore[misc] # as above
    API_KEY = 3

    def __init__(self, topics: Iterable[str]) -> None:
        self._topics = list(topics)

    def build(self, request_struct_class: type[Any]) -> Any:
        if issubclass(request_struct_class, _WithIds):
            return request_struct_class([(_NO_ID, topic, {}) for topic in self._topics], False, False, {})  # noqa: FBT003
        return request_struct_class(self._topics, False)  # noqa: FBT003 - no topic is to be created
