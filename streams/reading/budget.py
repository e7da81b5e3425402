"""How much memory reading may take: by one batch, by one piece that is handed over, and in this process altogether."""

import threading
from dataclasses import dataclass
from typing import Final, Protocol
from weakref import WeakSet

from aiokafka import TopicPartition

from streams.reading.in_hand import IN_HAND

LARGE: Final = 1024 * 1024
"""Bytes from which on it is worth while to keep account of what is held."""
AT_ONCE: Final = 8 * LARGE
"""Bytes of records that are handed over in one piece: while one is folded, nothing else is done."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """How many bytes a batch may unpack to, how many a record of the events may have, and where what is unreadable is dead-lettered.

    `dead_lettered` names topics; an unreadable batch of another stops whoever reads it.
    """

    most: int = 64 * LARGE
    largest: int = LARGE
    dead_lettered: frozenset[str] = frozenset()


class HalfRead(Protocol):
    """A fetch with a large batch that is being read; `held` says how many bytes that takes."""

    spot: TopicPartition
    held: int

    def drop(self) -> None:
        """Read no further; what is left is fetched again."""

    def __hash__(self) -> int: ...


class Budget(threading.local):
    """What one thread has unpacked and handed over in one go, in bytes, and whose batches it has half read.

    `bounds` are those of the process.
    """

    bounds = Bounds()

    def __init__(self) -> None:
        self.spent = 0
        self.half_read: WeakSet[HalfRead] = WeakSet()

    def at_once(self, bounds: Bounds) -> int:
        """Bytes that may be handed over in one piece now."""
        return min(AT_ONCE, bounds.most - self.spent)

    def make_room(self, fetch: HalfRead, size: int) -> None:
        """Keep a large batch that is about to be read, and no more than allowed of others: they are fetched again."""
        others = [one for one in self.half_read if one is not fetch]
        over = sum(one.held for one in others) + size - Budget.bounds.most
        for one in others:
            if over <= 0:
                break
            over -= one.held
            one.drop()
        self.half_read.add(fetch)


BUDGET: Final = Budget()


def is_full() -> bool:
    """Whether this process has as many records in hand as it may."""
    return IN_HAND.size > Budget.bounds.most


def half_read() -> set[TopicPartition]:
    """Partitions of this thread's consumers whose large batches had better be read to their end before others begin."""
    fetches = list(BUDGET.half_read)
    return {one.spot for one in fetches} if sum(one.held for one in fetches) > Budget.bounds.most // 2 else set()
