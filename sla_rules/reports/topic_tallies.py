"""What windows come to by the records of `sla-periods`, partitions added up: what `replay` works out from facts."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date

from sla_rules.agreement.obligations import Volume
from sla_rules.agreement.rulebook import RuleBook
from sla_rules.evaluation.tallies import Tally, add
from sla_rules.figures.period_records import read_record
from sla_rules.figures.windows import WindowKey


class TopicTallies:
    """Takes the last record of each key; of what no partition has published there is nothing."""

    def __init__(self, rules: RuleBook) -> None:
        self._rules = rules
        self.current: dict[WindowKey, Tally] = {}
        self.published: dict[WindowKey, Tally] = {}
        self.partitions: defaultdict[WindowKey, set[int]] = defaultdict(set)
        """Which partitions have figures of a window."""

    def take(self, partition: int, value: bytes) -> None:
        """Add what a partition says of a window.

        Raises:
            UnknownFormatError: the record is none of ours.

        """
        key, figures = read_record(value)
        self.partitions[key].add(partition)
        add(self.current.setdefault(key, {}), figures.current)
        if figures.published is not None:
            add(self.published.setdefault(key, {}), figures.published)

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
