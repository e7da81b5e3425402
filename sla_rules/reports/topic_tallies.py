"""What windows come to by the records of `sla-periods`, partitions added up: what `replay` works out from facts.

A record that replaces another takes out what that one had put in, so that each costs what is in it, and the order in which
partitions say something does not matter.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from datetime import date

from sla_rules.agreement.obligations import Volume
from sla_rules.agreement.rulebook import RuleBook
from sla_rules.evaluation.remedies import ConfirmedRemedy
from sla_rules.evaluation.tallies import Tally, add, subtract
from sla_rules.figures.period_records import read_record
from sla_rules.figures.windows import NOTHING, Figures, ObligationPeriod, WindowKey


class TopicTallies:
    """The sums over what each partition says of each window last; of what none has published there is nothing."""

    def __init__(self, rules: RuleBook) -> None:
        self._rules = rules
        self.current: dict[WindowKey, Tally] = {}
        self.published: dict[WindowKey, Tally] = {}
        self.by_partition: dict[WindowKey, dict[int, Figures]] = {}
        """What each partition says of a window."""
        self._publishers: defaultdict[WindowKey, int] = defaultdict(int)
        self.confirmed: defaultdict[ObligationPeriod, Counter[ConfirmedRemedy]] = defaultdict(Counter)
        """The remedies that were carried out, each with how many windows say so."""

    def take(self, partition: int, value: bytes) -> None:
        """Take in what a partition says of a window, in place of what it said before.

        Raises:
            UnknownFormatError: the record is none of ours.

        """
        self.put(partition, *read_record(value))

    def put(self, partition: int, key: WindowKey, figures: Figures | None) -> bool:
        """Count what a partition says of a window, in place of what it said before; whether that was anything else."""
        before = self.by_partition.get(key, {}).get(partition)
        if before == figures:
            return False
        if before is not None:
            self._count(key, before, subtract, -1)
        if figures is None:
            self._forget(partition, key)
        else:
            self.by_partition.setdefault(key, {})[partition] = _thrifty(figures)
            self._count(key, figures, add, 1)
        return True

    def publishers(self, key: WindowKey) -> int:
        """How many partitions have published a window."""
        return self._publishers.get(key, 0)

    @property
    def published_by_day(self) -> Mapping[WindowKey, Mapping[date, Tally]]:
        """Days are published by themselves; of facts that came in time they say the same as their goal's period."""
        goals = {term.name: term for term in self._rules.terms if isinstance(term.obligation, Volume)}
        found: dict[WindowKey, dict[date, Tally]] = {}
        for key, tally in self.published.items():
            term = goals.get((key.agreement, key.obligation))
            if key.interval == "day" and term is not None and isinstance(term.obligation, Volume):
                interval = term.obligation.interval
                whole = key._replace(interval=interval, first=term.first_day(interval, key.first))
                found.setdefault(whole, {})[key.first] = tally
        return found

    def _count(self, key: WindowKey, figures: Figures, by: Callable[[Tally, Tally], None], times: int) -> None:
        by(self.current.setdefault(key, {}), figures.current)
        if figures.confirmed:
            confirmed = self.confirmed[ObligationPeriod.of(key)]
            confirmed.update(dict.fromkeys(figures.confirmed, times))
            for remedy in figures.confirmed:
                if not confirmed[remedy]:
                    del confirmed[remedy]
        if figures.published is not None:
            by(self.published.setdefault(key, {}), figures.published)
            self._publishers[key] += times
            if not self._publishers[key]:
                del self._publishers[key], self.published[key]

    def _forget(self, partition: int, key: WindowKey) -> None:
        del self.by_partition[key][partition]
        if not self.by_partition[key]:
            del self.by_partition[key], self.current[key]


def _thrifty(figures: Figures) -> Figures:
    """The same in less memory: most windows of most partitions are empty, or as they were published."""
    current = figures.current or NOTHING
    published = current if figures.published == current else figures.published
    return figures._replace(current=current, published=published)
