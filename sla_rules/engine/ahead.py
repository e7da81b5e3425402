"""Leads that were judged as of a time that had not come: a worker's clock was wrong, or the broker's was.

Found by a look through all leads, a few at a time, so that a long list of them holds up no event and no deadline.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

import msgspec

from sla_rules.engine.codec import LeadState, decode
from sla_rules.engine.walk import Walk
from sla_rules.instants import SECOND, Duration, Instant

TOLERATED: Final[Duration] = 2 * SECOND
"""No further ahead than this, nothing is set back but waited for: clocks of brokers and of former owners differ a little."""


class Ahead:
    """The look through; whatever was decided as of later than `latest` was decided too early."""

    def __init__(self, latest: Instant, leads: Iterable[bytes]) -> None:
        self.latest: Final = latest
        self._walk = Walk[bytes]()
        self._walk.begin(leads)

    @property
    def is_over(self) -> bool:
        """Whether all have been looked at."""
        return self._walk.is_over

    def go_on(
        self, leads: Mapping[bytes, bytes], now: Instant, scan_budget: int | None = None
    ) -> Iterator[tuple[bytes, LeadState]]:
        """Look at so many leads more; those that are ahead, as of `now` from here on and still to be judged again."""
        for lead in self._walk.some(scan_budget):
            data = leads.get(lead)
            if data is not None and (state := decode(data)).as_of > self.latest:
                yield lead, msgspec.structs.replace(state, as_of=min(state.as_of, now))

    def set_back(self, state: LeadState, now: Instant) -> LeadState:
        """A state as of `now`, if it is ahead; for leads that something comes of before they are looked at."""
        if state.as_of <= max(self.latest, now):
            return state
        return msgspec.structs.replace(state, as_of=now)
