"""What is owed right now in one partition: open and overdue cycles by team, the earliest deadlines, and what no one owes."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from typing import NamedTuple

from sla_rules.agreement.rulebook import RuleBook
from sla_rules.evaluation.contributions import Contribution, Owing, UncoveredContribution
from sla_rules.evaluation.deadlines import OWES
from sla_rules.figures.earliest import Earliest
from sla_rules.figures.team_labels import TeamLabels
from sla_rules.instants import MINUTE, Instant
from sla_rules.names import NO_TEAM, OTHER

_Owed = tuple["WorkGroup", bool, bool, int | None]
"""Who owes it, whether it is still open, whether anybody was tried, and the minute it is due by."""


class WorkGroup(NamedTuple):
    """Who owes it, under what; the team as it is shown."""

    agreement: str
    obligation: str
    segment: str
    team: str


class OpenWork:
    """Counts of cycles that still owe something, kept by adding and taking out contributions. History is left out.

    Until `settle` every team counts by its own name; then the largest are the first to be asked for their labels.
    """

    def __init__(self, rules: RuleBook, teams: TeamLabels | None = None) -> None:
        self._rules = rules
        self._teams = TeamLabels() if teams is None else teams
        self._is_settled = False
        self.waiting: Counter[WorkGroup] = Counter()
        self.attempted: Counter[WorkGroup] = Counter()
        self.overdue: Counter[WorkGroup] = Counter()
        self.uncovered = 0
        """Cycles that no agreement applies to, whenever they began."""
        self._deadlines: defaultdict[tuple[str, str], Earliest] = defaultdict(Earliest)
        self._groups: dict[tuple[int, str, str | None], WorkGroup] = {}

    def settle(self) -> None:
        """Show teams by their labels from here on: those with the most leads come first where there is not room for all."""
        owing: Counter[str] = Counter()
        for counter in (self.waiting, self.attempted, self.overdue):
            for group, count in counter.items():
                owing[group.team] += count
        labels = {team: self._teams.of(team) for team in sorted(owing, key=lambda team: (-owing[team], team))}
        self.waiting, self.attempted, self.overdue = (
            _relabelled(counter, labels) for counter in (self.waiting, self.attempted, self.overdue)
        )
        self._groups.clear()
        self._is_settled = True

    def put_in(self, contribution: Contribution) -> None:
        """Count a contribution."""
        self._count(self._owed_of(contribution), 1)
        self.uncovered += isinstance(contribution, UncoveredContribution)

    def replace(self, gone: Contribution | None, came: Contribution | None) -> None:
        """Count a contribution in place of another; what both owe alike is left as it is."""
        before = None if gone is None else self._owed_of(gone)
        after = None if came is None else self._owed_of(came)
        if before != after:
            self._count(before, -1)
            self._count(after, 1)
        self.uncovered += isinstance(came, UncoveredContribution) - isinstance(gone, UncoveredContribution)

    def oldest_deadlines(self) -> dict[tuple[str, str], Instant]:
        """By agreement and obligation the earliest deadline still owed, rounded up to the minute."""
        least = ((name, minutes.least) for name, minutes in self._deadlines.items())
        return {name: minute * MINUTE for name, minute in least if minute is not None}

    def _owed_of(self, contribution: Contribution) -> _Owed | None:
        if not isinstance(contribution, OWES) or not contribution.owed or contribution.historic:
            return None
        minute = None if contribution.deadline is None else -(-contribution.deadline // MINUTE)
        group = self._groups.get((contribution.term, contribution.segment, contribution.team)) or self._new_group(
            contribution
        )
        return group, contribution.status == "open", contribution.attempted, minute

    def _count(self, owed: _Owed | None, by: int) -> None:
        if owed is None:
            return
        group, is_open, is_attempted, minute = owed
        pending = self.attempted if is_attempted else self.waiting
        _change(pending if is_open else self.overdue, group, by)
        if minute is not None:
            self._deadlines[group[:2]].count(minute, by)

    def _new_group(self, contribution: Owing) -> WorkGroup:
        """Made once: there are few groups, and many leads."""
        team = contribution.team or NO_TEAM
        label = self._teams.of(team) if self._is_settled else team
        key = contribution.term, contribution.segment, contribution.team if label != OTHER else OTHER
        found = self._groups.get(key)
        if found is None:
            found = self._groups[key] = WorkGroup(
                *self._rules.terms[contribution.term].name, contribution.segment, label
            )
        return found


def _change(counter: Counter[WorkGroup], group: WorkGroup, by: int) -> None:
    counter[group] += by
    if not counter[group]:
        del counter[group]


def _relabelled(counter: Counter[WorkGroup], labels: Mapping[str, str]) -> Counter[WorkGroup]:
    found: Counter[WorkGroup] = Counter()
    for group, count in counter.items():
        found[group._replace(team=labels[group.team])] += count
    return found
