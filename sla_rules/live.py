"""What is owed right now in one partition: open and overdue cycles by team, the earliest deadlines, and what no one owes."""

from collections import Counter, defaultdict
from typing import NamedTuple, TypeVar

from sla_rules.instants import MINUTE, Instant
from sla_rules.names import NO_TEAM
from sla_rules.obligations.shares import Owing, Share, UnagreedShare
from sla_rules.rulebook import RuleBook

_Key = TypeVar("_Key")


class Debtor(NamedTuple):
    """Who owes it, under what."""

    agreement: str
    obligation: str
    segment: str
    team: str


class Live:
    """Counts of cycles that still owe something, kept by adding and taking out shares. History is left out."""

    def __init__(self, rules: RuleBook) -> None:
        self._rules = rules
        self.waiting: Counter[Debtor] = Counter()
        self.attempted: Counter[Debtor] = Counter()
        self.overdue: Counter[Debtor] = Counter()
        self.unagreed = 0
        """Cycles that no agreement applies to, whenever they began."""
        self._deadlines: defaultdict[tuple[str, str], Counter[int]] = defaultdict(Counter)
        self._debtors: dict[tuple[int, str, str | None], Debtor] = {}

    def put_in(self, share: Share) -> None:
        """Count a share."""
        self._count(share, 1)

    def take_out(self, share: Share) -> None:
        """Take a share that was counted out again."""
        self._count(share, -1)

    def oldest_deadlines(self) -> dict[tuple[str, str], Instant]:
        """By agreement and obligation the earliest deadline still owed, rounded up to the minute."""
        return {name: min(minutes) * MINUTE for name, minutes in self._deadlines.items() if minutes}

    def _count(self, share: Share, by: int) -> None:
        if isinstance(share, UnagreedShare):
            self.unagreed += by
            return
        if not isinstance(share, Owing) or not share.owed or share.historic:
            return
        debtor = self._debtor(share.term, share.segment, share.team)
        pending = self.attempted if share.attempted else self.waiting
        _change(pending if share.status == "open" else self.overdue, debtor, by)
        if share.deadline is not None:
            _change(self._deadlines[debtor[:2]], -(-share.deadline // MINUTE), by)

    def _debtor(self, term: int, segment: str, team: str | None) -> Debtor:
        """The same object for the same debtor: there are few of them, and many leads."""
        found = self._debtors.get((term, segment, team))
        if found is None:
            found = Debtor(*self._rules.terms[term].name, segment, team or NO_TEAM)
            self._debtors[term, segment, team] = found
        return found


def _change(counter: Counter[_Key], key: _Key, by: int) -> None:
    counter[key] += by
    if not counter[key]:
        del counter[key]
