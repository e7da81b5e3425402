"""Depth: attempts on leads that have not been connected."""

from sla_rules.agreement import Depth
from sla_rules.cycles import Cycle
from sla_rules.figures import Tally
from sla_rules.instants import Instant
from sla_rules.obligations.assessment import Assessment, Case, qualifies
from sla_rules.obligations.shares import DepthShare, DepthStatus


def assess(case: Case, terms: Depth, now: Instant) -> Assessment:
    """The verdict on one cycle as of `now`."""
    cycle = case.cycle
    deadline = case.deadline()
    attempts = [attempt.time for attempt in cycle.attempts if qualifies(attempt, terms.follow_up)]
    reached = attempts[terms.attempts - 1] if len(attempts) >= terms.attempts else None
    share = DepthShare(
        term=case.term.index,
        segment=case.segment,
        team=cycle.owner.team,
        start=cycle.start,
        deadline=deadline,
        status=_status(cycle, deadline, reached, now),
        attempts=len(attempts),
        connected=cycle.connected,
        ended=cycle.end is not None,
        owed=reached is None and cycle.end is None and not cycle.excused,
        historic=case.is_historic(deadline),
    )
    return case.conclude(share, deadline, cycle.end if reached is None and cycle.connected else reached)


def _status(cycle: Cycle, deadline: Instant, reached: Instant | None, now: Instant) -> DepthStatus:
    if cycle.excused:
        return "excused"
    if reached is not None and reached <= deadline:
        return "met"
    if cycle.end is not None and cycle.end <= deadline:
        return "connected" if cycle.connected else "closed"
    # Facts from after the deadline prove nothing: one from before it may still be on its way. Time alone decides.
    return "breached" if now > deadline else "open"


def tally(share: DepthShare) -> Tally:
    """What the cycle adds to the figures of its periods."""
    if share.status == "excused":
        return {"excused": 1}
    counts = {"leads": 1, share.status: 1}
    if not share.connected:
        counts |= {"unconnected": 1, "attempts": share.attempts}
        if not share.ended:
            counts |= {"unconnected_open": 1, "attempts_open": share.attempts}
    return {name: count for name, count in counts.items() if count}
