"""Which facts count for a lead: mergers followed, corrections applied.

Merged leads. A lead that was merged counts nowhere; its facts are forwarded to the survivor, those that come later too,
and further if the survivor is merged in turn. Of several mergers of one lead the earliest (time, id) holds; of a ring
the smallest lead id survives. Mergers travel with the facts, also to those that turn out not to survive, so that every
lead concerned comes to the same answer once it knows the same mergers. A deletion received for a merged lead ends nothing of
the survivor's life: CRMs delete what they merge.

A ticket that bears the id of a lead is another thing, and is merged by itself.

Corrections. One voids the event it names, of the same source and about the same subject, and puts in its place what is
right, if anything is. It may itself be corrected by a later one.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Final

import msgspec

from sla_rules.lead.facts import (
    Corrected,
    Fact,
    Identity,
    Merged,
    StatusChanged,
    deletes,
    identity_of,
    in_order,
    replaced_by,
)

_REVISING: Final = frozenset((Merged, Corrected, StatusChanged))
"""Facts that may have a say in which others count; of the turns, a deletion alone."""


def history(lead: str, facts: Sequence[Fact]) -> Sequence[Fact]:
    """What counts for `lead` of the facts that it holds, in order: its own and those forwarded to it.

    Where nothing was merged, corrected or deleted, that is `facts` itself.
    """
    if not is_revised(facts):
        return facts
    # What was sent to the lead about itself: in a ring its own facts, as of the day they were sent on, and marks.
    right = corrected([fact for fact in facts if fact.origin != lead])
    merged = defaultdict[str | None, list[Merged]](list)
    for fact in right:
        if type(fact) is Merged:
            merged[fact.subject].append(fact)
    ways = {subject: _Ways(lead, mergers) for subject, mergers in merged.items()}
    return [fact for fact in right if _counts(fact, ways.get(fact.subject))]


def _counts(fact: Fact, ways: "_Ways | None") -> bool:
    if ways is None:
        return fact.origin is None
    return ways.survives and (fact.origin is None or (ways.leads_here(fact.origin) and not deletes(fact)))


def is_revised(facts: Sequence[Fact]) -> bool:
    """Whether mergers, corrections or deletions have a say."""
    for fact in facts:
        if fact.origin or (type(fact) in _REVISING and (type(fact) is not StatusChanged or fact.status == "deleted")):
            return True
    return False


class _Ways:
    """Where mergers take leads to, seen from one of them."""

    def __init__(self, lead: str, mergers: Iterable[Merged]) -> None:
        self._lead = lead
        self._into = _into(lead, mergers)
        self._ends: dict[str, str] = {}
        self.survives = self._end(lead) == lead
        """Whether the lead is not merged away."""

    def leads_here(self, origin: str) -> bool:
        """Whether the way of mergers from another lead ends at this one."""
        return self._end(origin) == self._lead

    def _end(self, lead: str) -> str:
        """Where the way of mergers from a lead ends; each lead is passed once, however many ways are asked for."""
        way: dict[str, None] = {}
        while (end := self._ends.get(lead)) is None and (following := self._into.get(lead)) is not None:
            if lead in way:
                ring = list(way)
                end = min(ring[ring.index(lead) :])
                break
            way[lead] = None
            lead = following
        end = lead if end is None else end
        self._ends |= dict.fromkeys(way, end)
        return end


def corrected(facts: Iterable[Fact]) -> Sequence[Fact]:
    """The facts with all corrections applied, in order; corrections themselves are gone."""
    facts = list(facts)
    if not any(type(fact) is Corrected for fact in facts):
        return facts
    corrections = sorted((fact for fact in facts if isinstance(fact, Corrected)), key=in_order, reverse=True)
    voided: set[Identity] = set()
    instead: list[Fact] = []
    for correction in corrections:  # from the last: only a later one voids an earlier one
        if identity_of(correction) in voided:
            continue
        named = replaced_by(correction)
        if named in voided:
            continue
        voided.add(named)
        if correction.instead is not None:
            instead.append(_in_place_of(correction.instead, correction))
    plain = [fact for fact in facts if not isinstance(fact, Corrected) and identity_of(fact) not in voided]
    return sorted(plain + instead, key=in_order)


def _in_place_of(instead: Fact, correction: Corrected) -> Fact:
    return msgspec.structs.replace(instead, origin=correction.origin, subject=correction.subject)


def _into(lead: str, mergers: Iterable[Merged]) -> dict[str, str]:
    into: dict[str, str] = {}
    for merger in sorted(mergers, key=in_order):
        loser = merger.loser(lead)
        if loser != merger.into:
            into.setdefault(loser, merger.into)
    return into
