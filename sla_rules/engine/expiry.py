"""When does a lead leave, and what freezes before?

A lead leaves at the first midnight (UTC) that finds it inactive for as long as leads are kept: no fact, no arrival and no
deadline since. Before, every period that it may contribute to freezes: one that began so long ago is published once more as
it is and never rebuilt, so that no figure falls when a lead leaves. A midnight is one instant for all leads and periods,
so that a worker that takes over in between goes on where the other one ended.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from sla_rules.agreement.rulebook import RuleBook
from sla_rules.engine.codec import LeadState, decode
from sla_rules.engine.walk import Walk
from sla_rules.evaluation.deadlines import deadline_of
from sla_rules.figures.windows import intervals_of
from sla_rules.instants import DAY, HOUR, Duration, Instant
from sla_rules.notation import Granularity

LONGEST: Final[Mapping[Granularity, Duration]] = {
    "day": DAY,
    "week": 7 * DAY,
    "month": 31 * DAY,
    "quarter": 92 * DAY,
    "year": 366 * DAY,
}
"""Of a period; it may be an hour longer when clocks go back."""


def horizon_at(now: Instant, keep: Duration) -> Instant:
    """What has been inactive since before this leaves, and periods that began before it are frozen."""
    return now // DAY * DAY - keep


def first_after(inactive_since: Instant, keep: Duration) -> Instant:
    """The midnight at which what is inactive since an instant has fallen behind the horizon."""
    return ((inactive_since + keep) // DAY + 1) * DAY


def inactive_since(state: LeadState) -> Instant:
    """The latest of its facts, their arrivals and its deadlines."""
    deadlines = [at for at in map(deadline_of, state.contributions) if at is not None]
    ahead = [] if state.next_due is None else [state.next_due]
    return max(state.last_time, state.last_arrival, *deadlines, *ahead)


def least_keep(rules: RuleBook) -> Duration:
    """How long leads have to be kept at least, so that no period loses one before it is published."""
    return max(
        term.agreement.publication_of(LONGEST[interval] + HOUR)
        for term in rules.terms
        for interval in intervals_of(term)
    )


class ExpiryScan:
    """A look through all leads, a few at a time, for those to let go; `inactive_since` is the earliest of those that stay.

    Then one through those that anything was `published` of, for any who have left before.
    """

    def __init__(self, horizon: Instant, leads: Iterable[bytes], published: Iterable[str]) -> None:
        self.horizon: Final = horizon
        self.inactive_since: Instant | None = None
        self._walk = Walk[bytes]()
        self._walk.begin(leads)
        self._published = list(published)

    def go_on(self, leads: Mapping[bytes, bytes], scan_budget: int | None = None) -> Iterator[bytes]:
        """Look at so many leads more; those to let go, one by one."""
        for lead in self._walk.some(scan_budget):
            data = leads.get(lead)
            if data is None:
                continue
            since = inactive_since(decode(data))
            if since < self.horizon:
                yield lead
            else:
                self.inactive_since = since if self.inactive_since is None else min(self.inactive_since, since)

    def published_of(self, scan_budget: int | None = None) -> list[str]:
        """Once all leads have been looked at, so many more of those that anything was published of."""
        if not self._walk.is_over:
            return []
        first = 0 if scan_budget is None else max(len(self._published) - scan_budget, 0)
        published = self._published[first:]
        del self._published[first:]
        return published

    @property
    def is_over(self) -> bool:
        """Whether all have been looked at."""
        return self._walk.is_over and not self._published
