"""step(state, facts, now) -> (state', what follows): the only place that decides.

Theory of operation. A lead's state is a set of facts; facts only join it (`sla_rules.facts.merge`). Everything else is
a view of the facts, the agreements and the time: which facts count, cycles, verdicts, shares in the figures, notices.
`step` joins what arrived, takes the view anew, and gives the new state together with the view. Who calls it compares
with what stood before: shares that went are taken out of the figures, those that came are put in, and notices are told
where they differ from what was told. Nothing here remembers what was told, and nothing here reads a clock.

Time does not run back for a lead: `as_of` is kept with its facts, so that a worker that takes over and is still behind
does not take back what its predecessor saw time decide. Where a clock was wrong, `sla_rules.ahead` sets it back first.
"""

from collections.abc import Sequence
from typing import NamedTuple

import msgspec

from sla_rules.codec import LeadState, pack_facts
from sla_rules.effects import Notice
from sla_rules.erasure import deleted, erased
from sla_rules.facts import Asked, Fact, Fate, Forwarded, askers, merge
from sla_rules.forwarding import NOTHING, Owed, owed
from sla_rules.history import history, is_revised
from sla_rules.instants import Instant
from sla_rules.obligations.assessment import Assessment
from sla_rules.rulebook import RuleBook
from sla_rules.verdicts import assess


class Step(NamedTuple):
    """What a step leaves; `state` is the one before where nothing but time went by.

    `forwards` are facts by the lead that they have to reach because of a merge, those that are new.
    """

    state: LeadState
    fates: list[Fate]
    assessments: list[Assessment]
    forwards: Owed

    @property
    def standing(self) -> dict[str, Notice]:
        """The notices that hold, by key."""
        return {notice.key: notice for found in self.assessments if found.passed for notice in found.notices}

    @property
    def undecided(self) -> dict[str, Instant]:
        """The keys that time may yet turn into a notice, and when."""
        return {key: at for found in self.assessments if found.ahead for key, at in found.undecided}


def step(rules: RuleBook, lead: str, before: LeadState | None, arrived: Sequence[Forwarded], now: Instant) -> Step:
    """Join the facts that arrived to what is known of the lead, and judge it anew as of `now`."""
    known = before.facts if before is not None else ()
    facts, fates = merge(known, arrived)
    as_of = now if before is None else max(now, before.as_of)
    counted: Sequence[Fact] = facts
    packed = pack_facts(facts)
    forwards: Owed = {}
    revised = is_revised(facts)
    if revised or (before is not None and before.revised):
        asked_by = askers(facts)
        if asked_by:
            facts = tuple(fact for fact in facts if type(fact) is not Asked)
            revised = is_revised(facts)
        counted = history(lead, facts)
        facts = erased(lead, facts, deleted(lead, facts), rules.asked)
        packed = pack_facts(facts)
        forwards = owed(lead, NOTHING if before is None else before.packed, facts, packed, asked_by)
    assessments = assess(rules, lead, counted, as_of)
    wakes = [assessment.wake for assessment in assessments if assessment.wake is not None]
    state = LeadState(
        digest=rules.digest,
        as_of=as_of,
        wake=min(wakes, default=None),
        shares=tuple([assessment.share for assessment in assessments]),
        revised=revised,
        last_time=facts[-1].time if facts else as_of,
        last_arrival=max([fact.arrival for fact in facts], default=as_of),
        packed=packed,
    )
    kept = before if before is not None and _says_the_same(before, state) else state
    return Step(kept, fates, assessments, forwards)


def _says_the_same(before: LeadState, after: LeadState) -> bool:
    """Whether only time went by: then what was kept may stay as it is."""
    return after.packed == before.packed and msgspec.structs.replace(after, as_of=before.as_of) == before
