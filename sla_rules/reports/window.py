"""One period of one obligation in a report: its figures by segment, and what goals and the ledger are worked out from."""

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import accumulate

from sla_rules.agreement.obligations import Volume
from sla_rules.agreement.rulebook import RuleBook, Term
from sla_rules.evaluation.tallies import Tally, add, total
from sla_rules.figures.summary import figures_of
from sla_rules.figures.windows import ObligationPeriod, WindowKey
from sla_rules.instants import Instant
from sla_rules.names import ALL_SEGMENTS, UNMATCHED
from sla_rules.reports.calendar_period import CalendarPeriod
from sla_rules.reports.ledger import Entry
from sla_rules.reports.period_figures import WindowTallies
from sla_rules.reports.result import WindowFigures
from sla_rules.reports.settlement import Settled, delivered
from sla_rules.time.periods import Period, days_of


class Window:
    """One period, under those of the terms given that were in force in it; as of `until`."""

    def __init__(
        self, rules: RuleBook, terms: Sequence[Term], figures: WindowTallies, period: Period, until: Instant
    ) -> None:
        self._figures, self._period, self._until = figures, period, until
        in_force = [term for term in terms if term.since < period.end and term.until > period.start]
        self._term = in_force[-1]
        self._published_at = rules.publication_of(self._term.name[0], period.end)
        self._is_published = self._published_at <= until
        self._is_history = rules.is_history(self._term.name[0], period.end)
        self._named = dict.fromkeys(segment for term in reversed(in_force) for segment in term.segments)
        self.segments = [name for name in self._named if name != UNMATCHED or self._is_filled(name)]

    def of(self, segment: str) -> WindowFigures:
        """The figures of one segment."""
        return self._of([segment], None if segment == ALL_SEGMENTS else segment)

    def total(self) -> WindowFigures:
        """The figures of all segments together."""
        return self._of(self.segments, None)

    @property
    def published_keys(self) -> list[WindowKey]:
        """The windows that make it up once it is published, empty ones too."""
        return [self._key(segment) for segment in self._named]

    def settled(self, *, is_awaited: bool = False) -> Settled:
        """The window as one that consequences may follow from; none do as long as its publication is awaited."""
        keys = [self._key(segment) for segment in self.segments]
        published = _sum(self._figures.published, keys) if self._is_published and not is_awaited else None
        known = _sum(self._figures.current, keys)
        of_all = ObligationPeriod(*self._term.name, self._period.interval, self._period.first)
        return Settled(
            self._term,
            self._period,
            self._published_at,
            published,
            known,
            self._is_history,
            self._reached_on(known if published is None else published),
            self._figures.confirmed.get(of_all, ()),
        )

    def entry(self) -> Entry | None:
        """The window as an entry of the ledger, if it is one of the goal's own interval."""
        terms = self._term.obligation
        if not isinstance(terms, Volume) or terms.interval != self._period.interval:
            return None
        by_segment = {segment: self._figures.current.get(self._key(segment), {}) for segment in self.segments}
        return Entry(self._period, terms, by_segment)

    def _reached_on(self, tally: Tally) -> date | None:
        """If a goal has been reached, on which day by what is known; on the last if that would not reach it any more."""
        terms = self._term.obligation
        if not isinstance(terms, Volume) or terms.interval != self._period.interval:
            return None
        if delivered(terms, tally) < terms.agreed:
            return None
        days = self.days_known(self.segments)
        sums = accumulate(delivered(terms, tally) for tally in days.values())
        return next((day for day, came in zip(days, sums, strict=True) if came >= terms.agreed), list(days)[-1])

    def _of(self, segments: Sequence[str], name: str | None) -> WindowFigures:
        keys = [self._key(segment) for segment in segments]
        term, period = self._term, self._period
        known = figures_of(
            term, period, _sum(self._figures.current, keys), name, self.days_known(segments), self._until
        )
        published = None
        if self._is_published:
            days = self._days_published(keys)
            published = figures_of(term, period, _sum(self._figures.published, keys), name, days, period.end)
        return WindowFigures(
            period=CalendarPeriod.of(period),
            segment=name,
            status="open" if published is None else "published" if published == known else "restated",
            published=published,
            known=known,
            history=self._is_history,
        )

    def days_known(self, segments: Sequence[str]) -> dict[date, Tally]:
        """Of a volume, what came on each day in some segments, by what is known."""
        if not isinstance(self._term.obligation, Volume):
            return {}
        days = (day.first for day in days_of(self._period, self._term.zone))
        return {
            day: _sum(self._figures.current, [WindowKey(*self._term.name, name, "day", day) for name in segments])
            for day in days
        }

    def _days_published(self, keys: Sequence[WindowKey]) -> dict[date, Tally]:
        days: dict[date, Tally] = {}
        for key in keys:
            for day, tally in self._figures.published_by_day.get(key, {}).items():
                add(days.setdefault(day, {}), tally)
        return days

    def _is_filled(self, segment: str) -> bool:
        key = self._key(segment)
        published = self._figures.published.get(key) if self._is_published else None
        return bool(self._figures.current.get(key) or published)

    def _key(self, segment: str) -> WindowKey:
        return WindowKey(*self._term.name, segment, self._period.interval, self._period.first)


def _sum(tallies: Mapping[WindowKey, Tally], keys: Sequence[WindowKey]) -> Tally:
    return total(tallies.get(key, {}) for key in keys)
