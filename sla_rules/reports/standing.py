"""How a promise stands while its period runs: kept, at risk, broken, or nothing due.

By what is known now of all segments together. What has not happened yet may go well: leads that come are followed up in
time, services stay up. What was told late may still take back what is broken.
"""

from collections.abc import Sequence
from typing import Final, assert_never

from sla_rules.agreement.obligations import Availability, Deliverable, Depth, Obligation, Retention, Speed, Volume
from sla_rules.agreement.rulebook import Term
from sla_rules.evaluation.availability import uptime
from sla_rules.evaluation.tallies import Tally
from sla_rules.figures.goals import goal_line, goal_to_date
from sla_rules.instants import Instant
from sla_rules.reports.consequences import Target
from sla_rules.reports.promise_status import Standing
from sla_rules.reports.settlement import result, targets
from sla_rules.time.periods import Period

_ALL: Final = 1


def standing_of(term: Term, period: Period, tally: Tally, now: Instant) -> Standing:
    """How a promise stands at an instant in a period."""
    terms = term.obligation
    parts = targets(terms, tally)
    if isinstance(terms, Volume):
        due, came = goal_to_date(goal_line(term, terms, period), now), parts[0].found or 0
        if not due and not came:
            return "nothing_due"
        return "kept" if came >= min(due, parts[0].agreed) else "at_risk"
    match result(parts):
        case None:
            return "nothing_due"
        case "met":
            return "kept"
        case "missed":
            return "broken" if _is_broken(terms, parts, period, tally) else "at_risk"


def _is_broken(terms: Obligation, parts: Sequence[Target], period: Period, tally: Tally) -> bool:
    """Whether what is missed cannot be made good before the period ends.

    Of less than all, as many may still come in time as are needed; an average can always be made good.
    """
    has_missed_one = any(part.name == "share" and part.agreed == _ALL and part.result == "missed" for part in parts)
    match terms:
        case Speed() | Depth() | Deliverable():
            return has_missed_one
        case Availability():
            return has_missed_one or _is_out_of_reach(terms, period, tally)
        case Retention():
            return False  # who comes back before the period ends was kept
        case Volume():
            return False  # more may come
        case _:
            assert_never(terms)


def _is_out_of_reach(terms: Availability, period: Period, tally: Tally) -> bool:
    """Whether services have been down for longer than the whole period allows."""
    whole = tally.get("available", 0) + tally.get(f"ahead:{period.interval}", 0)
    best = uptime({"available": whole, "down": tally.get("down", 0)})
    return best is not None and best < terms.target.share
