"""Writing again what a topic no longer holds, a few leads at a time, so that it holds up no event and no deadline."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Generic, TypeVar

from sla_rules.engine.codec import decode, shortened
from sla_rules.engine.publication import one_by_one
from sla_rules.engine.published_notices import Told
from sla_rules.limits import LARGEST_STATE

_T = TypeVar("_T")


class _Walk(Generic[_T]):
    """A way through leads that is gone in steps, as often as it is begun."""

    def __init__(self) -> None:
        self._left: Iterator[_T] | None = None

    def begin(self, leads: Iterable[_T]) -> None:
        self._left = iter(leads)

    @property
    def is_over(self) -> bool:
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


class Rewriting:
    """The leads whose states, whose standing notices, and what they sent on, are still to be written again."""

    def __init__(self) -> None:
        self._of_states = _Walk[bytes]()
        self._of_notices = _Walk[str]()
        self._of_forwards = _Walk[bytes]()

    def begin_states(self, leads: Iterable[bytes]) -> None:
        """Write all states again, from the first on."""
        self._of_states.begin(one_by_one(leads))

    def begin_notices(self, told: Told) -> None:
        """Write all notices that stand again, from the first on."""
        self._of_notices.begin(told.leads)

    def begin_forwards(self, leads: Iterable[bytes]) -> None:
        """Send again all that merged leads have sent on, from the first on."""
        self._of_forwards.begin(one_by_one(leads))

    @property
    def is_over(self) -> bool:
        """Whether nothing is left to write again."""
        return self._of_states.is_over and self._of_notices.is_over and self._of_forwards.is_over

    def states(self, leads: Mapping[bytes, bytes], most: int | None) -> Iterator[tuple[bytes, bytes]]:
        """The states of so many leads more, as they are now and as a topic takes them."""
        for lead in self._of_states.some(most):
            if (state := leads.get(lead)) is not None:
                yield lead, state if len(state) <= LARGEST_STATE else shortened(decode(state))

    def notices(self, told: Told, most: int | None) -> Iterator[tuple[str, bytes]]:
        """The notices that stand of so many leads more."""
        return (notice for lead in self._of_notices.some(most) for notice in told.standing(lead))

    def merged(self, leads: Mapping[bytes, bytes], most: int | None) -> Iterator[bytes]:
        """Of so many leads more, those that may have sent anything on."""
        return (lead for lead in self._of_forwards.some(most) if lead in leads and decode(leads[lead]).revised)
