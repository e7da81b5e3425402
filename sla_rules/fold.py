"""step(state, facts, now) -> (state', what follows): the only place that decides.

Theory of operation. A lead's state is a set of facts; facts only join it (`sla_rules.facts.merge`). Everything else is
a view of the facts, the agreements and the time: which facts count, cycles, verdicts, shares in the figures, notices.
`step` joins what arrived, takes the view anew, and gives the new state together with the view. Who calls it compares
with what stood before: shares that went are taken out of the figures, those that came are put in, and notices are told
where they differ from what was told. Nothing here remembers what was told, and nothing here reads a clock.

Time never runs back for a lead: `as_of` is kept with its facts, so that a worker that takes over and is still behind
does not take back what its predecessor saw time decide.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

import msgspec

from sla_rules.codec import LeadState, pack_facts
from sla_rules.effects import Notice
from sla_rules.erasure import Gone, deleted, erased
from sla_rules.facts import Corrected, Fact, Fate, Merged, deletes, merge
from sla_rules.history import history
from sla_rules.instants import Instant
from sla_rules.obligations.assessment import Assessment
from sla_rules.rulebook import RuleBook
from sla_rules.verdicts import assess


class Step(NamedTuple):
    """What a step leaves; `state` is the one before where nothing but time went by.

    `forwards` are facts by the lead that they have to reach because of a merge, all of them whenever one is new.
    """

    state: LeadState
    fates: list[Fate]
    assessments: list[Assessment]
    forwards: Mapping[str, tuple[Fact, ...]]

    @property
    def standing(self) -> dict[str, Notice]:
        """The notices that hold, by key."""
        return {notice.key: notice for found in self.assessments if found.passed for notice in found.notices}

    @property
    def undecided(self) -> dict[str, Instant]:
        """The keys that time may yet turn into a notice, and when."""
        return {key: at for found in self.assessments if found.ahead for key, at in found.undecided}


def step(rules: RuleBook, lead: str, before: LeadState | None, arrived: Sequence[Fact], now: Instant) -> Step:
    """Join the facts that arrived to what is known of the lead, and judge it anew as of `now`."""
    known = before.facts if before is not None else ()
    facts, fates = merge(known, arrived)
    as_of = now if before is None else max(now, before.as_of)
    counted, targets = history(lead, facts)
    forwards: dict[str, tuple[Fact, ...]] = {}
    if counted is not facts:
        gone = deleted(lead, facts)
        if gone:
            facts = erased(lead, facts, gone, rules.asked)
        forwards = _forwards(lead, facts, targets, gone)
    assessments = assess(rules, lead, counted, as_of)
    wakes = [assessment.wake for assessment in assessments if assessment.wake is not None]
    state = LeadState(
        digest=rules.digest,
        as_of=as_of,
        wake=min(wakes, default=None),
        shares=tuple([assessment.share for assessment in assessments]),
        revised=counted is not facts,
        last_time=facts[-1].time if facts else as_of,
        last_arrival=max([fact.arrival for fact in facts], default=as_of),
        packed=pack_facts(facts),
    )
    return Step(
        before if before is not None and _says_the_same(before, state) else state,
        fates,
        assessments,
        forwards=forwards if forwards and _is_news(before, state) else {},
    )


def _is_news(before: LeadState | None, after: LeadState) -> bool:
    """Whether the facts are others than before, by their bytes: to Python, 1 and true would be the same."""
    return before is None or before.packed != after.packed


def _forwards(
    lead: str, facts: Sequence[Fact], targets: Collection[str], gone: Collection[Gone]
) -> dict[str, tuple[Fact, ...]]:
    """What every lead concerned has to know, each fact saying which lead it was told of, but for what it told itself.

    Leads a merger names get all facts. Leads whose data goes with another's get what says so: who was deleted, and who
    was merged.
    """
    sent = [fact if fact.origin else msgspec.structs.replace(fact, origin=lead) for fact in facts]
    why = [fact for fact in sent if isinstance(fact, Merged | Corrected) or deletes(fact)] if gone else []
    told = dict.fromkeys((one.id for one in gone), why) | dict.fromkeys(targets, sent)
    return {
        target: news
        for target, known in told.items()
        if target != lead and (news := tuple(fact for fact in known if fact.origin != target))
    }


def _says_the_same(before: LeadState, after: LeadState) -> bool:
    """Whether only time went by: then what was kept may stay as it is."""
    return after.packed == before.packed and msgspec.structs.replace(after, as_of=before.as_of) == before
