"""Speed: from the hand-off to the first follow-up."""

from sla_rules.agreement import Speed
from sla_rules.cycles import Cycle
from sla_rules.figures import Tally, bucket_of
from sla_rules.instants import Instant, format_duration
from sla_rules.obligations.assessment import Assessment, Case, qualifies
from sla_rules.obligations.shares import SpeedShare, SpeedStatus


def assess(case: Case, terms: Speed, now: Instant) -> Assessment:
    """The verdict on one cycle as of `now`."""
    cycle, calendar = case.cycle, case.term.calendar
    deadline = case.deadline()
    followed_up = first_follow_up(cycle, terms)
    share = SpeedShare(
        term=case.term.index,
        segment=case.segment,
        team=cycle.owner.team,
        start=cycle.start,
        deadline=deadline,
        status=_status(cycle, deadline, followed_up, now),
        wall=None if followed_up is None else followed_up - cycle.start,
        working=None if followed_up is None else calendar.between(cycle.start, followed_up),
        owed=followed_up is None and cycle.end is None and not cycle.excused,
        attempted=bool(cycle.attempts),
        historic=case.is_historic(deadline),
    )
    return case.conclude(share, deadline, followed_up)


def first_follow_up(cycle: Cycle, terms: Speed) -> Instant | None:
    """The earliest qualifying attempt by event time; a connection is one, however it came about."""
    for attempt in cycle.attempts:
        if qualifies(attempt, terms.follow_up):
            return attempt.time
    return cycle.end if cycle.connected else None


def _status(cycle: Cycle, deadline: Instant, followed_up: Instant | None, now: Instant) -> SpeedStatus:
    if cycle.excused:
        return "excused"
    if followed_up is not None and followed_up <= deadline:
        return "met"
    if followed_up is None and cycle.end is not None and cycle.end <= deadline:
        return "closed"
    # Facts from after the deadline prove nothing: one from before it may still be on its way. Time alone decides.
    return "breached" if now > deadline else "open"


def tally(share: SpeedShare, terms: Speed) -> Tally:
    """What the cycle adds to the figures of its periods."""
    if share.status == "excused":
        return {"excused": 1}
    if share.wall is None or share.working is None:
        return {"leads": 1, share.status: 1, "untouched": 1}
    counts = {"leads": 1, share.status: 1, "followed_up": 1}
    for clock, duration in (("wall", share.wall), ("working", share.working)):
        counts[f"{clock}_sum"] = duration
        counts[f"{clock}_bucket:{bucket_of(duration)}"] = 1
        for band in terms.bands:
            if duration <= band:
                counts[f"{clock}_within:{format_duration(band)}"] = 1
    return {name: count for name, count in counts.items() if count}
