"""Records as clients write them that check less than ours: any bytes as a header's name, any bytes as a batch."""

from collections.abc import Callable, Sequence
from typing import NamedTuple, Self

from aiokafka import AIOKafkaProducer
from aiokafka.producer.message_accumulator import BatchBuilder
from aiokafka.record.default_records import _DefaultRecordBatchBuilderPy

Damage = Callable[[bytearray], bytearray]


class Raw(NamedTuple):
    """A record before anybody has checked it."""

    key: bytes | None
    value: bytes | None
    headers: Sequence[tuple[bytes, bytes | None]] = ()
    stamp: int | None = None


class _Name(str):
    """A header's name that encodes to bytes which need be no text."""

    __slots__ = ("_bytes",)
    _bytes: bytes

    def __new__(cls, name: bytes) -> Self:
        made = super().__new__(cls, name.decode(errors="replace"))
        made._bytes = name
        return made

    def encode(self, *_: object, **__: object) -> bytes:
        return self._bytes


def batch_of(records: Sequence[Raw], compression: int = 0, damage: Damage | None = None) -> BatchBuilder:
    """The records as one batch, to be sent by `send_batch`; damaged after its checksum was made, if asked for."""
    size = 1 << 20
    builder = _DefaultRecordBatchBuilderPy(2, compression, 0, -1, -1, 0, size)
    if damage is not None:
        build = builder.build
        builder.build = lambda: damage(build())
    batch = BatchBuilder(size, compression)
    batch._builder = builder  # noqa: SLF001 - the only way past its checks
    for one in records:
        headers = [(_Name(name), value) for name, value in one.headers]
        assert batch.append(timestamp=one.stamp, key=one.key, value=one.value, headers=headers) is not None
    return batch


async def send_batches(broker: str, topic: str, partition: int, *batches: BatchBuilder) -> list[int]:
    """Send batches as they are; the offsets that they begin at."""
    producer = AIOKafkaProducer(bootstrap_servers=broker)
    await producer.start()
    try:
        futures = [await producer.send_batch(batch, topic, partition=partition) for batch in batches]
        return [(await future).offset for future in futures]
    finally:
        await producer.stop()
