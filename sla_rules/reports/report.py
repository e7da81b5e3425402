"""The figures of an agreement as a document: by obligation, period and segment, as published and as known now.

Instants are ISO 8601 in UTC, durations seconds, money decimal strings; what is undefined is None.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from sla_rules.agreement.obligations import Depth, Speed, Volume
from sla_rules.agreement.rulebook import RuleBook, Term, Version
from sla_rules.evaluation.notices import Notice
from sla_rules.evaluation.tallies import Tally, add, total
from sla_rules.figures.capacity import capacity_for, leads_served
from sla_rules.figures.summary import Document, depth_figures, due_figures, speed_figures, volume_figures, waterfall
from sla_rules.figures.windows import WindowKey
from sla_rules.instants import Instant, iso, seconds
from sla_rules.names import ALL_SEGMENTS, UNMATCHED
from sla_rules.notation import Granularity
from sla_rules.reports.ledger import Entry, ledger
from sla_rules.reports.replay import Outcome
from sla_rules.reports.settlement import INTERVALS, Settled, settlement
from sla_rules.time.periods import Period, days_of, next_first_day, period_from, period_of


class Scope(NamedTuple):
    """What a report covers: periods from the one that holds `begin` to the one that holds `until`."""

    begin: Instant
    until: Instant


def report(rules: RuleBook, agreement: str, outcome: Outcome, scope: Scope) -> Document:
    """All that can be said of an agreement; obligations of former versions come after those in force.

    `uncovered` are cycles that neither this agreement nor any other it was worked out with applies to. `quarantined` are
    leads that cannot be judged, `unpublished` those that could not be as of the end of a period, and `unfoldable` events that
    cannot be merged, under whichever agreement they would be.
    """
    versions = [version for version in rules.versions[agreement] if version.since <= scope.until]
    by_obligation = [(terms, _windows(rules, terms, outcome, scope)) for terms in _by_obligation(versions).values()]
    settled = [window.settled() for _, windows in by_obligation for window in windows]
    return {
        "agreement": agreement,
        "version": versions[-1].agreement.version if versions else None,
        "until": iso(scope.until),
        "obligations": [_obligation(terms, windows, scope.until) for terms, windows in by_obligation],
        "uncovered": {"leads": outcome.uncovered},
        "quarantined": _with_why(outcome.quarantined),
        "unpublished": _with_why(outcome.unpublished),
        "unfoldable": [one._asdict() for one in sorted(outcome.unfoldable)],
        "consequences": settlement(rules.versions[agreement][-1].agreement, settled),
        "breaches": [breach(notice) for notice in _in_order(outcome.notices) if notice.agreement == agreement],
    }


def _with_why(leads: Mapping[str, str]) -> list[Document]:
    return [{"lead": lead, "why": why} for lead, why in sorted(leads.items())]


def breach(notice: Notice) -> Document:
    """A notice that stands: a warning or a breach, or what was one until it was resolved."""
    late_by = notice.late_by
    return {
        "key": notice.key,
        "kind": notice.status,
        "obligation": notice.obligation,
        "lead": notice.lead,
        "cycle": notice.cycle,
        "deadline": iso(notice.deadline),
        "late_by_seconds": None if late_by is None else seconds(late_by),
        "historic": notice.historic,
        "tier": notice.tier,
        "version": notice.version,
        "segment": None if notice.segment == ALL_SEGMENTS else notice.segment,
        "rep": notice.rep,
        "team": notice.team,
    }


def _in_order(notices: Sequence[Notice]) -> list[Notice]:
    return sorted(notices, key=lambda notice: (notice.deadline, notice.lead, notice.key))


def _by_obligation(versions: Sequence[Version]) -> dict[str, list[Term]]:
    """The terms of each obligation, those of the latest version last."""
    found: dict[str, list[Term]] = {}
    for version in reversed(versions):
        for term in version.terms:
            found.setdefault(term.obligation.id, []).insert(0, term)
    return found


def _windows(rules: RuleBook, terms: Sequence[Term], outcome: Outcome, scope: Scope) -> list["_Window"]:
    return [
        _Window(rules, terms, outcome, period, scope.until)
        for interval in INTERVALS
        if any(interval in term.obligation.intervals for term in terms)
        for period in periods_between(rules, terms, interval, scope)
    ]


def _obligation(terms: Sequence[Term], windows: Sequence["_Window"], until: Instant) -> Document:
    latest = terms[-1].obligation
    has_segments = any(term.agreement.segments for term in terms)
    return {
        "id": latest.id,
        "kind": latest.kind,
        "periods": [window.of(segment) for window in windows for segment in window.segments],
        "totals": [window.total() for window in windows] if has_segments else [],
        "ledger": _ledger(terms, windows, until) if isinstance(latest, Volume) else None,
    }


def _ledger(terms: Sequence[Term], windows: Sequence["_Window"], until: Instant) -> list[Document]:
    """Of the periods of the goal's own interval."""
    found = [entry for window in windows if (entry := window.entry()) is not None]
    return ledger(found, terms[-1].agreement.currency, until)


