"""What is owed right now in one partition: open and overdue cycles by team, the earliest deadlines, and what no one owes."""

from collections import Counter, defaultdict
from typing import NamedTuple, TypeVar

from sla_rules.instants import MINUTE, Instant
from sla_rules.names import NO_TEAM
from sla_rules.obligations.shares import DepthShare, DueShare, Owing, Share, SpeedShare, UnagreedShare
from sla_rules.rulebook import RuleBook

_Key = TypeVar("_Key")
_Debt = tuple["Debtor", bool, bool, int | None]
"""Who owes it, whether it is still open, whether anybody was tried, and the minute it is due by."""


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
        return {name: min(minutes) * MINUTE for name, minutes in self._deadlines.items() if minutes}

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
            _change(self._deadlines[debtor[:2]], minute, by)

    def _new_debtor(self, share: Owing) -> Debtor:
        """Made once: there are few debtors, and many leads."""
        found = Debtor(*self._rules.terms[share.term].name, share.segment, share.team or NO_TEAM)
        self._debtors[share.term, share.segment, share.team] = found
        return found


def _change(counter: Counter[_Key], key: _Key, by: int) -> None:
    counter[key] += by
    if not counter[key]:
        del counter[key]
