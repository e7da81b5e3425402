"""Speed: from the hand-off, or from the lead's creation, to the first follow-up."""

from functools import lru_cache
from itertools import chain, pairwise
from typing import Final

from sla_rules.agreement.obligations import Speed
from sla_rules.evaluation import flags
from sla_rules.evaluation.assessment import Assessment, CycleEvaluation
from sla_rules.evaluation.contributions import SpeedContribution, SumAt
from sla_rules.evaluation.kind import Kind
from sla_rules.evaluation.open_clock import OpenClock
from sla_rules.evaluation.qualifying import first_counted
from sla_rules.evaluation.quantiles import bucket_name
from sla_rules.evaluation.reassignment import reassignments
from sla_rules.evaluation.tallies import Counting
from sla_rules.evaluation.timed import is_owed, milestones, status_of, watch_of
from sla_rules.instants import Duration, Instant, format_duration
from sla_rules.lead.cycle import Cycle
from sla_rules.lead.facts import Attempted
from sla_rules.time.stopwatch import Stopwatch


def assess(evaluation: CycleEvaluation, terms: Speed, now: Instant) -> Assessment:
    """The verdict on one cycle as of `now`."""
    cycle = evaluation.cycle
    watch = watch_of(evaluation, terms)
    attempt = first_counted(cycle, terms.follow_up)
    followed_up = _follow_up(cycle, attempt)
    start, due = promise(cycle, terms, watch, followed_up)
    owed = is_owed(cycle, followed_up)
    wall, working = _durations(evaluation, terms, watch, start, followed_up)
    contribution = SpeedContribution(
        term=evaluation.term.index,
        segment=evaluation.segment,
        team=cycle.owner.team,
        start=cycle.start,
        deadline=due,
        status=status_of(cycle, due, followed_up, now),
        wall=wall,
        working=working,
        counted_at=followed_up if terms.counted_by == "followed_up" else None,
        owed=owed,
        attempted=bool(cycle.attempts),
        historic=evaluation.is_historic(due),
        anomaly=followed_up is not None and followed_up < start,
        flagged=(
            flags.on_follow_up(evaluation, terms.follow_up, attempt, due)
            if attempt is not None and attempt.time == followed_up
            else ()
        ),
    )
    ahead = milestones(start, due, terms.deadline, watch)
    if terms.reassign_after is not None:
        ahead = chain(ahead, reassignments(cycle.owners, terms.reassign_after, watch))
    open_clock = OpenClock(start, due, watch, terms.deadline.within) if owed else None
    return evaluation.conclude(contribution, ahead, now, followed_up, cycle.end, open_clock)


def _durations(
    evaluation: CycleEvaluation, terms: Speed, watch: Stopwatch, start: Instant, followed_up: Instant | None
) -> tuple[Duration, Duration] | tuple[None, None]:
    """From the start of the clock to the follow-up, by the wall and in working time."""
    if followed_up is None:
        return None, None
    by_its_clock = watch.elapsed(start, followed_up)
    if terms.deadline.clock == "wall":
        return by_its_clock, evaluation.stopwatch("working", pauses=terms.pauses).elapsed(start, followed_up)
    return evaluation.stopwatch("wall", pauses=terms.pauses).elapsed(start, followed_up), by_its_clock


def first_follow_up(cycle: Cycle, terms: Speed) -> Instant | None:
    """The earliest qualifying attempt by event time; a connection is one, however it came about."""
    return _follow_up(cycle, first_counted(cycle, terms.follow_up))


def _follow_up(cycle: Cycle, attempt: Attempted | None) -> Instant | None:
    if attempt is None or cycle.connected_at is None:
        return cycle.connected_at if attempt is None else attempt.time
    return min(attempt.time, cycle.connected_at)


def promise(
    cycle: Cycle, terms: Speed, watch: Stopwatch, followed_up: Instant | None
) -> tuple[Instant, Instant | None]:
    """Start and due instant of the clock that counts.

    Where another owner restarts it, that is the clock of the owner who followed up, or of the first who did not in
    time, or else of the last: a promise that was broken stays broken, whoever gets the lead next.
    """
    within = terms.deadline.within
    start, due = cycle.start, watch.due(cycle.start, within)
    if terms.reassignment == "restarts":
        for before, owner in pairwise(cycle.owners):
            if not owner.is_another_than(before):
                continue
            done = followed_up is not None and followed_up <= owner.since
            if done or (due is not None and due < owner.since):
                break
            start, due = owner.since, watch.due(owner.since, within)
    return start, due


def due_and_done(evaluation: CycleEvaluation, terms: Speed) -> tuple[Instant | None, Instant | None]:
    """When the follow-up is due, and when it came."""
    followed_up = first_follow_up(evaluation.cycle, terms)
    return promise(evaluation.cycle, terms, watch_of(evaluation, terms), followed_up)[1], followed_up


def count(contribution: SpeedContribution, terms: Speed, by: int, sum_at: SumAt) -> None:
    """Count the cycle, `by` times: in the periods of its hand-off, or where that is agreed of its follow-up."""
    counting = sum_at(contribution, contribution.start)
    if contribution.status == "excused":
        counting["excused"] += by
        return
    counting["leads"] += by
    counting[contribution.status] += by
    if contribution.anomaly:
        counting["anomalies"] += by
    if contribution.wall is None or contribution.working is None:
        counting["untouched"] += by
        return
    if contribution.counted_at is not None:
        counting = sum_at(contribution, contribution.counted_at)
    counting["followed_up"] += by
    if contribution.flagged:
        flags.count(contribution.flagged, by, counting)
    _count_duration(counting, "wall", contribution.wall, terms, by)
    _count_duration(counting, "working", contribution.working, terms, by)


def _count_duration(counting: Counting, clock: str, duration: Duration, terms: Speed, by: int) -> None:
    counting[bucket_name(clock, duration)] += by
    counting[f"{clock}_sum"] += by * duration
    for band, name in _names_within(clock, terms.bands):
        if duration <= band:
            counting[name] += by


@lru_cache(maxsize=1_000)
def _names_within(clock: str, bands: tuple[Duration, ...]) -> tuple[tuple[Duration, str], ...]:
    return tuple((band, f"{clock}_within:{format_duration(band)}") for band in bands)


KIND: Final = Kind(
    assess=assess,
    once=False,
    count=count,
    gives=(SpeedContribution,),
    always_by_day=False,
    promise=due_and_done,
)
