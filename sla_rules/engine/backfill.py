"""While history is being loaded, time stands for the leads that it brings: what answers a hand-off is still to come.

Whoever loads it says so by a mark before it and one after it (`sla_rules.names.BACKFILL`). Between them, for an hour at most, a lead
that was not known before and that nothing but history is told of is kept as it is before any deadline. When the mark after it is
read, and all that arrived before that, its deadlines are judged once and for all. Facts of now are judged as ever.
"""

from collections.abc import Iterable
from typing import Final

from sla_rules.engine.codec import LeadState
from sla_rules.instants import HOUR, MINUTE, Duration, Instant
from sla_rules.lead.facts import Forwarded
from sla_rules.time.intervals import BEGINNING

LONGEST: Final[Duration] = HOUR
"""How long time stands at most."""
SILENCE: Final[Duration] = 5 * MINUTE
"""How long whoever takes over in between waits for more: it does not know where the marks lie."""
STANDING: Final[Instant] = BEGINNING + 1
"""The time that such a lead is judged as of: before all deadlines, and told from one that time has not come for at all."""


class Backfill:
    """What one partition knows of the history that is being loaded into it."""

    def __init__(self) -> None:
        self._began: Instant | None = None
        self._until: Instant = BEGINNING
        self.waiting: list[bytes] = []
        """Leads whose time would have come."""

    @property
    def until(self) -> Instant | None:
        """When time goes on at the latest; None where it does not stand."""
        return None if self._began is None else self._until

    def begin(self, at: Instant) -> None:
        """The mark before it arrived."""
        self._began, self._until = at, at + LONGEST

    def end(self, at: Instant) -> None:
        """The mark after it arrived: what was loaded arrived before that."""
        self._until = min(self._until, at)

    def take_over(self, first: Instant, last: Instant) -> None:
        """Leads were left standing that arrived between these two instants: wait a while for more."""
        self._began, self._until = first, min(first + LONGEST, last + SILENCE)

    def is_standing(self, state: LeadState) -> bool:
        """Whether time stands for a lead now."""
        return self._began is not None and state.as_of == STANDING

    def holds(self, state: LeadState | None, facts: Iterable[Forwarded]) -> bool:
        """Whether time stands for a lead that facts arrived for, known by its state."""
        began = self._began
        if began is None or not (state is None or state.as_of == STANDING):
            return False
        return all(fact.time < began for fact in facts)

    def pass_time(self, now: Instant) -> list[bytes]:
        """The leads for which time goes on, once it has come far enough."""
        if self._began is None or now < self._until:
            return []
        found, self.waiting, self._began = self.waiting, [], None
        return found
