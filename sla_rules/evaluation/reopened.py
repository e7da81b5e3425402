"""Cycles that a reopening continues, as terms see them: one cycle, which was closed for a while.

A reopening takes back that the lead was closed, or connected. By terms that say so the promise of the cycle before then goes
on, and the time between is none on its clock, as little as a pause; what was done meanwhile was done in a pause. What was
recycled has ended for good.

A promise that was kept is not owed again: a lead that was connected owes no more by these terms, however often it is reopened.
Messages are another matter, since each is a promise of its own.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain, pairwise

from sla_rules.agreement.obligations import Obligation
from sla_rules.agreement.rulebook import Term
from sla_rules.evaluation.cycle_by_terms import by_terms, early_of
from sla_rules.evaluation.deals import Deal
from sla_rules.instants import Instant
from sla_rules.lead.cycle import Change, Cycle
from sla_rules.lead.cycles import Life
from sla_rules.lead.facts import Attempted
from sla_rules.time.intervals import Interval


class Reopenings:
    """The cycles of a life that go on with the promise to one before, by the obligations that it was a promise of."""

    def __init__(self, life: Life) -> None:
        self._life = life
        self._continued: defaultdict[int, set[tuple[str, str]]] = defaultdict(set)
        """By cycle, the obligations under which it goes on with one before."""
        self._promised: set[int] = set()
        """The numbers of cycles in which a promise to one before goes on."""
        self._ends, self._has_changes = _runs(life.cycles)

    def has_continued(self, term: Term, cycle: Cycle) -> bool:
        """Whether a cycle goes on with one before that the obligation judged, by whatever version of it."""
        return term.name in self._continued.get(cycle.number, ())

    def continues_any(self, cycle: Cycle) -> bool:
        """Whether a promise to one before goes on in it."""
        return cycle.number in self._promised

    def run(self, cycle: Cycle) -> Cycle:
        """The cycle, with how the fields of its lead changed in all that may continue it too."""
        if not self._has_changes[cycle.number - 1]:
            return cycle
        changes = list(cycle.changes)
        for one in self._further(cycle):
            if one.fields != (changes[-1].fields if changes else cycle.fields):
                changes.append(Change(one.start, one.fields))
            changes += one.changes
        return replace(cycle, changes=changes)

    def _further(self, cycle: Cycle) -> Sequence[Cycle]:
        return self._life.cycles[cycle.number : self._ends[cycle.number - 1]]

    def note(self, term: Term, cycle: Cycle, *, is_promised: bool) -> None:
        """Take note that an obligation has judged a cycle with all that continue it, and whether it promised anything."""
        if term.obligation.continues_when_reopened:
            for one in self._further(cycle):
                self._continued[one.number].add(term.name)
                if is_promised:
                    self._promised.add(one.number)

    def whole(self, term: Term, cycle: Cycle, lost: Sequence[Deal]) -> tuple[Cycle, Sequence[Instant]]:
        """A cycle with all that continue it, as one, and when the lead was connected in them."""
        terms = term.obligation
        if not terms.continues_when_reopened:
            seen = by_terms(cycle, terms, lost)
            return seen, _connections([seen])
        further = self._further(cycle)
        views = list(self._views([cycle, *further], terms, lost))
        return (views[0] if len(views) == 1 else self._as_one(views, further, terms)), _connections(views)

    def _views(self, run: Sequence[Cycle], terms: Obligation, lost: Sequence[Deal]) -> Iterator[Cycle]:
        for cycle in run:
            yield (seen := by_terms(cycle, terms, lost))
            if seen.connected_at is not None and terms.judges != "messages":
                return

    def _as_one(self, views: Sequence[Cycle], further: Sequence[Cycle], terms: Obligation) -> Cycle:
        first, last = views[0], views[-1]
        attempts = list(first.attempts)
        for (before, after), cycle in zip(pairwise(views), further, strict=False):
            attempts += self._meanwhile(before, cycle, terms)
            attempts += after.attempts
        return replace(
            first,
            changes=self.run(first).changes,
            owners=list(chain.from_iterable(view.owners for view in views)),
            end=last.end,
            ended_by=last.ended_by,
            connected_at=last.connected_at,
            excused=any(view.excused for view in views),
            attempts=attempts,
            pauses=[*first.pauses, *chain.from_iterable(map(_pauses_within, views[1:]))],
            marks=list(chain.from_iterable(view.marks for view in views)),
            closed_for=[
                Interval(before.end, after.start)
                for before, after in pairwise(views)
                if before.end is not None and before.end < after.start
            ],
        )

    def _meanwhile(self, before: Cycle, after: Cycle, terms: Obligation) -> Iterator[Attempted]:
        """The attempts while it was closed; but for those that a tolerance puts after the reopening."""
        if before.end is not None:
            early = early_of(after, terms)
            between = self._life.attempts_between(before.end, after.start)
            yield from (attempt for attempt in between if all(attempt is not one for one in early))


def _runs(cycles: Sequence[Cycle]) -> tuple[Sequence[int], Sequence[bool]]:
    """For each cycle how many there are up to the last that continues it, and whether fields change in any that does."""
    ends, has_changes = list(range(1, len(cycles) + 1)), [False] * len(cycles)
    for place in range(len(cycles) - 2, -1, -1):
        cycle, following = cycles[place], cycles[place + 1]
        if following.reopens:
            ends[place] = ends[place + 1]
            has_changes[place] = (
                has_changes[place + 1] or bool(following.changes) or following.fields != cycle.last_fields
            )
    return ends, has_changes


def _connections(views: Sequence[Cycle]) -> Sequence[Instant]:
    return [view.connected_at for view in views if view.connected_at is not None]


def _pauses_within(view: Cycle) -> Iterator[Interval]:
    """Before the reopening it was closed, paused or not."""
    return (Interval(max(pause.start, view.start), pause.end) for pause in view.pauses)
