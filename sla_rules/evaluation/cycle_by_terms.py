"""A cycle as the terms of an obligation see it: which facts belong to it, and when it is over.

Cycles and their numbers follow from facts alone, and several terms judge one cycle. Where terms have a say, each sees the
cycle in its own way, and everybody who judges or explains by these terms looks at that. Of most cycles there is
nothing to be said: then it is the cycle itself.
"""

from collections.abc import Sequence
from dataclasses import replace

import msgspec

from sla_rules.agreement.obligations import Obligation
from sla_rules.evaluation.deals import Deal
from sla_rules.instants import Instant
from sla_rules.lead.cycle import Cycle, End
from sla_rules.lead.facts import Attempted, Fact, StatusChanged
from sla_rules.time.intervals import Interval


def by_terms(cycle: Cycle, terms: Obligation, lost: Sequence[Deal]) -> Cycle:
    """The cycle as the terms see it; `lost` are the lead's deals that were, in order."""
    if cycle.just_before and (early := early_of(cycle, terms)):
        cycle = _with_early(cycle, early)
    if lost and terms.ends_with_lost_deal:
        since = cycle.start if cycle.taken_up_at is None else max(cycle.start, cycle.taken_up_at)
        deals = (deal for deal in lost if since < deal.closed_at and (cycle.end is None or deal.closed_at < cycle.end))
        deal = next(deals, None)
        if deal is not None:
            return _ended(cycle, deal.closed_at, "lost", deal.fact)
    return cycle


def early_of(cycle: Cycle, terms: Obligation) -> Sequence[Attempted | StatusChanged]:
    """What was stamped before the start of a cycle and belongs to it by the tolerance of the terms."""
    counted = terms.attempts_counted
    return [] if counted is None else [one for one in cycle.just_before if cycle.start - one.time <= counted.tolerance]


def _with_early(cycle: Cycle, early: Sequence[Attempted | StatusChanged]) -> Cycle:
    """With what a clock without fractions of a second stamped just before the start; it counts as of the start."""
    attempts = [
        msgspec.structs.replace(attempt, time=cycle.start) for attempt in early if isinstance(attempt, Attempted)
    ]
    taken = replace(cycle, attempts=attempts + cycle.attempts, just_before=early)
    connection = next((fact for fact in early if isinstance(fact, StatusChanged) or fact.outcome == "connected"), None)
    return taken if connection is None else _ended(taken, cycle.start, "connected", connection)


def _ended(cycle: Cycle, at: Instant, by: End, mark: Fact) -> Cycle:
    """Over earlier than by its facts: what lies after the end belongs to it no more."""
    connected_at = at if by == "connected" else cycle.connected_at
    return replace(
        cycle,
        end=at,
        ended_by=by,
        connected_at=None if connected_at is None or connected_at > at else connected_at,
        attempts=[attempt for attempt in cycle.attempts if attempt.time <= at],
        owners=[owner for owner in cycle.owners if owner.since <= at] or cycle.owners[:1],
        pauses=[Interval(pause.start, min(pause.end, at)) for pause in cycle.pauses if pause.start < at],
        marks=[*(known for known in cycle.marks if known.time <= at), mark],
    )