def periods_between(rules: RuleBook, terms: Sequence[Term], interval: Granularity, scope: Scope) -> Iterator[Period]:
    """The periods of an obligation that the report covers, as far as it was in force."""
    zone = rules.zone_of(terms[0].name[0])
    last = min(scope.until, terms[-1].until - 1)
    period = period_of(interval, max(scope.begin, terms[0].since), zone, terms[0].year_begins)
    while period.start <= last:
        yield period
        period = period_from(interval, next_first_day(interval, period.first), zone)


class _Window:
    """One period of one obligation, whose figures are asked for by segment."""

    def __init__(
        self, rules: RuleBook, terms: Sequence[Term], outcome: Outcome, period: Period, until: Instant
    ) -> None:
        self._outcome, self._period, self._until = outcome, period, until
        in_force = [term for term in terms if term.since < period.end and term.until > period.start]
        self._term = in_force[-1]
        grace = rules.versions[self._term.name[0]][-1].agreement.grace
        self._published_at = period.end + grace
        self._is_published = self._published_at <= until
        named = (segment for term in reversed(in_force) for segment in term.segments)
        self.segments = [name for name in dict.fromkeys(named) if name != UNMATCHED or self._is_filled(name)]

    def of(self, segment: str) -> Document:
        """The figures of one segment."""
        return self._document([segment], None if segment == ALL_SEGMENTS else segment)

    def total(self) -> Document:
        """The figures of all segments together."""
        return self._document(self.segments, None)

    def settled(self) -> Settled:
        """The window as one that consequences may follow from."""
        keys = [self._key(segment) for segment in self.segments]
        published = _sum(self._outcome.published, keys) if self._is_published else None
        known = _sum(self._outcome.current, keys)
        return Settled(self._term, self._period, self._published_at, published, known)

    def entry(self) -> Entry | None:
        """The window as an entry of the ledger, if it is one of the goal's own interval."""
        terms = self._term.obligation
        if not isinstance(terms, Volume) or terms.interval != self._period.interval:
            return None
        by_segment = {segment: self._outcome.current.get(self._key(segment), {}) for segment in self.segments}
        return Entry(self._period, terms, by_segment)

    def _document(self, segments: Sequence[str], name: str | None) -> Document:
        keys = [self._key(segment) for segment in segments]
        known = self._figures(_sum(self._outcome.current, keys), name, self._days_known(segments), self._until)
        published = None
        if self._is_published:
            days = self._days_published(keys)
            published = self._figures(_sum(self._outcome.published, keys), name, days, self._period.end)
        return {
            "interval": self._period.interval,
            "start": iso(self._period.start),
            "end": iso(self._period.end),
            "segment": name,
            "status": "open" if published is None else "published" if published == known else "restated",
            "published": published,
            "restated": known,
        }

    def _figures(self, tally: Tally, segment: str | None, days: Mapping[date, Tally], now: Instant) -> Document:
        terms = self._term.obligation
        if isinstance(terms, Speed):
            return speed_figures(tally, terms)
        if isinstance(terms, Depth):
            return depth_figures(tally)
        if isinstance(terms, Volume):
            is_goals = self._period.interval == terms.interval
            fall = waterfall(self._term, terms, self._period, segment) if is_goals else None
            capacity = capacity_for(self._term.agreement, terms.id) if segment is None else None
            served = None if capacity is None else leads_served(self._term, capacity, self._period)
            return volume_figures(tally, fall, days, now, served)
        return due_figures(tally)

    def _days_known(self, segments: Sequence[str]) -> dict[date, Tally]:
        if not isinstance(self._term.obligation, Volume):
            return {}
        days = (day.first for day in days_of(self._period, self._term.zone))
        return {
            day: _sum(self._outcome.current, [WindowKey(*self._term.name, name, "day", day) for name in segments])
            for day in days
        }

    def _days_published(self, keys: Sequence[WindowKey]) -> dict[date, Tally]:
        days: dict[date, Tally] = {}
        for key in keys:
            for day, tally in self._outcome.published_by_day.get(key, {}).items():
                add(days.setdefault(day, {}), tally)
        return days

    def _is_filled(self, segment: str) -> bool:
        key = self._key(segment)
        return bool(self._outcome.current.get(key) or self._outcome.published.get(key))

    def _key(self, segment: str) -> WindowKey:
        return WindowKey(*self._term.name, segment, self._period.interval, self._period.first)


def _sum(tallies: Mapping[WindowKey, Tally], keys: Sequence[WindowKey]) -> Tally:
    return total(tallies.get(key, {}) for key in keys)
