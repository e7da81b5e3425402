"""Samples of what was agreed, what happened in the current windows, and what is owed now.

What follows from agreements and calendar alone is worked out once for a span of time (`Outline`). Of a partition only what
a scrape shows is copied, between two batches (`snapshot`); samples are made from the copy, wherever there is time for it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final, NamedTuple

from sla_rules.agreement.obligations import Deliverable, Depth, Obligation, Speed, Volume
from sla_rules.agreement.rulebook import RuleBook, Term, Version
from sla_rules.engine.partition import BEFORE_ALL, PartitionState
from sla_rules.evaluation.deliverable import occurrences
from sla_rules.evaluation.tallies import VALUE_UNIT, Tally
from sla_rules.figures.capacity import capacity_for, leads_served
from sla_rules.figures.goals import goal_line, goal_to_date
from sla_rules.figures.open_work import WorkGroup
from sla_rules.figures.windows import WindowKey, intervals_of
from sla_rules.instants import SECOND, Instant, format_duration
from sla_rules.names import ALL_SEGMENTS, NO_TEAM
from sla_rules.notation import Granularity
from sla_rules.time.periods import days_of

Sample = tuple[str, tuple[str, ...], float]
"""Metric name (with the suffix of a histogram's series), label values in the order of `sla_rules.names`, value."""

_NOTHING: Final[Tally] = {}


class Place(NamedTuple):
    """A window that is shown: its key, and its labels but for the partition, the last of them the window or the day."""

    term: Term
    key: WindowKey
    labels: tuple[str, ...]
    is_day: bool


class Outline(NamedTuple):
    """What is shown of one version whatever happens, as of any instant in `[since, until)`."""

    since: Instant
    until: Instant
    targets: Sequence[Sample]
    places: Sequence[Place]
    owing_nothing: Sequence[WorkGroup]
    """Of no team, so that there is a zero before there is a lead."""


class Snapshot(NamedTuple):
    """What is shown of one partition, as it was between two batches; tallies in the order of the places."""

    partition: int
    now: Instant
    tallies: Sequence[Tally]
    waiting: Mapping[WorkGroup, int]
    attempted: Mapping[WorkGroup, int]
    overdue: Mapping[WorkGroup, int]
    oldest: Mapping[tuple[str, str], Instant]
    uncovered: int
    quarantined: int
    told: Mapping[tuple[str, str, str, str], int]


def outline(version: Version, rules: RuleBook, now: Instant) -> Outline:
    """What is shown of a version in force, until its local day ends, something falls due or other terms begin."""
    targets = list(_agreed(version, rules.digest, now))
    ends = [term.period("day", now).end for term in version.terms]
    dues = [round(value * SECOND) + 1 for name, _, value in targets if name == "leadsla_target_due_timestamp_seconds"]
    return Outline(
        now,
        min([*ends, *dues, rules.next_change(now)]),
        targets,
        [place for term in version.terms for place in _places(term, now)],
        [
            WorkGroup(*term.name, segment, NO_TEAM)
            for term in version.terms
            if not isinstance(term.obligation, Volume)
            for segment in term.segments
        ],
    )


def snapshot(state: PartitionState, partition: int, outlines: Iterable[Outline]) -> Snapshot:
    """A copy of what is shown of a partition; costs by series, not by leads."""
    tallies, open_work = state.windows.tallies, state.open_work
    shown = (tallies.get(place.key) for one in outlines for place in one.places)
    return Snapshot(
        partition,
        state.now,
        [_NOTHING if tally is None else tally.copy() for tally in shown],
        open_work.waiting.copy(),
        open_work.attempted.copy(),
        open_work.overdue.copy(),
        open_work.oldest_deadlines(),
        open_work.uncovered,
        state.quarantined,
        state.published_notices.counts.copy(),
    )


def _agreed(version: Version, digest: str, now: Instant) -> Iterator[Sample]:
    """Targets and calendar windows."""
    agreement = version.agreement
    first = version.terms[0]
    yield "leadsla_agreement_info", (agreement.agreement, agreement.version, first.zone.key, digest), 1
    intervals: dict[Granularity, None] = {i: None for term in version.terms for i in intervals_of(term)}
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


def _places(term: Term, now: Instant) -> Iterator[Place]:
    for segment in term.segments:
        for interval in intervals_of(term):
            key = WindowKey(*term.name, segment, interval, term.period(interval, now).first)
            yield Place(term, key, (*term.name, segment, interval), is_day=False)
        if isinstance(term.obligation, Volume):
            for day in days_of(term.period("month", now), term.zone):
                key = WindowKey(*term.name, segment, "day", day.first)
                yield Place(term, key, (*term.name, segment, f"{day.first.day:02}"), is_day=True)


def windows(outlines: Iterable[Outline], seen: Snapshot) -> Iterator[Sample]:
    """Figures of the current windows, zero where nothing happened."""
    partition = str(seen.partition)
    places = (place for one in outlines for place in one.places)
    for place, tally in zip(places, seen.tallies, strict=True):
        labels = (*place.labels, partition)
        if not place.is_day:
            yield from _window(place.term, tally, labels)
        elif isinstance(terms := place.term.obligation, Volume):
            yield "leadsla_delivered_by_day_leads", labels, _delivered(terms, tally)


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


def owed(outlines: Iterable[Outline], seen: Snapshot) -> Iterator[Sample]:
    """What is open and overdue, the earliest deadlines, what no agreement applies to, and what has been told."""
    place = str(seen.partition)
    waiting, attempted, overdue = seen.waiting, seen.attempted, seen.overdue
    if seen.now > BEFORE_ALL:
        yield "leadsla_partition_now_timestamp_seconds", (place,), seen.now / SECOND
    nobody = (group for one in outlines for group in one.owing_nothing)
    groups = sorted({*nobody, *waiting, *attempted, *overdue})
    for group in groups:
        yield "leadsla_open_leads", (*group, "waiting", place), waiting.get(group, 0)
        yield "leadsla_open_leads", (*group, "attempted", place), attempted.get(group, 0)
        yield "leadsla_overdue_leads", (*group, place), overdue.get(group, 0)
    for name, deadline in seen.oldest.items():
        yield "leadsla_oldest_open_deadline_timestamp_seconds", (*name, place), deadline / SECOND
    yield "leadsla_uncovered_leads", (place,), seen.uncovered
    yield "leadsla_quarantined_leads", (place,), seen.quarantined
    for told in sorted({group[:3] for group in groups}):
        for outcome in ("published", "retracted"):
            yield "leadsla_breaches_total", (*told, outcome, place), seen.told.get((*told, outcome), 0)
