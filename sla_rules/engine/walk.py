"""A way through many leads that is gone a few at a time, so that a long list of them holds up no event and no deadline."""

from collections.abc import Iterable, Iterator
from typing import Generic, TypeVar

_T = TypeVar("_T")


class Walk(Generic[_T]):
    """Goes through leads as often as it is begun; over until it is."""

    def __init__(self) -> None:
        self._left: Iterator[_T] | None = None

    def begin(self, leads: Iterable[_T]) -> None:
        """Go through leads, from the first on."""
        self._left = one_by_one(leads)

    @property
    def is_over(self) -> bool:
        """Whether it is known that none is left."""
        return self._left is None

    def some(self, most: int | None) -> Iterator[_T]:
        """So many leads more; all that are left without a number."""
        while self._left is not None and most != 0:
            lead = next(self._left, None)
            if lead is None:
                self._left = None
                return
            if most is not None:
                most -= 1
            yield lead


def one_by_one(leads: Iterable[_T]) -> Iterator[_T]:
    """Leads that are there now, while others are put in: of a dictionary a list, all else sees to it itself."""
    return iter(list(leads) if isinstance(leads, dict) else leads)
