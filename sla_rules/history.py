"""Which facts count for a lead: mergers followed, corrections applied.

Merged leads. A lead that was merged counts nowhere; its facts are forwarded to the survivor, those that come later too,
and further if the survivor is merged in turn. Of several mergers of one lead the earliest (time, id) holds; of a ring
the smallest lead id survives. Mergers travel with the facts, also to those that turn out not to survive, so that every
lead concerned comes to the same answer once it knows the same mergers. A deletion told of a merged lead ends nothing of
the survivor's life: CRMs delete what they merge.

A ticket that bears the id of a lead is another thing, and is merged by itself.

Corrections. One voids the event it names, of the same source, and puts in its place what is right, if anything is. It
may itself be corrected by a later one.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple

import msgspec

from sla_rules.facts import Corrected, Merged, Turned, deletes, in_order

Mergers = Mapping[str, str]
"""By lead, the one it was merged into."""

_REVISING: Final = frozenset((Merged, Corrected, Turned))
"""Facts that may have a say in which others count; of the turns, a deletion alone."""

NOBODY: Final[frozenset[str]] = frozenset()


class History(NamedTuple):
    """`counted` in order; `forwards` are the leads that all facts known here have to reach."""

    counted: Sequence[Any]
    forwards: frozenset[str]


def history(lead: str, facts: Sequence[Any]) -> History:
    """What counts for `lead` of the facts that it holds, its own and those forwarded to it.

    Where nothing was merged, corrected or deleted, `counted` is `facts` itself.
    """
    if not is_revised(facts):
        return History(facts, NOBODY)
    # In a ring a lead's own facts come back to it, as of the day they were sent on.
    facts = [fact for fact in facts if fact.origin != lead]
    right = corrected(facts)
    # To every lead a merger ever named, so that one that was corrected away is known there as such.
    targets = {fact.into for fact in facts if isinstance(fact, Merged)}
    merged: dict[str | None, dict[str, str]] = {}
    for subject in {fact.subject for fact in right}:
        into = _into(lead, [fact for fact in right if isinstance(fact, Merged) and fact.subject == subject])
        targets.add(survivor(lead, into))
        merged[subject] = into
    counted = [fact for fact in right if _counts(fact, lead, merged[fact.subject])]
    return History(counted, frozenset(targets - {lead}))


def is_revised(facts: Sequence[Any]) -> bool:
    """Whether mergers, corrections or deletions have a say."""
    for fact in facts:
        if fact.origin or (type(fact) in _REVISING and (type(fact) is not Turned or fact.to == "deleted")):
            return True
    return False


def _counts(fact: Any, lead: str, into: Mergers) -> bool:
    return (
        lead_survives(lead, into)
        and survivor(fact.origin or lead, into) == lead
        and not (fact.origin and deletes(fact))
    )


def survivor(lead: str, into: Mergers) -> str:
    """Where the way of mergers from a lead ends."""
    way = [lead]
    while (following := into.get(way[-1])) is not None:
        if following in way:
            return min(way[way.index(following) :])
        way.append(following)
    return way[-1]


def lead_survives(lead: str, into: Mergers) -> bool:
    """Whether the lead is not merged away."""
    return survivor(lead, into) == lead


def corrected(facts: Iterable[Any]) -> Sequence[Any]:
    """The facts with all corrections applied, in order; corrections themselves are gone."""
    facts = list(facts)
    corrections = sorted((fact for fact in facts if isinstance(fact, Corrected)), key=in_order, reverse=True)
    voided: set[tuple[str, str, str | None]] = set()
    instead: list[Any] = []
    for correction in corrections:  # from the last: only a later one voids an earlier one
        if (correction.source, correction.id, correction.origin) in voided:
            continue
        named = (correction.source, correction.replaces, correction.origin)
        if named in voided:
            continue
        voided.add(named)
        if correction.instead is not None:
            instead.append(_in_place_of(correction.instead, correction))
    plain = [
        fact for fact in facts if not isinstance(fact, Corrected) and (fact.source, fact.id, fact.origin) not in voided
    ]
    return sorted(plain + instead, key=in_order)


def _in_place_of(instead: Any, correction: Corrected) -> Any:
    return msgspec.structs.replace(instead, origin=correction.origin, subject=correction.subject)


def _into(lead: str, mergers: Iterable[Merged]) -> dict[str, str]:
    into: dict[str, str] = {}
    for merger in sorted(mergers, key=in_order):
        loser = merger.loser(lead)
        if loser != merger.into:
            into.setdefault(loser, merger.into)
    return into
