"""Depth: attempts on leads that have not been connected."""

from collections.abc import Sequence
from typing import Final

from sla_rules.agreement.obligations import Depth
from sla_rules.evaluation import flags
from sla_rules.evaluation.assessment import Assessment, CycleEvaluation
from sla_rules.evaluation.contributions import DepthContribution, DepthStatus, SumAt
from sla_rules.evaluation.kind import Kind
from sla_rules.evaluation.open_clock import OpenClock
from sla_rules.evaluation.qualifying import counted
from sla_rules.evaluation.tallies import Counting
from sla_rules.evaluation.timed import is_owed, milestones, status_of, watch_of
from sla_rules.instants import Instant
from sla_rules.lead.cycle import Cycle
from sla_rules.lead.facts import Attempted


def assess(evaluation: CycleEvaluation, terms: Depth, now: Instant) -> Assessment:
    """The verdict on one cycle as of `now`."""
    cycle = evaluation.cycle
    watch = watch_of(evaluation, terms)
    due = watch.due(cycle.start, terms.deadline.within)
    attempts = counted(cycle, terms.follow_up)
    last = last_wanted(attempts, terms)
    reached = None if last is None else last.time
    owed = is_owed(cycle, reached)
    contribution = DepthContribution(
        term=evaluation.term.index,
        segment=evaluation.segment,
        team=cycle.owner.team,
        start=cycle.start,
        deadline=due,
        status=_status(cycle, due, reached, now),
        attempts=len(attempts),
        human=[attempt.automated for attempt in cycle.attempts].count(False),
        all_attempts=len(cycle.attempts),
        connected=cycle.connected_at is not None,
        ended=cycle.end is not None,
        owed=owed,
        historic=evaluation.is_historic(due),
        flagged=flags.on_attempts(evaluation, attempts, due),
    )
    settled = cycle.connected_at if reached is None else reached
    ahead = milestones(cycle.start, due, terms.deadline, watch)
    open_clock = None
    if owed:
        open_clock = OpenClock(cycle.start, due, watch, terms.deadline.within, len(attempts), terms.attempts)
    return evaluation.conclude(contribution, ahead, now, settled, cycle.end, open_clock)


def due_and_done(evaluation: CycleEvaluation, terms: Depth) -> tuple[Instant | None, Instant | None]:
    """When all attempts are due, and when they had been made."""
    last = last_wanted(counted(evaluation.cycle, terms.follow_up), terms)
    due = watch_of(evaluation, terms).due(evaluation.cycle.start, terms.deadline.within)
    return due, None if last is None else last.time


def last_wanted(attempts: Sequence[Attempted], terms: Depth) -> Attempted | None:
    """Of the attempts that qualify the one that makes them as many as are agreed; None while they are fewer."""
    return attempts[terms.attempts - 1] if len(attempts) >= terms.attempts else None


def _status(cycle: Cycle, due: Instant | None, reached: Instant | None, now: Instant) -> DepthStatus:
    status = status_of(cycle, due, reached, now)
    return "connected" if status == "closed" and cycle.connected_at is not None else status


def count(contribution: DepthContribution, _: Depth, by: int, sum_at: SumAt) -> None:
    """Count the cycle into the figures of its periods, `by` times."""
    counting = sum_at(contribution, contribution.start)
    if contribution.status == "excused":
        counting["excused"] += by
        return
    counting["leads"] += by
    counting[contribution.status] += by
    if contribution.flagged:
        flags.count(contribution.flagged, by, counting)
    counting["human_attempts"] += by * contribution.human
    counting["automated_attempts"] += by * (contribution.all_attempts - contribution.human)
    if not contribution.connected:
        _count_unconnected(counting, "", contribution.attempts, by)
        if not contribution.ended:
            _count_unconnected(counting, "_open", contribution.attempts, by)


def _count_unconnected(counting: Counting, which: str, attempts: int, by: int) -> None:
    counting[f"unconnected{which}"] += by
    counting[f"attempts{which}"] += by * attempts


KIND: Final = Kind(
    assess=assess,
    once=False,
    count=count,
    gives=(DepthContribution,),
    always_by_day=False,
    promise=due_and_done,
)
