"""The figures of every calendar window that one partition contributes to: derived from contributions, never counted up.

A window whose period has ended is published once its grace is over: the facts that had arrived by then, judged as of
the period's end. What was published is kept for good; what is known now stands beside it. Only what was published of
history, of periods that were over when the service began to listen, follows the facts; it is behind them until all leads
have been looked at again. A window that is frozen is never rebuilt: leads that contributed to it begin to leave
(`sla_rules.engine.expiry`).
"""

from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date
from functools import lru_cache
from typing import Final, NamedTuple, Self

from sla_rules.agreement.rulebook import RuleBook, Term
from sla_rules.evaluation.contributions import (
    UNFIGURED,
    Contribution,
    FiguredContribution,
    RemedyContribution,
    RetentionContribution,
)
from sla_rules.evaluation.kinds import kind_of
from sla_rules.evaluation.remedies import ConfirmedRemedy, confirmed_of
from sla_rules.evaluation.tallies import Counting, Tally, add, without_zeros
from sla_rules.evaluation.verdicts import assess, count, tallies_of
from sla_rules.figures.flags import within_bounds
from sla_rules.former_words import say_the_same
from sla_rules.instants import Instant
from sla_rules.lead.facts import Fact, Watched
from sla_rules.lead.history import history
from sla_rules.notation import Granularity
from sla_rules.time.intervals import FOREVER, Interval
from sla_rules.time.periods import Period, day_of


class WindowKey(NamedTuple):
    """One obligation, one segment, one calendar period, by its first day in the agreement's zone."""

    agreement: str
    obligation: str
    segment: str
    interval: Granularity
    first: date


class ObligationPeriod(NamedTuple):
    """One obligation in one calendar period, by its first day in the agreement's zone; all segments together."""

    agreement: str
    obligation: str
    interval: Granularity
    first: date

    @classmethod
    def of(cls, key: WindowKey) -> Self:
        """That which a window is a part of."""
        return cls(key.agreement, key.obligation, key.interval, key.first)


class Publication(NamedTuple):
    """What windows say: as of the `end` of their period, on what had arrived by `cutoff`.

    Of a period that was over when the service began to listen, whatever happened by its end counts, whenever it arrives.
    """

    end: Instant
    cutoff: Instant

    @property
    def is_history(self) -> bool:
        """Whether it follows the facts."""
        return self.cutoff == FOREVER

    def known(self, facts: Iterable[Fact]) -> list[Fact]:
        """The facts that it rests on. That a deliverable is watched is known of all history: it was owed then."""
        end, cutoff = self
        known = [fact for fact in facts if fact.time <= end and fact.arrival <= cutoff]
        if cutoff == FOREVER:
            known += [fact for fact in facts if fact.time > end and isinstance(fact, Watched)]
        return known


class Figures(NamedTuple):
    """What is known now, and what was published, None before that; `frozen` says that it stays so.

    `history` says that what is published follows the facts, and `behind` that facts have come which are not in it yet.
    `confirmed` are no figures: the remedies for the period that were carried out, with the first segment of the obligation.
    """

    current: Tally
    published: Tally | None = None
    frozen: bool = False
    history: bool = False
    behind: bool = False
    confirmed: tuple[ConfirmedRemedy, ...] = ()

    @property
    def status(self) -> str:
        """Open, published, or restated since."""
        if self.published is None:
            return "open"
        return "published" if say_the_same(self.published, self.current) else "restated"

    def stand_in(self, told: "Figures | None") -> bool:
        """Whether what was told of the window says so already."""
        return told is not None and told[1:] == self[1:] and say_the_same(told.current, self.current)


NOTHING: Final[Tally] = {}
"""What is published of most windows, of every partition and day: one for all."""


