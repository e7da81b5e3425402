"""How many bytes of records this process has in hand: handed over by a fetch, and not yet done with.

Whoever fetches waits while it is too much. What is handed over is let go when it has been delivered; where it was skipped or
thrown away, when nobody holds it any more.
"""

from collections.abc import Iterable
from threading import Lock
from typing import Final

from aiokafka import ConsumerRecord


class InHand:
    """Bytes that are held, counted from any thread."""

    def __init__(self) -> None:
        self.size = 0
        self._lock = Lock()

    def add(self, size: int) -> None:
        """Count so many more, or fewer."""
        with self._lock:
            self.size += size


IN_HAND: Final = InHand()


class Held:
    """Counts bytes until they are let go, or for as long as it is there."""

    __slots__ = ("_size",)

    def __init__(self, size: int) -> None:
        self._size = size
        IN_HAND.add(size)

    def let_go(self) -> None:
        """Count them no more; again, nothing happens."""
        size, self._size = self._size, 0
        IN_HAND.add(-size)

    def __del__(self) -> None:
        self.let_go()


class HandedOver(list[ConsumerRecord]):
    """Records that are handed over together, and the bytes they take; `held` counts those for as long as they are there."""

    __slots__ = ("held", "weight")
    held: Held | None

    def __init__(self, records: Iterable[ConsumerRecord] = ()) -> None:
        super().__init__(records)
        self.weight = 0


def let_go(records: object) -> None:
    """Count records no more that were handed over and are done with, though somebody may hold them still."""
    held = getattr(records, "held", None)
    if held is not None:
        held.let_go()
