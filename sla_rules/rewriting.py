"""Writing again what a topic no longer holds, a few leads at a time, so that it holds up no event and no deadline."""

from collections.abc import Iterable, Iterator, Mapping

from sla_rules.codec import decode, shortened
from sla_rules.limits import LARGEST_STATE
from sla_rules.publication import one_by_one
from sla_rules.told import Told


class Rewriting:
    """The leads whose states, and those whose standing notices, are still to be written again."""

    def __init__(self) -> None:
        self._stateless: Iterator[bytes] | None = None
        self._silent: Iterator[str] | None = None

    def begin_states(self, leads: Iterable[bytes]) -> None:
        """Write all states again, from the first on."""
        self._stateless = one_by_one(leads)

    def begin_notices(self, told: Told) -> None:
        """Write all notices that stand again, from the first on."""
        self._silent = iter(told.leads)

    @property
    def is_over(self) -> bool:
        """Whether nothing is left to write again."""
        return self._stateless is None and self._silent is None

    def states(self, leads: Mapping[bytes, bytes], most: int | None) -> Iterator[tuple[bytes, bytes]]:
        """The states of so many leads more, as they are now; of all without a number."""
        while self._stateless is not None and most != 0:
            lead = next(self._stateless, None)
            if lead is None:
                self._stateless = None
                return
            if most is not None:
                most -= 1
            if (state := leads.get(lead)) is not None:
                yield lead, state if len(state) <= LARGEST_STATE else shortened(decode(state))

    def notices(self, told: Told, most: int | None) -> Iterator[tuple[str, bytes]]:
        """The notices that stand of so many leads more; of all without a number."""
        while self._silent is not None and most != 0:
            lead = next(self._silent, None)
            if lead is None:
                self._silent = None
                return
            if most is not None:
                most -= 1
            yield from told.standing(lead)
