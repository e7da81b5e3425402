"""Which deadline of a lead comes next, of what is still owed?"""

from collections.abc import Sequence

from sla_rules.instants import Instant
from sla_rules.reports.explained import NearestDeadline
from sla_rules.reports.explained_verdicts import DeliveryVerdict, DepthVerdict, SpeedVerdict, Verdict


def nearest_deadline(verdicts: Sequence[Verdict], now: Instant) -> NearestDeadline | None:
    """The first of the deadlines that have not passed, of what is still owed."""
    owed = [found for one in verdicts if (found := _owed(one, now)) is not None]
    return min(owed, key=lambda one: one.deadline, default=None)


def _owed(verdict: Verdict, now: Instant) -> NearestDeadline | None:
    if isinstance(verdict, DeliveryVerdict) and verdict.status == "open" and now <= verdict.deadline:
        return NearestDeadline(
            agreement=verdict.agreement,
            version=verdict.version,
            obligation=verdict.obligation,
            cycle=None,
            message=None,
            deadline=verdict.deadline,
            clock=None,
            left=None,
            left_wall=verdict.deadline - now,
        )
    if not isinstance(verdict, SpeedVerdict | DepthVerdict):
        return None
    head, run = verdict.head, verdict.run
    if run.progress is None or run.deadline is None or run.deadline < now:
        return None
    return NearestDeadline(
        agreement=head.agreement,
        version=head.version,
        obligation=head.obligation,
        cycle=head.cycle,
        message=head.message,
        deadline=run.deadline,
        clock=run.clock,
        left=run.progress.left,
        left_wall=run.deadline - now,
    )
