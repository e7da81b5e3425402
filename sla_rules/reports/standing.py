"""How a promise stands while its period runs: kept, at risk, broken, or nothing due.

By what is known now of all segments together. What has not happened yet may go well: leads that come are followed up in
time, services stay up. What was told late may still take back what is broken.
"""

from typing import Final, Literal

from sla_rules.agreement.obligations import Availability, Retention, Volume
from sla_rules.agreement.rulebook import Term
from sla_rules.evaluation.availability import uptime
from sla_rules.evaluation.tallies import Tally
from sla_rules.figures.goals import goal_line, goal_to_date
from sla_rules.instants import Instant
from sla_rules.reports.settlement import result, targets
from sla_rules.time.periods import Period

Standing = Literal["kept", "at_risk", "broken", "nothing_due"]
"""Kept: the target is reached as things stand; a goal, if as much has come as its line wants to date. At risk: it is not,
and can still be. Broken: it cannot be reached in this period any more. Nothing due: there is nothing to judge yet.
"""

_ALL: Final = 1


def standing_of(term: Term, period: Period, tally: Tally, now: Instant) -> Standing:
    """How a promise stands at an instant in a period."""
    parts = targets(term.obligation, tally)
    if isinstance(term.obligation, Volume):
        due, came = goal_to_date(goal_line(term, term.obligation, period), now), parts[0].found or 0
        if not due and not came:
            return "nothing_due"
        return "kept" if came >= min(due, parts[0].agreed) else "at_risk"
    match result(parts):
        case None:
            return "nothing_due"
        case "met":
            return "kept"
        case "missed":
            # Of less than all, as many may still come in time as are needed; an average can always be made good.
            has_missed_one = any(
                part.name == "share" and part.agreed == _ALL and part.result == "missed" for part in parts
            )
            if isinstance(term.obligation, Retention):
                return "at_risk"  # who comes back before the period ends was kept
            return "broken" if has_missed_one or _is_out_of_reach(term, period, tally) else "at_risk"


def _is_out_of_reach(term: Term, period: Period, tally: Tally) -> bool:
    """Whether services have been down for longer than the whole period allows."""
    if not isinstance(term.obligation, Availability):
        return False
    whole = tally.get("available", 0) + tally.get(f"ahead:{period.interval}", 0)
    best = uptime({"available": whole, "down": tally.get("down", 0)})
    return best is not None and best < term.obligation.target.share
