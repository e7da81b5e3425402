"""Reassignment that is due: an owner has not followed up in the time agreed, and the lead is to get another one.

Each owner has the time from taking over, whatever the clock of the promise does. Nothing is due any more once somebody
has followed up or the cycle is over, nor of an owner whom another one followed by then.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from sla_rules.evaluation.assessment import Milestone, Turn
from sla_rules.evaluation.notices import REASSIGNMENT
from sla_rules.instants import Duration, format_duration
from sla_rules.lead.cycle import Owner
from sla_rules.time.intervals import FOREVER
from sla_rules.time.stopwatch import Stopwatch


def turns(owners: Sequence[Owner]) -> list[Turn]:
    """Those of a cycle, in order; the same owner again goes on with the same turn."""
    begun = [
        owners[0],
        *(owner for before, owner in pairwise(owners) if owner.is_another_than(before)),
    ]
    ends = [*(owner.since for owner in begun[1:]), FOREVER]
    return [Turn(owner.since, until) for owner, until in zip(begun, ends, strict=True)]


def reassignments(owners: Sequence[Owner], after: Duration, watch: Stopwatch) -> Iterator[Milestone]:
    """When another owner is due for a lead that nobody follows up, for each of its owners who has it that long."""
    for turn in turns(owners):
        at = watch.due(turn.since, after)
        if at is not None and at < turn.until:
            yield Milestone(f"{REASSIGNMENT}-{format_duration(after)}", at, turn)
