"""Brokers that say of topics what a test lets them say, each something else, and count what they are asked.

They speak the real protocol as far as clients ask who leads what, and take no records.
"""

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping
from io import BytesIO
from struct import Struct
from types import TracebackType
from typing import Any, Final, NamedTuple, Self

from aiokafka.protocol.admin import ApiVersionRequest_v0
from aiokafka.protocol.api import RequestHeader_v1, RequestHeader_v2, ResponseHeader_v0, ResponseHeader_v1
from aiokafka.protocol.metadata import MetadataRequest_v5, MetadataResponse_v5
from aiokafka.protocol.transaction import InitProducerIdRequest_v0, InitProducerIdResponse_v0

from streams.kafka import topic_metadata as ours
from tests.real_parts.loopback import HOST

UNKNOWN, NO_LEADER = 3, 5
"""Kafka's codes."""
NOBODY: Final = -1
_SIZE: Final = Struct(">i")
_HEAD: Final = Struct(">hh")
_ID_BYTES: Final = 16


class Said(NamedTuple):
    """What a broker says of a topic: how many partitions it has, which topic of its name it is, who leads all of it."""

    partitions: int
    id: int
    leader: int = NOBODY


class LyingBroker:
    """One of several brokers; `asked` counts questions by what they ask for, `connections` those who came in."""

    def __init__(self, node: int, cluster: Mapping[int, "LyingBroker"]) -> None:
        self.topics: dict[str, Said] = {}
        self.asked: Counter[str] = Counter()
        self.connections = 0
        self.silent = False
        """Whether it takes connections and never answers, as a process does that stands still."""
        self.turns_away = False
        """Whether it drops whoever comes in."""
        self.port = 0
        self._node = node
        self._cluster = cluster
        self._server: asyncio.Server | None = None
        self._serving: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """Listen, where it did before if it has been listening."""
        self._server = await asyncio.start_server(self._serve, HOST, self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Be gone: refuse whoever comes."""
        if self._server is not None:
            self._server.close()
            self._server = None
        for task in self._serving:
            task.cancel()
        await asyncio.gather(*self._serving, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._serving.add(task)
        self.connections += 1
        try:
            while not self.turns_away:
                [size] = _SIZE.unpack(await reader.readexactly(_SIZE.size))
                question = await reader.readexactly(size)
                if self.silent:
                    await asyncio.get_running_loop().create_future()
                answer = self._answer(question)
                writer.write(_SIZE.pack(len(answer)) + answer)
        except (asyncio.IncompleteReadError, asyncio.CancelledError, ConnectionError):
            pass
        finally:
            self._serving.discard(task)
            writer.transport.abort()

    def _answer(self, question: bytes) -> bytes:
        key, version = _HEAD.unpack_from(question)
        name, answer = _ANSWERS[key, version]
        self.asked[name] += 1
        body = BytesIO(question)
        is_flexible = (key, version) in _FLEXIBLE
        header = (RequestHeader_v2 if is_flexible else RequestHeader_v1).SCHEMA.decode(body)
        head = ResponseHeader_v1(header[2], {}) if is_flexible else ResponseHeader_v0(header[2])
        return bytes(head.encode() + answer(self, body))

    def _versions(self, _: BytesIO) -> bytes:
        known = [(key, version, version) for key, version in _ANSWERS if (key, version) != (3, 5)]
        known = [(key, 5 if key == MetadataRequest_v5.API_KEY else low, high) for key, low, high in known]
        return bytes(ApiVersionRequest_v0.RESPONSE_TYPE(0, known).encode())

    def _brokers(self) -> list[tuple[int, str, int]]:
        return [(node, HOST, broker.port) for node, broker in self._cluster.items()]

    def _metadata(self, body: BytesIO) -> bytes:
        names, _ = MetadataRequest_v5.SCHEMA.decode(body)
        topics: list[tuple[Any, ...]] = []
        for name in self.topics if names is None else names:
            said = self.topics.get(name)
            count = 0 if said is None else said.partitions
            leader = NOBODY if said is None else said.leader
            error = NO_LEADER if leader == NOBODY else 0
            partitions: list[tuple[Any, ...]] = [
                (error, number, leader, [leader], [leader], []) for number in range(count)
            ]
            topics.append((UNKNOWN if said is None else 0, name, False, partitions))
        brokers: list[tuple[Any, ...]] = [(*broker, None) for broker in self._brokers()]
        return bytes(MetadataResponse_v5(0, brokers, "lies", self._node, topics).encode())

    def _metadata_with_ids(self, body: BytesIO) -> bytes:
        asked, *_ = ours._WithIds.SCHEMA.decode(body)  # noqa: SLF001 - the client knows no such version
        topics: list[tuple[Any, ...]] = []
        for _, name, _ in asked:
            said = self.topics.get(name)
            count = 0 if said is None else said.partitions
            leader = NOBODY if said is None else said.leader
            error = NO_LEADER if leader == NOBODY else 0
            partitions: list[tuple[Any, ...]] = [
                (error, number, leader, 0, [leader], [leader], [], {}) for number in range(count)
            ]
            topic_id = (0 if said is None else said.id).to_bytes(_ID_BYTES, "big")
            topics.append((UNKNOWN if said is None else 0, name, topic_id, False, partitions, 0, {}))
        brokers: list[tuple[Any, ...]] = [(*broker, None, {}) for broker in self._brokers()]
        return bytes(ours._Answer(0, brokers, "lies", self._node, topics, {}).encode())  # noqa: SLF001 - as above

    def _number(self, _: BytesIO) -> bytes:
        return bytes(InitProducerIdResponse_v0(0, 0, 1, 0).encode())


Answer = Callable[[LyingBroker, BytesIO], bytes]
_FLEXIBLE: Final = {(3, 12)}
_ANSWERS: Final[dict[tuple[int, int], tuple[str, Answer]]] = {
    (18, 0): ("versions", LyingBroker._versions),  # noqa: SLF001 - its own table
    (3, 5): ("metadata", LyingBroker._metadata),  # noqa: SLF001 - as above
    (3, 12): ("topics", LyingBroker._metadata_with_ids),  # noqa: SLF001 - as above
    (InitProducerIdRequest_v0.API_KEY, 0): ("number", LyingBroker._number),  # noqa: SLF001 - as above
}


class LyingBrokers(dict[int, LyingBroker]):
    """Brokers by their numbers, from 1 on, within the block."""

    def __init__(self, count: int) -> None:
        super().__init__()
        self.update({node: LyingBroker(node, self) for node in range(1, count + 1)})

    @property
    def bootstrap(self) -> str:
        """Their addresses."""
        return ",".join(f"{HOST}:{broker.port}" for broker in self.values())

    def all_say(self, **topics: Said) -> None:
        """Let all say the same; underscores are hyphens."""
        for broker in self.values():
            broker.topics = {name.replace("_", "-"): said for name, said in topics.items()}

    async def __aenter__(self) -> Self:
        for broker in self.values():
            await broker.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for broker in self.values():
            await broker.stop()
