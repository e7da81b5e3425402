"""Where leads may have a part in figures, whatever of their facts is known: at the instants of what moves contributions.

And on every day, from the first that was heard of it, what is to be up has one.
"""

from collections.abc import Iterable, Iterator
from itertools import takewhile
from typing import Any, Final

from sla_rules.agreement.rulebook import RuleBook
from sla_rules.evaluation.kinds import kind_of
from sla_rules.instants import DAY, EARLIEST, LATEST, Instant
from sla_rules.lead.facts import (
    NEVER,
    Attempted,
    Corrected,
    Created,
    DealClosed,
    Fact,
    HandedOff,
    StatusChanged,
)

_BEGINNINGS: Final = (Created, HandedOff, StatusChanged, DealClosed)
"""Facts that a cycle can begin at, and closes of deals."""


class Places:
    """The instants that contributions of a lead can lie at, under one rule book."""

    def __init__(self, rules: RuleBook) -> None:
        self._rules = rules
        by_follow_up = any(getattr(term.obligation, "counted_by", None) == "followed_up" for term in rules.terms)
        self._watched = {version.subject for version in rules.judging_watches}
        self._watched_since = min((version.since for version in rules.judging_watches), default=LATEST)
        by_message = any(term.obligation.judges == "messages" for term in rules.terms)
        self._moving: tuple[type[Any], ...] = (*_BEGINNINGS, Attempted) if by_follow_up or by_message else _BEGINNINGS

    def of(self, lead: str, facts: Iterable[Fact], now: Instant) -> Iterator[Instant]:
        """Those of a lead, or of a deliverable up to `now`."""
        since = now
        for fact in facts:
            counting = fact.instead if isinstance(fact, Corrected) else fact
            if counting is None:
                continue
            if isinstance(counting, self._moving) and EARLIEST <= counting.time <= LATEST:
                yield counting.time
            if fact.subject in self._watched and counting.time > NEVER:
                since = min(since, counting.time)
        yield from range(max(since, self._watched_since), now, DAY // 2)  # half a day: one has 23 hours
        for term in self._rules.deliverables.get(lead, ()):
            dates = kind_of(term.obligation).dates
            if dates is not None:
                yield from takewhile(lambda due: due <= now, dates.due(term, term.obligation))
