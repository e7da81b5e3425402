"""What is owed right now in one partition: open and overdue cycles by team, the earliest deadlines, and what no one owes."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from typing import NamedTuple

from sla_rules.agreement.rulebook import RuleBook
from sla_rules.evaluation.shares import DepthShare, DueShare, Owing, Share, SpeedShare, UnagreedShare
from sla_rules.figures.earliest import Earliest
from sla_rules.figures.team_labels import TeamLabels
from sla_rules.instants import MINUTE, Instant
from sla_rules.names import NO_TEAM, OTHER

_Debt = tuple["Debtor", bool, bool, int | None]
"""Who owes it, whether it is still open, whether anybody was tried, and the minute it is due by."""


class Debtor(NamedTuple):
    """Who owes it, under what; the team as it is shown."""

    agreement: str
    obligation: str
    segment: str
    team: str


class Live:
    """Counts of cycles that still owe something, kept by adding and taking out shares. History is left out.

    Until `settle` every team counts by its own name; then the largest are the first to be asked for their labels.
    """

    def __init__(self, rules: RuleBook, teams: TeamLabels | None = None) -> None:
        self._rules = rules
        self._teams = TeamLabels() if teams is None else teams
        self._is_settled = False
        self.waiting: Counter[Debtor] = Counter()
        self.attempted: Counter[Debtor] = Counter()
        self.overdue: Counter[Debtor] = Counter()
        self.unagreed = 0
        """Cycles that no agreement applies to, whenever they began."""
        self._deadlines: defaultdict[tuple[str, str], Earliest] = defaultdict(Earliest)
        self._debtors: dict[tuple[int, str, str | None], Debtor] = {}

    def settle(self) -> None:
        """Show teams by their labels from here on: those with the most leads come first where there is not room for all."""
        owing: Counter[str] = Counter()
        for counter in (self.waiting, self.attempted, self.overdue):
            for debtor, count in counter.items():
                owing[debtor.team] += count
        labels = {team: self._teams.of(team) for team in sorted(owing, key=lambda team: (-owing[team], team))}
        self.waiting, self.attempted, self.overdue = (
            _relabelled(counter, labels) for counter in (self.waiting, self.attempted, self.overdue)
        )
        self._debtors.clear()
        self._is_settled = True

    def put_in(self, share: Share) -> None:
        """Count a share."""
        self._count(self._debt_of(share), 1)
        self.unagreed += isinstance(share, UnagreedShare)

    def replace(self, gone: Share | None, came: Share | None) -> None:
        """Count a share in place of another; what both owe alike is left as it is."""
        before = None if gone is None else self._debt_of(gone)
        after = None if came is None else self._debt_of(came)
        if before != after:
            self._count(before, -1)
            self._count(after, 1)
        self.unagreed += isinstance(came, UnagreedShare) - isinstance(gone, UnagreedShare)

    def oldest_deadlines(self) -> dict[tuple[str, str], Instant]:
        """By agreement and obligation the earliest deadline still owed, rounded up to the minute."""
        least = ((name, minutes.least) for name, minutes in self._deadlines.items())
        return {name: minute * MINUTE for name, minute in least if minute is not None}

    def _debt_of(self, share: Share) -> _Debt | None:
        if not isinstance(share, (SpeedShare, DepthShare, DueShare)) or not share.owed or share.historic:
            return None
        minute = None if share.deadline is None else -(-share.deadline // MINUTE)
        debtor = self._debtors.get((share.term, share.segment, share.team)) or self._new_debtor(share)
        return debtor, share.status == "open", share.attempted, minute

    def _count(self, debt: _Debt | None, by: int) -> None:
        if debt is None:
            return
        debtor, is_open, is_attempted, minute = debt
        pending = self.attempted if is_attempted else self.waiting
        _change(pending if is_open else self.overdue, debtor, by)
        if minute is not None:
            self._deadlines[debtor[:2]].count(minute, by)

    def _new_debtor(self, share: Owing) -> Debtor:
        """Made once: there are few debtors, and many leads."""
        team = share.team or NO_TEAM
        label = self._teams.of(team) if self._is_settled else team
        key = share.term, share.segment, share.team if label != OTHER else OTHER
        found = self._debtors.get(key)
        if found is None:
            found = self._debtors[key] = Debtor(*self._rules.terms[share.term].name, share.segment, label)
        return found


def _change(counter: Counter[Debtor], debtor: Debtor, by: int) -> None:
    counter[debtor] += by
    if not counter[debtor]:
        del counter[debtor]


def _relabelled(counter: Counter[Debtor], labels: Mapping[str, str]) -> Counter[Debtor]:
    found: Counter[Debtor] = Counter()
    for debtor, count in counter.items():
        found[debtor._replace(team=labels[debtor.team])] += count
    return found
