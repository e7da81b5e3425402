"""Availability: how long a service is up of the time in which it is to be, day by day, and each time that it is down.

A service is watched from its first event to its removal (`sla_rules.lead.watches`); what begins and ends a cycle of a lead, a
hand-off and a connection, is that it goes down and comes up. Waived time counts neither for nor against anybody.

Time passes without any event, and a verdict depends on facts and time alone. So a day counts as a whole as soon as it
begins, what is left of it as up; and while a service is down, downtime is counted by the minute. Whoever judges looks
again when the next day or minute begins, and comes to the same however often that is.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction
from itertools import groupby
from typing import Final, NamedTuple

from sla_rules.agreement.obligations import Availability
from sla_rules.agreement.rulebook import Term
from sla_rules.evaluation.assessment import Assessment, CycleEvaluation, Milestone, looked_at_again
from sla_rules.evaluation.contributions import (
    AvailabilityContribution,
    OutageContribution,
    OutageStatus,
    SumAt,
)
from sla_rules.evaluation.kind import Kind, Watching
from sla_rules.evaluation.notices import DEADLINE_TIER
from sla_rules.evaluation.open_clock import OpenClock
from sla_rules.evaluation.quantiles import bucket_name
from sla_rules.evaluation.tallies import ratio
from sla_rules.instants import MINUTE, Duration, Instant
from sla_rules.lead.cycle import Cycle
from sla_rules.lead.cycles import Life
from sla_rules.lead.watches import watches
from sla_rules.notation import Granularity
from sla_rules.time.intervals import FOREVER, Interval, difference, union
from sla_rules.time.periods import Period, day_of, next_first_day, period_from, period_of
from sla_rules.time.stopwatch import Stopwatch

OUTAGE: Final = "outage"
"""What buckets of the lengths of outages are named by."""


def judged(
    evaluation: CycleEvaluation, terms: Availability, life: Life, span: Interval, now: Instant
) -> Iterator[tuple[CycleEvaluation, Assessment]]:
    """What is said of a service in a span of time in which one version is in force: of its days, and of each outage.

    The cycle evaluated is the watch; an outage has an evaluation of its own.
    """
    watch = evaluation.cycle
    term, watched = evaluation.term, watch.span
    waived = list(excused(terms, life))
    outages = [cycle for cycle in life.cycles if watched.start <= cycle.start < watched.end]
    down = union(Interval(cycle.start, stop_of(cycle, term, now)) for cycle in outages)
    service = _Service(term, Stopwatch(clock(evaluation, terms).calendar), watched, waived, list(down))
    for assessment in _of_days(evaluation, service, span, now):
        yield evaluation, assessment
    for cycle in outages:
        if span.start <= cycle.start < span.end:
            seen = replace(cycle, pauses=list(_within(waived, cycle.span)))
            outage = evaluation._replace(cycle=seen)
            yield outage, assess(outage, terms, now)


def assess(evaluation: CycleEvaluation, terms: Availability, now: Instant) -> Assessment:
    """The verdict on one outage, whose pauses are the time that is waived."""
    cycle, watch = evaluation.cycle, clock(evaluation, terms)
    end = stop_of(cycle, evaluation.term, now)
    counts_from = watch.due(cycle.start, 1)
    if counts_from is not None:
        counts_from = counts_from - 1 if counts_from <= cycle.span.end else None
    has_begun = counts_from is not None and counts_from < now
    status: OutageStatus = "excused" if cycle.excused else "breached" if has_begun else "open"
    contribution = OutageContribution(
        term=evaluation.term.index,
        segment=evaluation.segment,
        team=cycle.owners[0].team,
        start=cycle.start,
        deadline=counts_from,
        status=status,
        lasted=watch.elapsed(cycle.start, end) if has_begun and not cycle.excused else 0,
        owed=has_begun and cycle.end is None and not cycle.excused,
        historic=evaluation.is_historic(counts_from),
    )
    milestones = [] if counts_from is None else [Milestone(DEADLINE_TIER, counts_from)]
    if cycle.end is not None or cycle.excused:
        return evaluation.conclude(contribution, milestones, now, cycle.end)
    # It may be still before the instant from which it counts.
    open_clock = OpenClock(cycle.start, counts_from, watch)
    found = evaluation.conclude(contribution, milestones, now, None, clock=open_clock)
    counts_on = watch.due(end, 1)
    wakes = [found.next_due, None if counts_on is None else -(-counts_on // MINUTE) * MINUTE]
    return found._replace(next_due=min((at for at in wakes if at is not None), default=None))


def clock(evaluation: CycleEvaluation, terms: Availability) -> Stopwatch:
    """The clock by which time counts for a service: in its hours or by the wall, and not while it is waived."""
    calendar = evaluation.term.calendar_of(evaluation.segment, None) if terms.clock == "working" else None
    return Stopwatch(calendar, evaluation.cycle.pauses)


def excused(terms: Availability, life: Life) -> Iterator[Interval]:
    """The time that counts neither for nor against anybody."""
    spans = [Interval(span.since, span.until) for span in life.spans if is_announced(terms, span.since, span.time)]
    waived = (cycle.span for cycle in life.cycles if cycle.excused)
    return union(life.pauses if terms.pauses else (), sorted(spans), waived)


def is_announced(terms: Availability, since: Instant, at: Instant) -> bool:
    """Whether a span of time was waived so long before it began as is agreed."""
    return not terms.announced or since - at >= terms.announced


def stop_of(cycle: Cycle, term: Term, now: Instant) -> Instant:
    """Up to when an outage counts as of an instant: its end, or while it goes on, the minute or the day that began last."""
    if cycle.end is not None:
        return cycle.end
    return max(cycle.start, now // MINUTE * MINUTE, period_of("day", now, term.zone).start)


class _Service(NamedTuple):
    """A service under one term: when it is watched, what of that is waived, and when it is down."""

    term: Term
    clock: Stopwatch
    """By which it is to be up, with nothing waived."""
    watched: Interval
    excused: Sequence[Interval]
    down: Sequence[Interval]

    def available(self, span: Interval) -> Duration:
        """How long it is to be up in a span of time; what is waived until further notice will be over by then."""
        known = (waived for waived in self.excused if waived.end < FOREVER)
        waived = (self.clock.elapsed(*part) for part in _within(known, span))
        return self.clock.elapsed(*span) - sum(waived)


class _Day(NamedTuple):
    """One day, or the part of it in which a service is watched."""

    start: Instant
    length: Duration
    available: Duration
    down: Duration
    excused: Duration
    ahead: tuple[tuple[Granularity, Duration], ...] = ()


def _of_days(evaluation: CycleEvaluation, service: _Service, span: Interval, now: Instant) -> Iterator[Assessment]:
    """Of the days that have begun; the last assessment, maybe of no time, says when the next one does."""
    term, segment = service.term, evaluation.segment
    today = period_of("day", now, term.zone)
    days = _days(service, Interval(span.start, min(span.end, today.end)), today)
    goes_on = today.end < span.end
    found = [
        AvailabilityContribution(term.index, segment, day.start, count, *day[1:])
        for day, count in _runs(days, term)
        if day.available or day.excused or (goes_on and day.start >= today.start)
    ]
    if goes_on and not found:
        found.append(AvailabilityContribution(term.index, segment, today.start, 0, 0, 0, 0, 0))
    return looked_at_again(found, today.end if goes_on else None)


def _runs(days: Iterator[_Day], term: Term) -> Iterator[tuple[_Day, int]]:
    """The first of days that follow one another and are alike, and how many there are.

    A run stays within a month, so that what a new day adds to it is little to take out of the figures and put in again.
    """
    for _, alike in groupby(days, lambda day: (day_of(day.start, term.zone).replace(day=1), *day[1:])):
        run = list(alike)
        yield run[0], len(run)


def _days(service: _Service, span: Interval, today: Period) -> Iterator[_Day]:
    term, clock = service.term, service.clock
    waived = _by_day(_within(service.excused, span), term, clock)
    lost = _by_day(_within(difference(service.down, service.excused), span), term, clock)
    day = day_of(span.start, term.zone)
    while (whole := period_from("day", day, term.zone)).start < span.end:
        part = whole.span & span
        ahead = _ahead(service, today) if whole.start == today.start else ()
        available = clock.elapsed(*part) - waived[day]
        yield _Day(part.start, whole.end - part.start, available, lost[day], waived[day], ahead)
        day = next_first_day("day", day)


def _ahead(service: _Service, today: Period) -> tuple[tuple[Granularity, Duration], ...]:
    """By interval, how long the service is to be up after today, until its period ends."""
    term, after = service.term, Interval(today.end, FOREVER) & service.watched
    ends = ((interval, term.period(interval, today.start).end) for interval in term.obligation.intervals)
    found = ((interval, service.available(after & Interval(today.end, end))) for interval, end in ends)
    return tuple((interval, length) for interval, length in found if length)


def _within(intervals: Iterable[Interval], span: Interval) -> Iterator[Interval]:
    """What of some intervals lies in a span."""
    return (both for one in intervals if (both := one & span).length)


def _by_day(intervals: Iterator[Interval], term: Term, watch: Stopwatch) -> defaultdict[date, Duration]:
    """How much of some intervals counts on which day."""
    found: defaultdict[date, Duration] = defaultdict(int)
    for interval in intervals:
        at = interval.start
        while at < interval.end:
            day = day_of(at, term.zone)
            end = min(interval.end, period_from("day", day, term.zone).end)
            found[day] += watch.elapsed(at, end)
            at = end
    return found


def count(contribution: AvailabilityContribution | OutageContribution, _: Availability, by: int, sum_at: SumAt) -> None:
    """Count days into the figures of their periods, and an outage into those of the periods in which it began."""
    if isinstance(contribution, OutageContribution):
        if contribution.status == "breached":
            counting = sum_at(contribution, contribution.start)
            counting["outages"] += by
            counting["down_now"] += by * contribution.owed
            counting[bucket_name(OUTAGE, contribution.lasted)] += by
        return
    for day in range(contribution.days):
        counting = sum_at(contribution, contribution.start + day * contribution.length)
        counting["available"] += by * contribution.available
        counting["down"] += by * contribution.down
        counting["excused_time"] += by * contribution.excused
        for interval, length in contribution.ahead:
            counting[f"ahead:{interval}"] += by * length


def uptime(tally: Mapping[str, int]) -> Fraction | None:
    """The share of the time available in which services were up: (maximum - downtime) / maximum; None of no time."""
    down = ratio(tally, "down", "available")
    return None if down is None else 1 - down


def _watches(life: Life) -> Iterator[tuple[Cycle, Interval]]:
    return ((watch, watch.span) for watch in watches(life))


KIND: Final = Kind(
    assess=assess,
    once=False,
    count=count,
    gives=(AvailabilityContribution, OutageContribution),
    always_by_day=False,
    watched=Watching(_watches, judged),
)
