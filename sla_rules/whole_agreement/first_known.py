"""Since when anything is known of an agreement: where the earliest of its figures lie."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from sla_rules.agreement.rulebook import RuleBook, Term
from sla_rules.figures.windows import WindowKey, intervals_of
from sla_rules.instants import Instant
from sla_rules.notation import Granularity


class _Filled(NamedTuple):
    """A window with anything in it, as one of its obligation and interval."""

    first: date
    segment: str


class FirstKnown:
    """Takes note of which windows have anything in them."""

    def __init__(self, rules: RuleBook, agreement: str) -> None:
        self._rules, self._agreement = rules, agreement
        self._filled: defaultdict[tuple[str, Granularity], set[_Filled]] = defaultdict(set)
        self._earliest: dict[tuple[str, Granularity], date] = {}

    def note(self, key: WindowKey, *, is_filled: bool) -> None:
        """Whether a window has anything in it."""
        line, one = (key.obligation, key.interval), _Filled(key.first, key.segment)
        filled = self._filled[line]
        if is_filled:
            filled.add(one)
            self._earliest[line] = min(self._earliest.get(line, key.first), key.first)
        elif one in filled:
            filled.remove(one)
            if self._earliest[line] == key.first:
                self._earliest[line] = min((other.first for other in filled), default=date.max)

    def since(self, terms: Mapping[str, Sequence[Term]]) -> Instant | None:
        """Where the first of it may have happened; None where nothing is known.

        What lies in the first week and the first month of an obligation that is counted by both happened in both.
        """
        found = [at for name, some in terms.items() if (at := self._since(name, some)) is not None]
        return min(found, default=None)

    def _since(self, obligation: str, terms: Sequence[Term]) -> Instant | None:
        common = set.intersection(*(set(intervals_of(term)) for term in terms))
        starts = [
            self._rules.period_from(self._agreement, interval, first).start
            for (name, interval), first in self._earliest.items()
            if name == obligation and interval in common and first < date.max
        ]
        return max(starts, default=None)
