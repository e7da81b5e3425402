"""Which records of open clocks are to be written? Nobody keeps what was written last, so this goes by the state before.

Written is what a lead with open clocks has come to whenever its facts have changed, and that it has none any more where it
may have had some, be it that a former owner wrote it of fewer facts and died before its state. Time alone changes no record but that of a delivery, whose next date it is that begins a clock.
"""

from collections.abc import Sequence
from typing import Final

from sla_rules.agreement.rulebook import RuleBook
from sla_rules.engine.clock_records import record
from sla_rules.engine.codec import SET_ASIDE, SHORTENED, UNJUDGED, LeadState
from sla_rules.evaluation.assessment import Assessment
from sla_rules.evaluation.deadlines import OWES
from sla_rules.evaluation.verdicts import assess
from sla_rules.instants import Instant
from sla_rules.lead.history import history
from sla_rules.time.intervals import BEGINNING

ToWrite = Sequence[bytes | None]
"""A record to write, None where one is to be taken out; empty where nothing is to be done."""

_UNKNOWN: Final = frozenset((UNJUDGED, SHORTENED))
"""Digests of states that say nothing of what was owed."""


class ClockChanges:
    """Says it of the leads of one partition; nothing where clocks are not `wanted`."""

    def __init__(self, rules: RuleBook, *, wanted: bool) -> None:
        self.again: set[str] = set()
        """Leads whose record may not be what stands: when they are judged next, it is written, or taken out."""
        self.taken_over_at: Instant = BEGINNING
        """A former owner may have folded what had arrived by then, written clocks, and not lived to keep the states."""
        self._rules = rules
        self._wanted = wanted

    def of(self, lead: str, before: LeadState | None, after: LeadState, assessments: Sequence[Assessment]) -> ToWrite:
        """What to write of a lead that was judged."""
        if not self._wanted:
            return ()
        is_again = bool(self.again) and lead in self.again
        if not is_again and not self._may_change(lead, before, after):
            return ()
        found = record(lead, assessments, after.last_time)
        if found is None and not is_again and not (before is not None and may_stand(before)):
            return (None,) if self._may_be_left(after) else ()
        return (found,)

    def without(self, lead: str, before: LeadState | None) -> ToWrite:
        """What to write of a lead that cannot be judged."""
        stands = lead in self.again or (before is not None and may_stand(before)) or self.taken_over_at > BEGINNING
        return (None,) if self._wanted and stands else ()

    def standing(self, lead: str, state: LeadState) -> bytes | None:
        """The record that has to stand of a lead as it is kept; None where there is to be none."""
        if not self._wanted or state.digest in SET_ASIDE or not may_stand(state):
            return None
        facts = history(lead, state.facts) if state.revised else state.facts
        return record(lead, assess(self._rules, lead, facts, state.as_of), state.last_time)

    def _may_be_left(self, after: LeadState) -> bool:
        """Whether a former owner may have left a record that rests on fewer of the facts, which came to us all at once."""
        return self.taken_over_at > BEGINNING and any(fact.arrival <= self.taken_over_at for fact in after.facts)

    def _may_change(self, lead: str, before: LeadState | None, after: LeadState) -> bool:
        if before is None or before is after:
            return before is None
        return before.packed != after.packed or before.digest != after.digest or lead in self._rules.deliverables


def may_stand(state: LeadState) -> bool:
    """Whether a lead may have a record: it was owed something, or may be from an instant on that had not come."""
    if state.digest in _UNKNOWN:
        return True
    for contribution in state.contributions:
        if isinstance(contribution, OWES) and (contribution.owed or contribution.status == "open"):
            return True
    return False
