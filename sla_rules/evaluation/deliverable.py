"""Deliverable: something due at recurring times, each confirmed within its own window `(last due, due]`.

A confirmation counts for the date it says it is `due` for, else for the window that its own time lies in. How much of it
counts, by whom it is for, `sla_rules.evaluation.receipts` says; when what is due, `sla_rules.evaluation.occurrences`.
"""

from bisect import insort
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Final, NamedTuple

from sla_rules.agreement.obligations import Deliverable
from sla_rules.agreement.rulebook import Term
from sla_rules.evaluation import tallies
from sla_rules.evaluation.assessment import Assessment, CycleEvaluation, Milestone
from sla_rules.evaluation.contributions import DeliverableContribution, SumAt
from sla_rules.evaluation.kind import Dates, Kind
from sla_rules.evaluation.notices import DEADLINE_TIER
from sla_rules.evaluation.occurrences import Occurrence, due_together, occurrences
from sla_rules.evaluation.open_clock import OpenClock
from sla_rules.evaluation.receipts import counted, has_wrong_recipient
from sla_rules.evaluation.tallies import VALUE_UNIT, Tally
from sla_rules.instants import Instant
from sla_rules.lead.cycle import Cycle, Owner
from sla_rules.lead.facts import Confirmed, Fact, RemedyConfirmed, in_order
from sla_rules.time.stopwatch import Stopwatch

MOST: Final = 10**18
"""Millionths that are still told apart: a trillion of whatever is delivered."""


def cycles(
    term: Term, terms: Deliverable, facts: Sequence[Fact], now: Instant, previous: Term | None = None
) -> Iterator[Cycle]:
    """All that has fallen due under one version, and what falls due next; each with what was confirmed of it.

    The first window of a version goes back to what was last due under the one before, so that nothing falls between.
    """
    since = term.since if previous is None else _last_due(previous)
    confirmed = [fact for fact in facts if isinstance(fact, Confirmed)]
    known_since = min((fact.arrival for fact in facts if type(fact) is not RemedyConfirmed), default=term.since)
    for together in due_together(term, terms.due):
        opens, due = together.opens, together.due
        begins = since if opens == term.since and since < due else opens
        owner = Owner(begins, terms.by, None)
        for occurrence, came in _shared_out(together.occurrences, begins, confirmed, terms).items():
            yield Cycle(occurrence.number, due, known_since, {}, [owner], marks=[*came])
        if due >= now:
            return


def _shared_out(
    due: Sequence[Occurrence], begins: Instant, confirmed: Sequence[Confirmed], terms: Deliverable
) -> Mapping[Occurrence, Sequence[Confirmed]]:
    """What was confirmed of each of the occurrences that are due at one instant.

    A confirmation is of the one whose day it names: that by the schedule, else the day that it is due on, of which the first is
    meant. One that happened in their window and names none is of the first that still lacks something.
    """
    first, *others = due
    days = {first.on.isoformat(): first} | {occurrence.day.isoformat(): occurrence for occurrence in due}
    named = [(fact, days.get(fact.due) if fact.due is not None else None) for fact in confirmed]
    came = {occurrence: [fact for fact, of in named if of is occurrence] for occurrence in due}
    for fact in confirmed:
        if fact.due is None and begins < fact.time <= first.due:
            lacking = (one for one in due if others and _received(came[one], terms).resolved_at is None)
            insort(came[next(lacking, due[-1])], fact, key=in_order)
    return came


def assess(evaluation: CycleEvaluation, terms: Deliverable, now: Instant) -> Assessment:
    """The verdict on what was due on one date."""
    due, came = evaluation.cycle.start, confirmations(evaluation.cycle)
    resolved_at, quantity = _received(came, terms)
    contribution = DeliverableContribution(
        term=evaluation.term.index,
        segment=evaluation.segment,
        team=None,
        start=due,
        deadline=due,
        status="met" if resolved_at is not None and resolved_at <= due else "breached" if now > due else "open",
        owed=resolved_at is None,
        historic=evaluation.is_historic(due),
        quantity=min(int(quantity * VALUE_UNIT), MOST),
        wrong_recipient=sum(has_wrong_recipient(fact, terms) for fact in came),
    )
    open_clock = None
    if resolved_at is None:
        so_far = Decimal(contribution.quantity) / VALUE_UNIT
        # By the wall: what is due when is a date.
        open_clock = OpenClock(evaluation.cycle.owner.since, due, Stopwatch(None), so_far=so_far, wanted=terms.wanted)
    found = evaluation.conclude(contribution, [Milestone(DEADLINE_TIER, due)], now, resolved_at, clock=open_clock)
    # Delivered ahead or not, at this instant the next one begins to be awaited.
    return found._replace(next_due=due + 1) if due >= now else found


def instants(term: Term, terms: Deliverable) -> Iterator[Instant]:
    """When something is due that is owed under a version."""
    return (occurrence.due for occurrence in occurrences(term, terms.due))


@lru_cache(maxsize=100)
def _last_due(term: Term) -> Instant:
    """When a version that was followed by another was last owed something; of another kind, nothing."""
    terms = term.obligation
    return max(instants(term, terms), default=term.since) if isinstance(terms, Deliverable) else term.since


def confirmations(cycle: Cycle) -> list[Confirmed]:
    """Those that are about what was due, those to others among them."""
    return [fact for fact in cycle.marks if isinstance(fact, Confirmed)]


class _Received(NamedTuple):
    resolved_at: Instant | None
    quantity: Decimal


def _received(came: Sequence[Confirmed], terms: Deliverable) -> _Received:
    """When the confirmations for one date reached the quantity agreed, and what they add up to."""
    resolved_at = None
    total = Decimal(0)
    for fact, amount in zip(came, counted(came, terms), strict=True):
        total += amount
        if resolved_at is None and total >= terms.wanted:
            resolved_at = fact.time
    return _Received(resolved_at, total)


def tally(contribution: DeliverableContribution, terms: Deliverable) -> Tally:
    """What one delivery adds to the figures of its periods; quantities in millionths."""
    counts = {"leads": 1, contribution.status: 1, "wanted": int(terms.wanted * VALUE_UNIT)}
    counts |= {"quantity": contribution.quantity, "wrong_recipient": contribution.wrong_recipient}
    return {name: count for name, count in counts.items() if count}


def count(contribution: DeliverableContribution, terms: Deliverable, by: int, sum_at: SumAt) -> None:
    """Count one delivery into the figures of its periods, `by` times."""
    tallies.count(sum_at(contribution, contribution.start), tally(contribution, terms), by)


KIND: Final = Kind(
    assess=assess,
    once=False,
    count=count,
    gives=(DeliverableContribution,),
    always_by_day=False,
    dates=Dates(instants, cycles),
)
