"""How to connect to the broker: the same for every client that the shell opens."""

from typing import Any, Final

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

from streams.settings import Settings

REJECTED_OVERHEAD: Final = 64 * 1024
"""Room for headers beside the original bytes, so that a record as large as allowed can still be put away."""
LARGEST_EVENT: Final = 1_048_588
"""What Kafka lets a record of a topic be, unless told otherwise; the event topics are told no other."""


def new_consumer(settings: Settings) -> AIOKafkaConsumer:
    """A reader without a group: for bulk loading and for asking end offsets."""
    return AIOKafkaConsumer(
        **_common(settings),
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        max_partition_fetch_bytes=8 * LARGEST_EVENT,
        fetch_max_bytes=32 * LARGEST_EVENT,
    )


def new_producer(settings: Settings) -> AIOKafkaProducer:
    """A writer that is acknowledged by all replicas in sync, and never writes twice on a retry of its own."""
    return AIOKafkaProducer(
        **_common(settings),
        acks="all",
        enable_idempotence=True,
        compression_type="lz4",
        linger_ms=0,
        max_batch_size=256 * 1024,
        max_request_size=LARGEST_EVENT + REJECTED_OVERHEAD,
    )


def _common(settings: Settings) -> dict[str, Any]:
    return {
        "bootstrap_servers": settings.brokers,
        "client_id": settings.group,
        "request_timeout_ms": int(settings.request_timeout_seconds * 1000),
    }
