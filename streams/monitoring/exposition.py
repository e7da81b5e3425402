"""Samples of what was agreed, what happened in the current windows, and what is owed now.

What follows from agreements and calendar alone is worked out once for a span of time (`Outline`). Of a partition only what
a scrape shows is copied, between two batches (`snapshot`); samples are made from the copy, wherever there is time for it.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from sla_rules.agreement.rulebook import RuleBook, Term, Version
from sla_rules.engine.partition import BEFORE_ALL
from sla_rules.evaluation.tallies import Tally
from sla_rules.figures.flags import Flagged, flagged_in
from sla_rules.figures.open_work import WorkGroup
from sla_rules.figures.team_labels import TeamLabels
from sla_rules.figures.windows import WindowKey, intervals_of
from sla_rules.instants import SECOND, Instant
from sla_rules.names import NO_TEAM
from sla_rules.notation import Granularity
from sla_rules.time.periods import days_of
from streams.monitoring.exposed_kinds import Sample, exposed
from streams.partitions.ownership import Owned

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
    come_to: Instant
    tallies: Sequence[Tally]
    flagged: Sequence[Sequence[Flagged]]
    """Of each place, by the labels of teams."""
    waiting: Mapping[WorkGroup, int]
    attempted: Mapping[WorkGroup, int]
    overdue: Mapping[WorkGroup, int]
    oldest: Mapping[tuple[str, str], Instant]
    uncovered: int
    quarantined: int
    breaches: Mapping[tuple[str, str, str, str], int]
    reassignments: Mapping[tuple[str, str, str, str], int]


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
            if exposed(term.obligation).owes
            for segment in term.segments
        ],
    )


def snapshot(owned: Owned, partition: int, outlines: Iterable[Outline], teams: TeamLabels) -> Snapshot:
    """A copy of what is shown of a partition; costs by series, not by leads."""
    state = owned.state
    tallies, open_work = state.windows.tallies, state.open_work
    shown = [tallies.get(place.key, _NOTHING) for one in outlines for place in one.places]
    return Snapshot(
        partition,
        owned.come_to,
        [tally.copy() for tally in shown],
        [[one._replace(team=teams.of(one.team)) for one in flagged_in(tally)] for tally in shown],
        open_work.waiting.copy(),
        open_work.attempted.copy(),
        open_work.overdue.copy(),
        open_work.oldest_deadlines(),
        open_work.uncovered,
        state.quarantined,
        state.published_notices.counts.copy(),
        state.published_notices.reassignments.copy(),
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
        yield from exposed(term.obligation).targets(term, term.obligation, now)


def _places(term: Term, now: Instant) -> Iterator[Place]:
    for segment in term.segments:
        for interval in intervals_of(term):
            key = WindowKey(*term.name, segment, interval, term.period(interval, now).first)
            yield Place(term, key, (*term.name, segment, interval), is_day=False)
        if exposed(term.obligation).day is not None:
            for day in days_of(term.period("month", now), term.zone):
                key = WindowKey(*term.name, segment, "day", day.first)
                yield Place(term, key, (*term.name, segment, f"{day.first.day:02}"), is_day=True)


def windows(outlines: Iterable[Outline], seen: Snapshot) -> Iterator[Sample]:
    """Figures of the current windows, zero where nothing happened."""
    partition = str(seen.partition)
    places = (place for one in outlines for place in one.places)
    for place, tally, flagged in zip(places, seen.tallies, seen.flagged, strict=True):
        labels = (*place.labels, partition)
        if not place.is_day:
            yield from _window(place.term, tally, labels)
            yield from _flagged(flagged, place.labels, partition)
        elif (day := exposed(place.term.obligation).day) is not None:
            yield from day(place.term.obligation, tally, labels)


def _window(term: Term, tally: Tally, labels: tuple[str, ...]) -> Iterator[Sample]:
    terms = term.obligation
    if term.agreement.minimum_quality and terms.lies_in_hand_offs:
        yield "leadsla_window_unready_leads", labels, tally.get("unready", 0)
    yield from exposed(terms).window(terms, tally, labels)


def _flagged(flagged: Iterable[Flagged], labels: tuple[str, ...], partition: str) -> Iterator[Sample]:
    """Teams that share a label are one."""
    attempts: defaultdict[tuple[str, str], int] = defaultdict(int)
    for one in flagged:
        attempts[one.team, one.flag] += one.attempts
    for team_and_flag, count in attempts.items():
        yield "leadsla_window_flagged_attempts", (*labels, *team_and_flag, partition), count


def owed(outlines: Iterable[Outline], seen: Snapshot) -> Iterator[Sample]:
    """What is open and overdue, the earliest deadlines, what no agreement applies to, and what has been published."""
    place = str(seen.partition)
    waiting, attempted, overdue = seen.waiting, seen.attempted, seen.overdue
    if seen.come_to > BEFORE_ALL:
        yield "leadsla_partition_now_timestamp_seconds", (place,), seen.come_to / SECOND
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
    for promise in sorted({group[:3] for group in groups}):
        for outcome in ("published", "retracted"):
            yield "leadsla_breaches_total", (*promise, outcome, place), seen.breaches.get((*promise, outcome), 0)
    for labels, count in sorted(seen.reassignments.items()):
        yield "leadsla_reassignments_total", (*labels, place), count
