"""Under which terms a cycle was, and for how long: fields of its lead may change while it runs.

A lead is in a segment after an instant and up to and with another, the one in which its fields change again: what is done in the
instant of a change was done for what the lead was until then ("answer and set the priority" is one step, with one stamp).

An obligation has one say in a cycle, whichever segments the cycle goes through. It is that of the first stay in which anything
is decided: the promise is broken there, or kept, or the cycle ends, or goes on. A promise that was broken stays broken, whatever
the lead becomes; what was left before its deadline owes nothing any more; and what was done before the lead came under
an obligation leaves nothing to be owed. Each stay has a deadline of its own, by the hours of its segment, counted from
the start of the cycle: it may have passed when the lead comes, and then it is broken at once.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import NamedTuple

from sla_rules.agreement.rulebook import RuleBook, Term, Version
from sla_rules.evaluation.assessment import CycleEvaluation
from sla_rules.evaluation.kinds import kind_of
from sla_rules.instants import Duration, Instant
from sla_rules.lead.cycle import Change, Cycle
from sla_rules.lead.facts import Fields
from sla_rules.time.intervals import BEGINNING, FOREVER


class Stay(NamedTuple):
    """A lead in a segment of a version, after `since` and up to and with `until`; `fields` are the last that it had there.

    The first of a cycle has been since the `BEGINNING`.
    """

    segment: str
    since: Instant
    until: Instant
    fields: Fields


def stays_of(rules: RuleBook, cycle: Cycle) -> dict[Version, list[Stay]]:
    """The stays of a cycle in every version that ever applies to it, in order; the version is that in force at its start."""
    found: dict[Version, list[Stay]] = {}
    was = [Change(BEGINNING, cycle.fields), *cycle.changes]
    for (since, fields), until in zip(was, [*(change.at for change in cycle.changes), FOREVER], strict=True):
        if since == until:
            continue  # of changes in one instant the last holds
        for version, segment in rules.applying(fields, cycle.start, cycle.subject):
            known = found.setdefault(version, [])
            if known and (known[-1].until, known[-1].segment) == (since, segment):
                since_before = known.pop().since
                known.append(Stay(segment, since_before, until, fields))
            else:
                known.append(Stay(segment, since, until, fields))
    return found


def deciding(
    term: Term, stays: Iterable[Stay], lead: str, seen: Cycle, historic_after: Duration
) -> CycleEvaluation | None:
    """The evaluation of a cycle, as its terms see it, in the stay that decides; None where the obligation has no say in it."""
    promise = kind_of(term.obligation).promise
    if promise is None:
        message = f"obligations of {term.obligation.kind} follow fields, and their kind does not say when they are due"
        raise TypeError(message)
    segments = term.segments
    for stay in stays:
        if stay.segment not in segments:
            continue
        evaluation = CycleEvaluation(term, stay.segment, lead, replace(seen, fields=stay.fields), historic_after)
        due, done = promise(evaluation, term.obligation)
        stop = min(_or_never(done), _or_never(seen.end))
        is_broken = max(stay.since, _or_never(due)) < min(stay.until, stop)
        if is_broken or stay.since < stop <= stay.until:
            return evaluation
    return None


def _or_never(at: Instant | None) -> Instant:
    return FOREVER if at is None else at
