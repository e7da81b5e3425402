"""Where leads may have a part in figures, whatever of their facts is known: at the instants of what moves contributions."""

from collections.abc import Iterable, Iterator
from itertools import takewhile
from typing import Any, Final

from sla_rules.agreement.rulebook import RuleBook
from sla_rules.evaluation.kinds import kind_of
from sla_rules.instants import EARLIEST, LATEST, Instant
from sla_rules.lead.facts import Attempted, Corrected, Created, DealClosed, Fact, HandedOff, StatusChanged

_BEGINNINGS: Final = (Created, HandedOff, StatusChanged, DealClosed)
"""Facts that a cycle can begin at, and closes of deals."""


class Places:
    """The instants that contributions of a lead can lie at, under one rule book."""

    def __init__(self, rules: RuleBook) -> None:
        self._rules = rules
        by_follow_up = any(getattr(term.obligation, "counted_by", None) == "followed_up" for term in rules.terms)
        self._moving: tuple[type[Any], ...] = (*_BEGINNINGS, Attempted) if by_follow_up else _BEGINNINGS

    def of(self, lead: str, facts: Iterable[Fact], now: Instant) -> Iterator[Instant]:
        """Those of a lead, or of a deliverable up to `now`."""
        counting = (fact.instead if isinstance(fact, Corrected) else fact for fact in facts)
        for fact in counting:
            if isinstance(fact, self._moving) and EARLIEST <= fact.time <= LATEST:
                yield fact.time
        for term in self._rules.deliverables.get(lead, ()):
            dates = kind_of(term.obligation).dates
            if dates is not None:
                yield from takewhile(lambda due: due <= now, dates.due(term, term.obligation))
