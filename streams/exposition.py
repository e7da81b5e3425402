"""Samples of what was agreed, what happened in the current windows, and what is owed now."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final

from sla_rules.capacity import capacity_for, leads_served
from sla_rules.figures import VALUE_UNIT
from sla_rules.goals import goal_line, goal_to_date
from sla_rules.instants import SECOND, Instant, format_duration
from sla_rules.live import Debtor
from sla_rules.names import ALL_SEGMENTS, NO_TEAM
from sla_rules.notation import Interval
from sla_rules.obligations.deliverable import occurrences
from sla_rules.partition import BEFORE_ALL, Partition
from sla_rules.periods import days_of
from sla_rules.rulebook import RuleBook, Term
from sla_rules.terms import Deliverable, Depth, Obligation, Speed, Volume
from sla_rules.windows import WindowKey, intervals_of

Sample = tuple[str, tuple[str, ...], float]
"""Metric name, label values in the order of `sla_rules.names`, value."""

Tally = Mapping[str, int]
_NOTHING: Final[Tally] = {}


def agreed(rules: RuleBook, now: Instant) -> Iterator[Sample]:
    """Targets and calendar windows of the versions in force."""
    for version in rules.in_force(now):
        agreement = version.agreement
        first = version.terms[0]
        yield "leadsla_agreement_info", (agreement.agreement, agreement.version, first.zone.key, rules.digest), 1
        intervals: dict[Interval, None] = {i: None for term in version.terms for i in intervals_of(term)}
        for interval in intervals:
            period = first.period(interval, now)
            yield "leadsla_window_start_timestamp_seconds", (agreement.agreement, interval), period.start / SECOND
            yield "leadsla_window_end_timestamp_seconds", (agreement.agreement, interval), period.end / SECOND
        for term in version.terms:
            yield from _targets(term, now)


def _targets(term: Term, now: Instant) -> Iterator[Sample]:
    terms = term.obligation
    if isinstance(terms, Volume):
        yield from _goals(term, terms, now)
        return
    if isinstance(terms, Deliverable):
        yield from _next_due(term, terms, now)
        return
    for segment in term.segments:
        labels = (*term.name, segment)
        yield "leadsla_target_deadline_seconds", labels, terms.deadline.within / SECOND
        if terms.target.share is not None:
            yield "leadsla_target_within_ratio", labels, float(terms.target.share)
        if terms.target.average is not None and isinstance(terms, Speed):
            yield "leadsla_target_follow_up_seconds", labels, float(terms.target.average) / SECOND
        if terms.target.average is not None and isinstance(terms, Depth):
            yield "leadsla_target_attempts", labels, float(terms.target.average)


def _goals(term: Term, terms: Volume, now: Instant) -> Iterator[Sample]:
    """A goal is for all segments together."""
    labels = (*term.name, ALL_SEGMENTS)
    line = goal_line(term, terms, term.period(terms.interval, now))
    yield "leadsla_target_leads", (*labels, terms.interval), float(terms.agreed)
    yield "leadsla_target_leads_to_date", (*labels, terms.interval), float(goal_to_date(line, now))
    capacity = capacity_for(term.agreement, terms.id)
    if capacity is not None:
        for interval in terms.intervals:
            served = leads_served(term, capacity, term.period(interval, now))
            yield "leadsla_target_capacity_leads", (*labels, interval), served
    if terms.interval == "month":
        for day, goal in line:
            yield "leadsla_goal_by_day_leads", (*labels, f"{day.first.day:02}"), float(goal)


def _next_due(term: Term, terms: Deliverable, now: Instant) -> Iterator[Sample]:
    """At its very instant a delivery is still the next one."""
    ahead = replace(term, since=max(term.since, now - 1))
    for _, _, due in occurrences(ahead, terms.due):
        yield "leadsla_target_due_timestamp_seconds", term.name, due / SECOND
        return


def windows(rules: RuleBook, book: Partition, partition: int, now: Instant) -> Iterator[Sample]:
    """Figures of the current windows, zero where nothing happened."""
    tallies = book.windows.tallies
    for version in rules.in_force(now):
        for term in version.terms:
            agreement, obligation = term.name
            for segment in term.segments:
                for interval in intervals_of(term):
                    period = term.period(interval, now)
                    tally = tallies.get(WindowKey(agreement, obligation, segment, interval, period.first), _NOTHING)
                    labels = (agreement, obligation, segment, interval, str(partition))
                    yield from _window(term, tally, labels)
                if isinstance(term.obligation, Volume):
                    yield from _delivered_by_day(term, term.obligation, book, segment, partition, now)


def _judges_hand_offs(terms: Obligation) -> bool:
    return not isinstance(terms, Deliverable) and not (isinstance(terms, Speed) and terms.starts == "created")


def _window(term: Term, tally: Tally, labels: tuple[str, ...]) -> Iterator[Sample]:
    terms = term.obligation
    if term.agreement.minimum_quality and _judges_hand_offs(terms):
        yield "leadsla_window_unready_leads", labels, tally.get("unready", 0)
    if isinstance(terms, Volume):
        yield "leadsla_window_leads", labels, _delivered(terms, tally)
        return
    for name, figure in _OF_ALL_DUE.items():
        yield f"leadsla_window_{name}", labels, tally.get(figure, 0)
    if isinstance(terms, Deliverable):
        return
    for name, figure in _OF_CYCLES.items():
        yield f"leadsla_window_{name}", labels, tally.get(figure, 0)
    if isinstance(terms, Speed):
        yield "leadsla_window_anomalies", labels, tally.get("anomalies", 0)
        clock = terms.deadline.clock
        yield "leadsla_window_follow_ups", labels, tally.get("followed_up", 0)
        yield "leadsla_window_untouched_leads", labels, tally.get("untouched", 0)
        yield "leadsla_window_follow_up_duration_seconds", labels, tally.get(f"{clock}_sum", 0) / SECOND
        for band in terms.bands:
            within = tally.get(f"{clock}_within:{format_duration(band)}", 0)
            place = (*labels[:-1], _le(band / SECOND), labels[-1])
            yield "leadsla_window_within_band_leads", place, within
        place = (*labels[:-1], "+Inf", labels[-1])
        yield "leadsla_window_within_band_leads", place, tally.get("followed_up", 0)
    else:
        for actor, figure in (("human", "human_attempts"), ("automation", "automated_attempts")):
            place = (*labels[:-1], actor, labels[-1])
            yield "leadsla_window_contact_attempts", place, tally.get(figure, 0)
        which = "" if terms.closed_leads == "counted" else "_open"
        yield "leadsla_window_unconnected_leads", labels, tally.get(f"unconnected{which}", 0)
        yield "leadsla_window_unconnected_attempts", labels, tally.get(f"attempts{which}", 0)


_OF_ALL_DUE: Final = {
    "leads": "leads",
    "within_target_leads": "met",
    "breached_leads": "breached",
    "open_leads": "open",
}
_OF_CYCLES: Final = {"closed_leads": "closed", "excused_leads": "excused"}


def _le(seconds: float) -> str:
    return str(float(seconds))


def _delivered(terms: Volume, tally: Tally) -> float:
    return tally.get("value", 0) / VALUE_UNIT if terms.measure == "value" else tally.get("delivered", 0)


def _delivered_by_day(
    term: Term, terms: Volume, book: Partition, segment: str, partition: int, now: Instant
) -> Iterator[Sample]:
    for day in days_of(term.period("month", now), term.zone):
        tally = book.windows.tallies.get(WindowKey(*term.name, segment, "day", day.first), _NOTHING)
        labels = (*term.name, segment, f"{day.first.day:02}", str(partition))
        yield "leadsla_delivered_by_day_leads", labels, _delivered(terms, tally)


def owed(rules: RuleBook, book: Partition, partition: int, now: Instant) -> Iterator[Sample]:
    """What is open and overdue, the earliest deadlines, what no agreement applies to, and what has been told."""
    place = str(partition)
    live = book.live
    if book.now > BEFORE_ALL:
        yield "leadsla_partition_now_timestamp_seconds", (place,), book.now / SECOND
    nobody = [
        Debtor(*term.name, segment, NO_TEAM)
        for version in rules.in_force(now)
        for term in version.terms
        if not isinstance(term.obligation, Volume)
        for segment in term.segments
    ]
    debtors = sorted({*nobody, *live.waiting, *live.attempted, *live.overdue})
    for debtor in debtors:
        yield "leadsla_open_leads", (*debtor, "waiting", place), live.waiting[debtor]
        yield "leadsla_open_leads", (*debtor, "attempted", place), live.attempted[debtor]
        yield "leadsla_overdue_leads", (*debtor, place), live.overdue[debtor]
    for name, deadline in live.oldest_deadlines().items():
        yield "leadsla_oldest_open_deadline_timestamp_seconds", (*name, place), deadline / SECOND
    yield "leadsla_unagreed_leads", (place,), live.unagreed
    for told in sorted({debtor[:3] for debtor in debtors}):
        for outcome in ("told", "retracted"):
            yield "leadsla_breaches_total", (*told, outcome, place), book.told.counts[(*told, outcome)]
