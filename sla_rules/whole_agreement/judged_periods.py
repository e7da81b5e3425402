"""The periods of one agreement, judged by the figures of all partitions, and only those again that something changed for.

A period is decided once every partition has published every window of it. Until then none of its figures has any
consequence, whatever some partitions have published. Periods are looked at from when the service listens, or, of the time
before, from the first that anything is known of: that nobody delivered anything before the first lead is no miss.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

from sla_rules.agreement.judged_intervals import INTERVALS, judged_intervals
from sla_rules.agreement.rulebook import RuleBook, Term
from sla_rules.engine.expiry import horizon_at
from sla_rules.figures.windows import WindowKey
from sla_rules.instants import Instant
from sla_rules.notation import Granularity
from sla_rules.reports.consequences import SettledGoal
from sla_rules.reports.report import Scope, periods_between, terms_by_obligation
from sla_rules.reports.settlement import Settled, is_judged, settled_goal
from sla_rules.reports.topic_tallies import TopicTallies
from sla_rules.reports.window import Window
from sla_rules.time.intervals import BEGINNING
from sla_rules.time.period_names import period_name
from sla_rules.time.periods import Period, period_of
from sla_rules.whole_agreement.first_known import FirstKnown


class PeriodName(NamedTuple):
    """One obligation in one period."""

    obligation: str
    interval: Granularity
    first: date


class Judged(NamedTuple):
    """A period, and what follows from it, None where no goal is judged by it; what is not decided has nothing published."""

    settled: Settled
    goal: SettledGoal | None


class JudgedPeriods:
    """Of one agreement."""

    def __init__(self, rules: RuleBook, agreement: str, partitions: int, tallies: TopicTallies) -> None:
        self._rules, self._agreement, self._partitions, self._tallies = rules, agreement, partitions, tallies
        self.terms: dict[str, list[Term]] = {}
        """By obligation, as it stands in each version that has begun; those of former versions come last."""
        self.periods: dict[PeriodName, Period] = {}
        """By obligation and interval, the earliest first."""
        self.lines: dict[tuple[str, Granularity], list[PeriodName]] = {}
        """The same of each obligation and interval."""
        self.judged: dict[PeriodName, Judged] = {}
        self.first_known = FirstKnown(rules, agreement)
        self.since: Instant | None = None
        """From when on periods are looked at; None while nothing is known."""
        self._now: Instant = BEGINNING
        self._complete_until: Instant = BEGINNING
        self._touched: set[PeriodName] = set()
        self._wakes: dict[PeriodName, Instant] = {}

    def touch(self, key: WindowKey) -> None:
        """Something changed in a window."""
        self._touched.add(PeriodName(key.obligation, key.interval, key.first))

    def judge(self, now: Instant) -> set[PeriodName]:
        """Judge what has changed as of an instant; which periods those were."""
        self._find_periods(now)
        touched = self._touched | {name for name, at in self._wakes.items() if at <= now}
        self._touched = set()
        known = touched & self.periods.keys()
        for name in known:
            self._judge(name, now)
        return known

    def next_due(self) -> Instant:
        """When time alone next changes something."""
        return min((self._complete_until, *self._wakes.values()))

    def decided(self, obligation: str, interval: Granularity, now: Instant) -> tuple[list[Settled], Instant | None]:
        """The periods of an obligation that are decided up to the first that still has to be, and where that begins.

        What nobody publishes any more is passed over.
        """
        forgotten = self.forgotten_before(now)
        found: list[Settled] = []
        for name in self.lines.get((obligation, interval), ()):
            settled = self.judged[name].settled
            if settled.published is not None:
                found.append(settled)
            elif settled.period.end > forgotten:
                return found, settled.period.start
        return found, None

    def forgotten_before(self, now: Instant) -> Instant:
        """Periods that ended by this are published no more, since leads are not kept so long."""
        return BEGINNING if self._rules.keep is None else horizon_at(now, self._rules.keep)

    def called(self, name: PeriodName) -> str:
        """What a period is called."""
        return period_name(name.interval, name.first, self.terms[name.obligation][-1].year_begins)

    def window(self, name: PeriodName, now: Instant) -> Window:
        """The figures of a period, all segments together."""
        return Window(self._rules, self.terms[name.obligation], self._tallies, self.periods[name], now)

    def _find_periods(self, now: Instant) -> None:
        versions = [version for version in self._rules.versions[self._agreement] if version.since <= now]
        terms = terms_by_obligation(versions)
        listening = self._rules.listening_since.get(self._agreement)
        starts = [at for at in (listening, self.first_known.since(terms)) if at is not None]
        since = min(starts, default=None)
        if (since, terms) == (self.since, self.terms) and self._now <= now < self._complete_until:
            self._now = now
            return
        if terms != self.terms or now < self._now:
            self.judged, self._wakes = {}, {}
        self.since, self.terms, self._now = since, terms, now
        self._complete_until = period_of("day", now, self._rules.zone_of(self._agreement)).end
        self.periods = {} if since is None else dict(self._named(Scope(since, now)))
        self.lines = {}
        for name in self.periods:
            self.lines.setdefault(name[:2], []).append(name)
        self.judged = {name: one for name, one in self.judged.items() if name in self.periods}
        self._wakes = {name: at for name, at in self._wakes.items() if name in self.periods}
        self._touched |= self.periods.keys() - self.judged.keys()

    def _named(self, scope: Scope) -> Iterator[tuple[PeriodName, Period]]:
        for obligation, terms in self.terms.items():
            for interval in intervals_looked_at(terms):
                for period in periods_between(self._rules, terms, interval, scope):
                    yield PeriodName(obligation, interval, period.first), period

    def _judge(self, name: PeriodName, now: Instant) -> None:
        window = self.window(name, now)
        is_awaited = any(self._tallies.publishers(key) < self._partitions for key in window.published_keys)
        settled = window.settled(is_awaited=is_awaited)
        goal = settled_goal(settled, now) if is_judged(settled) else None
        self.judged[name] = Judged(settled, goal)
        ahead = [settled.published_at, *(remedy.by + 1 for remedy in (goal.remedies if goal is not None else ()))]
        wakes = [at for at in ahead if at > now]
        if wakes:
            self._wakes[name] = min(wakes)
        else:
            self._wakes.pop(name, None)


def intervals_looked_at(terms: Sequence[Term]) -> list[Granularity]:
    """The intervals that an obligation is judged by under any of its versions, and weeks, if it is counted by them."""
    judged = {interval for term in terms for interval in judged_intervals(term.agreement, term.obligation)}
    counted = {interval for term in terms for interval in term.obligation.intervals}
    return [interval for interval in INTERVALS if interval in counted and (interval in judged or interval == "week")]