class Windows:
    """Sums of contributions by window; `changed` holds the windows whose figures have not been published as they are.

    Every window is a union of days, so that contributions are added up by day first, and a day's sum goes to each of its
    windows when somebody looks.
    """

    def __init__(self, rules: RuleBook) -> None:
        self._rules = rules
        self._tallies: dict[WindowKey, Tally] = {}
        self._changed: set[WindowKey] = set()
        self._days: dict[tuple[Term, str, date, Granularity | None], Counting] = {}
        """By term, segment, day, and where it is for windows of one length alone, that; what no window knows yet."""
        self.published: dict[WindowKey, Tally] = {}
        self.history: set[WindowKey] = set()
        """Windows whose published figures follow the facts."""
        self.behind: set[WindowKey] = set()
        """Those among them that facts have come for since."""
        self.owes_behind = False
        """Whether windows fell behind, which has to be published before the facts are kept."""
        self.frozen: set[WindowKey] = set()
        self.owes_frozen = False
        """Whether windows froze that have not been published since."""
        self._confirmed: defaultdict[WindowKey, Counter[ConfirmedRemedy]] = defaultdict(Counter)
        """The remedies that were carried out; of a frozen window none is ever taken out: who confirmed it may have left."""

    @property
    def tallies(self) -> dict[WindowKey, Tally]:
        """The sums, by window."""
        self._add_up()
        return self._tallies

    @property
    def changed(self) -> set[WindowKey]:
        """The windows to publish."""
        self._add_up()
        return self._changed

    def put_in(self, contribution: Contribution) -> None:
        """Add a contribution to each of its windows, or where that cannot be done, to none."""
        if type(contribution) is RemedyContribution:
            self._confirm(contribution, 1)
            return
        try:
            count(contribution, self._rules, 1, self._sum_at)
        except Exception:
            with suppress(Exception):  # the same counting stops at the same place, having taken out what was added
                count(contribution, self._rules, -1, self._sum_at)
            raise

    def take_out(self, contribution: Contribution) -> None:
        """Take a contribution that was put in out again."""
        if type(contribution) is RemedyContribution:
            self._confirm(contribution, -1)
            return
        count(contribution, self._rules, -1, self._sum_at)

    def _sum_at(self, contribution: FiguredContribution, at: Instant) -> Counting:
        term = self._rules.terms[contribution.term]
        place = (term, contribution.segment, day_of(at, term.zone), length_of(contribution))
        day = self._days.get(place)
        if day is None:
            _keys_on(*place)  # what is wrong with a day is raised while it is known whose contribution it is
            day = self._days[place] = defaultdict(int)
        return day

    def _confirm(self, contribution: RemedyContribution, by: int) -> None:
        key = window_of_remedy(contribution, self._rules)
        if by > 0 or key not in self.frozen:
            confirmed = self._confirmed[key]
            confirmed[confirmed_of(contribution)] += by
            self._confirmed[key] = +confirmed
            self._tallies.setdefault(key, {})
            self._changed.add(key)

    def _add_up(self) -> None:
        for place, counting in self._days.items():
            tally = without_zeros(counting)
            for key in _keys_on(*place):
                if (tally or key not in self._tallies) and key not in self.frozen:
                    add(self._tallies.setdefault(key, {}), tally)
                    self._changed.add(key)
        self._days.clear()

    def figures(self, key: WindowKey) -> Figures:
        """The figures of a window as they are."""
        self._add_up()
        return Figures(
            within_bounds(self._tallies.get(key, {})),
            self.published.get(key),
            key in self.frozen,
            key in self.history,
            key in self.behind,
            tuple(sorted(self._confirmed.get(key, ()), key=_when_done)),
        )

    def take_changed(self) -> list[WindowKey]:
        """The windows to publish; asked again, none until something changes."""
        changed = sorted(self.changed)
        self._changed.clear()
        self.owes_frozen = self.owes_behind = False
        return changed

    def tell_all(self) -> None:
        """Have the figures of every window published again."""
        self._changed.update(self.tallies)

    @property
    def has_breaches(self) -> bool:
        """Whether any lead that is still here has breached anything."""
        return any(tally.get("breached") for key, tally in self.tallies.items() if key not in self.frozen)

    def publish(self, key: WindowKey, tally: Tally, *, history: bool = False) -> None:
        """Keep what a period's end says: for good, unless it is history."""
        self.published[key] = within_bounds(tally) or NOTHING
        self._tallies.setdefault(key, {})
        self._changed.add(key)
        self.behind.discard(key)
        if history:
            self.history.add(key)

    def fall_behind(self, span: Interval) -> None:
        """Facts have come of a time of history: what was published of periods in it is behind."""
        known = self.history - self.behind - self.frozen
        found = {key for key in known if (period_of_window(key, self._rules).span & span).length}
        self.behind |= found
        self._changed |= found
        self.owes_behind = self.owes_behind or bool(found)

    def withdraw(self, key: WindowKey) -> None:
        """Retract what was published before its time had come; frozen windows stay as they are."""
        if key not in self.frozen and self.published.pop(key, None) is not None:
            self.history.discard(key)
            self.behind.discard(key)
            self._changed.add(key)

    def freeze(self, horizon: Instant) -> None:
        """Keep for good what is known of the windows whose period began before an instant."""
        ahead = [key for key in self.tallies if key not in self.frozen]
        found = [key for key in ahead if period_of_window(key, self._rules).start < horizon]
        self.frozen.update(found)
        self._changed.update(found)
        self.owes_frozen = self.owes_frozen or bool(found)

    def read_back(self, told: Mapping[WindowKey, Figures]) -> None:
        """Take in what was published, and see what of the figures derived differs from what was published."""
        known = {
            key: figures
            for key, figures in told.items()
            if self._rules.has_period(key.agreement, key.interval, key.first)
        }
        for key, figures in known.items():
            if figures.frozen:
                self.frozen.add(key)
                self._tallies[key] = dict(figures.current)
                self._confirmed[key].update(figures.confirmed)
            self._tallies.setdefault(key, {})
            if figures.published is not None:
                self.published[key] = figures.published or NOTHING
                if figures.history and self._rules.is_history(key.agreement, period_of_window(key, self._rules).end):
                    self.history.add(key)
                    self.behind.update([key] if figures.behind else ())
        self._changed = {key for key in self.tallies if not self.figures(key).stand_in(known.get(key))}


