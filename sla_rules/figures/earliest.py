"""Numbers, each as often as it was counted, of which the least is asked for: without looking at all of them."""

from collections import Counter
from heapq import heapify, heappop, heappush
from typing import Final

_SLACK: Final = 64


class Earliest:
    """A multiset with its least member. A number that is gone stays in the heap until it comes up, or until half are gone."""

    def __init__(self) -> None:
        self._counts: Counter[int] = Counter()
        self._heap: list[int] = []

    def count(self, number: int, by: int) -> None:
        """Count a number so many times more, or less."""
        before = self._counts[number]
        if before + by:
            self._counts[number] = before + by
            if not before:
                heappush(self._heap, number)
        else:
            del self._counts[number]
        if len(self._heap) > 2 * len(self._counts) + _SLACK:
            self._heap = list(self._counts)
            heapify(self._heap)

    @property
    def least(self) -> int | None:
        """The least number that is counted; None where none is."""
        while self._heap and self._heap[0] not in self._counts:
            heappop(self._heap)
        return self._heap[0] if self._heap else None
