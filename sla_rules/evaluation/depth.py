"""Depth: attempts on leads that have not been connected."""

from sla_rules.agreement.obligations import Depth
from sla_rules.evaluation.assessment import Assessment, CycleEvaluation, milestones, qualifies
from sla_rules.evaluation.contributions import DepthContribution, DepthStatus, SumAt
from sla_rules.evaluation.tallies import Counting
from sla_rules.instants import Instant
from sla_rules.lead.cycles import Cycle


def assess(evaluation: CycleEvaluation, terms: Depth, now: Instant) -> Assessment:
    """The verdict on one cycle as of `now`."""
    cycle = evaluation.cycle
    watch = evaluation.stopwatch(terms.deadline.clock, pauses=terms.pauses)
    due = watch.due(cycle.start, terms.deadline.within)
    attempts = [attempt.time for attempt in cycle.attempts if qualifies(attempt, terms.follow_up)]
    reached = attempts[terms.attempts - 1] if len(attempts) >= terms.attempts else None
    contribution = DepthContribution(
        term=evaluation.term.index,
        segment=evaluation.segment,
        team=cycle.owner.team,
        start=cycle.start,
        deadline=due,
        status=_status(cycle, due, reached, now),
        attempts=len(attempts),
        human=sum(not attempt.automated for attempt in cycle.attempts),
        all_attempts=len(cycle.attempts),
        connected=cycle.connected_at is not None,
        ended=cycle.end is not None,
        owed=reached is None and cycle.end is None and not cycle.excused,
        historic=evaluation.is_historic(due),
    )
    if cycle.excused:
        return Assessment(contribution)
    settled = cycle.connected_at if reached is None else reached
    return evaluation.conclude(contribution, milestones(due, terms.deadline, watch), now, settled, cycle.end)


def _status(cycle: Cycle, due: Instant | None, reached: Instant | None, now: Instant) -> DepthStatus:
    if cycle.excused:
        return "excused"
    if reached is not None and (due is None or reached <= due):
        return "met"
    if cycle.end is not None and (due is None or cycle.end <= due):
        return "connected" if cycle.connected_at is not None else "closed"
    return "breached" if due is not None and now > due else "open"


def count(contribution: DepthContribution, by: int, sum_at: SumAt) -> None:
    """Count the cycle into the figures of its periods, `by` times."""
    counting = sum_at(contribution, contribution.start)
    if contribution.status == "excused":
        counting["excused"] += by
        return
    counting["leads"] += by
    counting[contribution.status] += by
    counting["human_attempts"] += by * contribution.human
    counting["automated_attempts"] += by * (contribution.all_attempts - contribution.human)
    if not contribution.connected:
        _count_unconnected(counting, "", contribution.attempts, by)
        if not contribution.ended:
            _count_unconnected(counting, "_open", contribution.attempts, by)


def _count_unconnected(counting: Counting, which: str, attempts: int, by: int) -> None:
    counting[f"unconnected{which}"] += by
    counting[f"attempts{which}"] += by * attempts
