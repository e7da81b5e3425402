"""When a period's figures are published: at its end plus the grace of its agreement, empty ones too."""

from collections.abc import Iterator

from sla_rules.instants import Instant
from sla_rules.intervals import Segment
from sla_rules.obligations.shares import DealShare, Share, SpeedShare
from sla_rules.periods import Period, period_from
from sla_rules.rulebook import RuleBook, Term
from sla_rules.windows import WindowKey, Windows, windows_of

Due = dict[tuple[Instant, Instant], set[WindowKey]]
"""Windows by the end of their period and the end of its grace."""


def due_by(now: Instant, windows: Windows, rules: RuleBook) -> Due:
    """The windows to publish at `now`: those with figures, and the last period of every term."""
    due: Due = {}
    latest = (
        found
        for term in rules.terms
        for found in _ended(term, now)
        if found[0].end > term.since and term.until > found[0].start
    )
    known = ((_period(key, rules), key) for key in windows.tallies)
    for period, key in (*known, *latest):
        cutoff = period.end + _grace(key, rules)
        if cutoff <= now and key not in windows.published:
            due.setdefault((period.end, cutoff), set()).add(key)
    return due


def span_of(due: Due, rules: RuleBook) -> Segment:
    """From the first start to the last end of the periods to publish."""
    periods = [_period(key, rules) for keys in due.values() for key in keys]
    return Segment(min((p.start for p in periods), default=0), max((p.end for p in periods), default=0))


def places_in(share: Share, span: Segment) -> bool:
    """Whether a share may have a part in a period of the span."""
    if isinstance(share, DealShare):
        places = (share.start, share.delivered_at, *share.before)
        return any(at is not None and span.start <= at < span.end for at in places)
    counted_at = share.counted_at if isinstance(share, SpeedShare) else None
    return span.start <= share.start < span.end or (counted_at is not None and span.start <= counted_at < span.end)


def next_after(now: Instant, rules: RuleBook) -> Instant | None:
    """The first instant after `now` at which something is to be published."""
    ends = (
        period.end + term.agreement.grace
        for term in rules.terms
        for period, _ in windows_of(term, now - term.agreement.grace)
    )
    return min(ends, default=None)


def _ended(term: Term, now: Instant) -> Iterator[tuple[Period, WindowKey]]:
    """The windows of the last period of each interval whose grace is over at `now`."""
    for period, _ in windows_of(term, now - term.agreement.grace):
        yield from ((last, key) for last, key in windows_of(term, period.start - 1) if last.interval == period.interval)


def _period(key: WindowKey, rules: RuleBook) -> Period:
    return period_from(key.interval, key.first, rules.zone_of(key.agreement))


def _grace(key: WindowKey, rules: RuleBook) -> Instant:
    return rules.versions[key.agreement][-1].agreement.grace
