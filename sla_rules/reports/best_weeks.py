"""Which weeks of an obligation were the best so far, by published figures.

Weeks are compared by the share that was met, and of a volume by what was delivered. A share of a handful of leads is
luck: one of three that is met makes 33 points. So a week has a part in this only from so many decided leads on that one
lead alone moves the share by no more than five points, and of a volume if anything came.
"""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Final, NamedTuple, assert_never

from sla_rules.agreement.obligations import Availability, Deliverable, Depth, Obligation, Retention, Speed, Volume
from sla_rules.evaluation.tallies import Tally
from sla_rules.reports.settlement import Settled, attainment, delivered

ENOUGH_DECIDED: Final = 20
"""One lead alone moves a share of so many by five points."""
WEEKS_BEFORE: Final = 4
"""A month of them: the best of fewer says little."""


class BestOfWeeks(NamedTuple):
    """A week, what it came to, what the best before came to, and how many weeks it is compared with."""

    week: Settled
    found: Fraction
    best_before: Fraction
    weeks_before: int


def best_weeks(weeks: Sequence[Settled]) -> Iterator[BestOfWeeks]:
    """Each published week that was better than every one before it, of weeks of one obligation in order."""
    measure, best, count = "", Fraction(0), 0
    for week in weeks:
        terms = week.term.obligation
        if measure != _measure(terms):
            measure, best, count = _measure(terms), Fraction(0), 0
        found = None if week.published is None else _worth_comparing(terms, week.published)
        if found is None:
            continue
        if count >= WEEKS_BEFORE and found > best:
            yield BestOfWeeks(week, found, best, count)
        best, count = max(best, found), count + 1


def _measure(terms: Obligation) -> str:
    return terms.measure if isinstance(terms, Volume) else terms.kind


def _worth_comparing(terms: Obligation, tally: Tally) -> Fraction | None:
    """What a week is compared by; None where too little was decided."""
    match terms:
        case Volume():
            return delivered(terms, tally) or None
        case Availability():
            return attainment(terms, tally)
        case Speed() | Depth() | Deliverable() | Retention():
            decided = tally.get("met", 0) + tally.get("breached", 0)
            return attainment(terms, tally) if decided >= ENOUGH_DECIDED else None
        case _:
            assert_never(terms)
