"""The agreement events that the periods of one agreement call for, and the right to end it, as decided periods say.

What several periods say together is only worked out again when what was published of one of them has changed, and goes no
further than the first that is not decided: a miss that is not known yet may lie between two that are.
"""

from collections.abc import Collection, Iterator
from itertools import chain
from typing import NamedTuple

from sla_rules.agreement.rulebook import Term, Version
from sla_rules.evaluation.tallies import Tally
from sla_rules.instants import Instant
from sla_rules.reports.agreement_event import AgreementEvent
from sla_rules.reports.agreement_events import events_of_cancellation, events_of_period, events_of_weeks, in_order
from sla_rules.reports.cancellation import cancellation_status
from sla_rules.reports.consequences import CancellationStatus
from sla_rules.reports.settlement import counted
from sla_rules.whole_agreement.judged_periods import JudgedPeriods, PeriodName

_Events = tuple[AgreementEvent, ...]


class _Published(NamedTuple):
    """What the events of several periods rest on, of each."""

    term: Term
    tally: Tally | None
    history: bool


class CalledForEvents:
    """Of one agreement, by the terms of its latest version."""

    def __init__(self, periods: JudgedPeriods, latest: Version) -> None:
        self._periods, self._latest = periods, latest
        self._published: dict[PeriodName, _Published] = {}
        self._of_periods: dict[PeriodName, _Events] = {}
        self._of_weeks: dict[str, _Events] = {}
        self._of_cancellation: _Events = ()
        self._awaited: dict[str, Instant | None] = {}
        """By obligation, where the first week begins that is not decided."""
        self._awaited_by_all: Instant | None = None
        """Likewise of the periods that the right to end the agreement goes by."""
        self.cancellation: CancellationStatus | None = None
        """How near the right to end the agreement is; None where none is agreed."""

    @property
    def all(self) -> _Events:
        """All that is called for."""
        of_periods = (events for name, events in self._of_periods.items() if name in self._periods.periods)
        parts = (*of_periods, *self._of_weeks.values(), self._of_cancellation)
        return in_order(chain.from_iterable(parts))

    def work_out(self, touched: Collection[PeriodName], now: Instant) -> Iterator[AgreementEvent]:
        """Work out again what has changed as of an instant; the events that may not have been called for before."""
        gone = self._published.keys() - self._periods.periods.keys()
        for name in gone:
            del self._published[name]
        changed = {name for name in touched if self._has_changed(name)} | gone
        for name in touched:
            judged = self._periods.judged[name]
            if judged.goal is not None:
                self._of_periods[name] = tuple(events_of_period(judged.settled, judged.goal, now))
                yield from self._of_periods[name]
        forgotten = self._periods.forgotten_before(now)
        weeks_of = {name.obligation for name in changed if name.interval == "week"}
        for obligation in weeks_of | {name for name, at in self._awaited.items() if at is not None and at < forgotten}:
            weeks, self._awaited[obligation] = self._periods.decided(obligation, "week", now)
            self._of_weeks[obligation] = tuple(events_of_weeks(weeks))
            yield from self._of_weeks[obligation]
        if self._work_out_cancellation(changed, now):
            yield from self._of_cancellation

    def _has_changed(self, name: PeriodName) -> bool:
        settled = self._periods.judged[name].settled
        published = _Published(settled.term, settled.published, settled.history)
        before = self._published.get(name)
        self._published[name] = published
        return before != published

    def _work_out_cancellation(self, changed: Collection[PeriodName], now: Instant) -> bool:
        terms = self._latest.agreement.cancellation
        if terms is None:
            return False
        named = {(obligation, terms.interval) for obligation in terms.obligations}
        is_passed_over = self._awaited_by_all is not None and self._awaited_by_all < self._periods.forgotten_before(now)
        if self.cancellation is not None and not is_passed_over and not any(name[:2] in named for name in changed):
            return False
        runs = [self._periods.decided(*line, now) for line in sorted(named)]
        self._awaited_by_all = until = min((begins for _, begins in runs if begins is not None), default=None)
        decided = [one for run, _ in runs for one in run if until is None or one.period.start < until]
        periods = counted(terms, decided)
        self.cancellation = cancellation_status(terms, periods)
        self._of_cancellation = tuple(events_of_cancellation(self._latest, terms, periods))
        return True