def parts_of(contribution: Contribution, rules: RuleBook) -> Iterator[tuple[WindowKey, Tally]]:
    """What a contribution adds to which windows."""
    if isinstance(contribution, UNFIGURED):
        return
    term = rules.terms[contribution.term]
    for at, tally in tallies_of(contribution, rules):
        for key in _keys_on(term, contribution.segment, day_of(at, term.zone), length_of(contribution)):
            yield key, tally


def window_of_remedy(contribution: RemedyContribution, rules: RuleBook) -> WindowKey:
    """The window that says a remedy was carried out: of its period, that of the first segment of the latest version."""
    term = rules.terms[contribution.term]
    return WindowKey(*term.name, term.segments[0], contribution.interval, contribution.first)


def _when_done(remedy: ConfirmedRemedy) -> tuple[Instant, str, str]:
    return remedy.at, remedy.owner or "", remedy.by


@lru_cache(maxsize=100_000)
def _keys_on(term: Term, segment: str, day: date, length: Granularity | None) -> tuple[WindowKey, ...]:
    """The windows of a day, or that of one length: the same few for thousands of contributions."""
    return tuple(
        WindowKey(*term.name, segment, interval, term.first_day(interval, day))
        for interval in intervals_of(term)
        if length is None or interval == length
    )


def length_of(contribution: FiguredContribution) -> Granularity | None:
    """Of a customer that was there when a period began, the length of that: it says nothing of others that hold the instant."""
    return contribution.interval if type(contribution) is RetentionContribution else None


def published_part(
    rules: RuleBook, lead: str, facts: Sequence[Fact], publication: Publication, keys: Container[WindowKey]
) -> Iterator[tuple[WindowKey, Tally]]:
    """What a lead adds to some windows at their publication."""
    if known := publication.known(facts):
        for assessment in assess(rules, lead, history(lead, known), publication.end):
            yield from (part for part in parts_of(assessment.contribution, rules) if part[0] in keys)


def intervals_of(term: Term) -> Iterable[Granularity]:
    """The windows a term is counted by."""
    intervals = term.obligation.intervals
    return ("day", *intervals) if kind_of(term.obligation).always_by_day and "day" not in intervals else intervals


def windows_of(term: Term, at: Instant) -> Iterator[tuple[Period, WindowKey]]:
    """Every window of a term whose period holds an instant."""
    for interval in intervals_of(term):
        period = term.period(interval, at)
        for segment in term.segments:
            yield period, WindowKey(*term.name, segment, interval, period.first)


def period_of_window(key: WindowKey, rules: RuleBook) -> Period:
    """The period that a window is of."""
    return rules.period_from(key.agreement, key.interval, key.first)
