"""Records as the consumer hands them over, made up in tests."""

from collections.abc import Sequence
from dataclasses import dataclass

NOW_MS = 1_800_000_000_000


@dataclass
class Arrived:
    """A record of an event topic."""

    topic: str
    partition: int
    key: bytes | None
    value: bytes | None
    headers: Sequence[tuple[str, bytes]] = ()
    offset: int = 7
    timestamp: int | None = NOW_MS
