"""What arrived joins what is known of a lead: what can be merged, as far as there is room.

A fact that cannot be merged or finds no room is not taken; all others are. Whether there is room depends on what came
first. What is known already, received again, needs none. What begins or ends a clock or puts something right has some more room
than the rest, since without it the lead would be judged for ever by what is not so; a deletion is always taken.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final, Literal, NamedTuple

import msgspec

from sla_rules.engine.codec import LeadState, pack_facts
from sla_rules.engine.fold import Known, are_facts, questions_apart
from sla_rules.engine.quarantine import NEVER_CAUGHT, last_line
from sla_rules.lead.facts import (
    Asked,
    Attempted,
    Corrected,
    Excused,
    ExcusedSpan,
    Fact,
    Fate,
    Forwarded,
    HandedOff,
    Merged,
    Recycled,
    StatusChanged,
    deletes,
    fingerprint,
    identity_of,
    merge,
)
from sla_rules.limits import BOUNDLESS, ERASED, FOR_DELETIONS, LARGEST_FACTS, Limits

UNFOLDABLE: Final = "unfoldable"
LEAD_FULL: Final = "lead_full"

_DECISIVE: Final = (HandedOff, StatusChanged, Recycled, Excused, ExcusedSpan, Merged, Corrected)


class Refused(NamedTuple):
    """A fact that was not taken; `place` is that among the facts that arrived, None for one that had been known."""

    fact: Fact
    place: int | None
    reason: Literal["unfoldable", "lead_full"]
    detail: str


Joined = tuple[Known, Sequence[Refused]]
"""What is known of a lead, and the facts that were not taken."""


Uncounted = Mapping[int, int | None]
"""Places of facts that came in one record with another: with the place of the first of them, or with None where none counts."""


def counted_fates(fates: Sequence[Fate], refused: Sequence[Refused], uncounted: Uncounted) -> Iterator[Fate]:
    """The fates of records that brought facts: each counts by its first fact, and not where any of its facts was refused."""
    places = {one.place for one in refused if one.place is not None}
    left_out = places | {uncounted.get(place) for place in places}
    taken = (place for place in range(len(fates) + len(places)) if place not in places)
    return (fate for place, fate in zip(taken, fates, strict=True) if place not in uncounted and place not in left_out)


def join(before: LeadState | None, arrived: Sequence[Forwarded], limits: Limits) -> Joined:
    """What is known of a lead once facts have arrived, and questions, which are never refused."""
    known: tuple[Fact, ...] = ()
    surplus: Sequence[Refused] = ()
    if before is not None:
        known = before.facts
        if len(before.packed) + ERASED * len(known) > LARGEST_FACTS and _is_too_large(known, before.packed):
            known, surplus = _cut(known, limits)
        elif not arrived:
            return Known(known, before.packed, []), ()
    if not are_facts(arrived):
        return _join_questions(before, arrived, limits)
    try:
        facts, fates = merge(known, arrived)
        packed = pack_facts(facts)
        if len(facts) <= limits.facts and len(packed) <= limits.size:
            return Known(facts, packed, fates), surplus
    except NEVER_CAUGHT:
        raise
    except Exception:  # noqa: BLE001, S110 - whatever it is, looked at one by one it says which facts cannot be merged
        pass
    return _one_by_one(known, *_admitted(known, arrived, limits), surplus)


def _join_questions(before: LeadState | None, arrived: Sequence[Forwarded], limits: Limits) -> Joined:
    places = [place for place, fact in enumerate(arrived) if type(fact) is not Asked]
    told, asked_by = questions_apart(arrived)
    known, refused = join(before, told, limits)
    fates: list[Fate] = [*known.fates, *["accepted"] * len(asked_by)]  # type: ignore[list-item]  # a literal
    back_in_place = [one if one.place is None else one._replace(place=places[one.place]) for one in refused]
    return Known(known.facts, known.packed, fates, asked_by), back_in_place


def join_all(known: tuple[Fact, ...], arrived: Sequence[Fact]) -> Joined:
    """The same however many facts that makes."""
    try:
        facts, fates = merge(known, arrived)
        return Known(facts, pack_facts(facts), fates), ()
    except NEVER_CAUGHT:
        raise
    except Exception:  # noqa: BLE001 - as above
        return _one_by_one(known, *_admitted(known, arrived, BOUNDLESS), ())


_Placed = tuple[int, Fact]


def _admitted(known: tuple[Fact, ...], arrived: Sequence[Fact], limits: Limits) -> tuple[list[_Placed], list[Refused]]:
    """Those of the facts that arrived that there is room for, and the rest."""
    told = {identity_of(fact): fact for fact in known}
    size = len(pack_facts(known))
    admitted: list[_Placed] = []
    refused: list[Refused] = []
    for place, fact in enumerate(arrived):
        try:
            growth = _growth(told.get(identity_of(fact)), fact)
        except NEVER_CAUGHT:
            raise
        except Exception as error:  # noqa: BLE001 - it cannot be kept, whatever is wrong with it
            refused.append(Refused(fact, place, UNFOLDABLE, last_line(error)))
            continue
        count = len(told) + (identity_of(fact) not in told)
        if growth and not _has_room(fact, count, size + growth, limits):
            room = f"the lead has {len(told):,} facts of {size:,} bytes"
            refused.append(Refused(fact, place, LEAD_FULL, f"{room}; {limits.facts:,} of {limits.size:,} are allowed"))
            continue
        size += growth
        told[identity_of(fact)] = fact
        admitted.append((place, fact))
    return admitted, refused


def _growth(same: Fact | None, fact: Fact) -> int:
    """By how many bytes a lead grows; not at all by what is received again, whether or not it has been erased."""
    if same is None:
        return _size_of(fact)
    if fingerprint(same) == fingerprint(fact):
        return 0
    return max(_size_of(fact) - _size_of(same), 0)


def _has_room(fact: Fact, count: int, size: int, limits: Limits) -> bool:
    if deletes(fact):
        return size <= limits.most_size + FOR_DELETIONS
    if isinstance(fact, _DECISIVE) or (isinstance(fact, Attempted) and fact.outcome == "connected"):
        return count <= limits.most_facts and size <= limits.most_size
    return count <= limits.facts and size <= limits.size


def _one_by_one(
    known: tuple[Fact, ...], admitted: Sequence[_Placed], refused: list[Refused], surplus: Sequence[Refused]
) -> Joined:
    """Merge facts at once or, where that cannot be done, one by one, so that only those that cannot are left out."""
    try:
        facts, fates = merge(known, [fact for _, fact in admitted])
        return Known(facts, pack_facts(facts), fates), [*surplus, *refused]
    except NEVER_CAUGHT:
        raise
    except Exception:  # noqa: BLE001 - looked at below, fact by fact
        facts, packed, fates = known, pack_facts(known), []
    for place, fact in admitted:
        try:
            after, fate = merge(facts, (fact,))
            packed = pack_facts(after)
        except NEVER_CAUGHT:
            raise
        except Exception as error:  # noqa: BLE001 - the fact is dead-lettered with what was raised
            refused.append(Refused(fact, place, UNFOLDABLE, last_line(error)))
            continue
        facts = after
        fates += fate
    refused.sort(key=lambda one: one.place or 0)
    return Known(facts, packed, fates), [*surplus, *refused]


def _is_too_large(known: Sequence[Fact], packed: msgspec.Raw) -> bool:
    """Whether there might be more than fits a record: two owners of a partition may have known much that the other did not."""
    return len(packed) + ERASED * sum(fact.erased is None for fact in known) > LARGEST_FACTS


def _cut(known: Sequence[Fact], limits: Limits) -> tuple[tuple[Fact, ...], list[Refused]]:
    """As many facts as fit, those that clocks hang on first and then the first that arrived; and the rest."""
    kept: list[Fact] = []
    surplus: list[Refused] = []
    size = 0
    for fact in sorted(known, key=lambda fact: (not isinstance(fact, _DECISIVE), fact.arrival)):
        more = _size_of(fact)
        if len(kept) < limits.most_facts and size + more <= limits.most_size:
            kept.append(fact)
            size += more
        else:
            detail = "two owners of the partition knew more of the lead than there is room for"
            surplus.append(Refused(fact, None, LEAD_FULL, detail))
    return merge((), kept)[0], surplus


def _size_of(fact: Fact) -> int:
    return len(pack_facts((fact,)))
