"""What kinds whose clock runs to a deadline have in common: the clock, what became of the cycle, and what is published of it."""

from collections.abc import Iterator
from typing import Literal

from sla_rules.agreement.deadlines import Deadline
from sla_rules.agreement.obligations import Depth, Speed
from sla_rules.evaluation.assessment import CycleEvaluation, Milestone
from sla_rules.evaluation.notices import DEADLINE_TIER
from sla_rules.instants import Instant, format_duration
from sla_rules.lead.cycle import Cycle
from sla_rules.time.stopwatch import Stopwatch


def watch_of(evaluation: CycleEvaluation, terms: Speed | Depth) -> Stopwatch:
    """The clock of a deadline for one cycle."""
    return evaluation.stopwatch(terms.deadline.clock, pauses=terms.pauses)


def status_of(
    cycle: Cycle, due: Instant | None, done: Instant | None, now: Instant
) -> Literal["met", "breached", "open", "closed", "excused"]:
    """What became of a cycle in which what was promised was done at an instant; None where it was not."""
    if cycle.excused:
        return "excused"
    if done is not None and (due is None or done <= due):
        return "met"
    if done is None and cycle.end is not None and (due is None or cycle.end <= due):
        return "closed"
    return "breached" if due is not None and now > due else "open"


def is_owed(cycle: Cycle, done: Instant | None) -> bool:
    """Whether what was promised is still to come."""
    return done is None and cycle.end is None and not cycle.excused


def milestones(start: Instant, due: Instant | None, deadline: Deadline, watch: Stopwatch) -> Iterator[Milestone]:
    """Warnings before a deadline, the deadline itself, and the escalations after it, by the clock of the deadline.

    Working days may leave less open time than a warning is long: then it comes at the start of the clock.
    """
    if due is None:
        return
    for warning in deadline.warnings:
        at = watch.before(due, warning)
        if at is not None:
            yield Milestone(f"warning-{format_duration(warning)}", max(at, start))
    yield Milestone(DEADLINE_TIER, due)
    for after in deadline.escalations:
        at = watch.due(due, after)
        if at is not None:
            yield Milestone(f"escalation-{format_duration(after)}", at)
