"""How much of each confirmation of a delivery counts.

Where the recipients divide one quantity among them, all of it. Where each has a quantity of its own, parts add up for
each and no further than to that, so that what one recipient is told twice makes up for nothing that another lacks; what
names nobody is believed, and is for whoever still lacks something. What all of them come to is thus the same in
whatever order they came: the lesser of what is wanted and of what each has of its own with what names nobody.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Final

from sla_rules.agreement.obligations import Deliverable
from sla_rules.lead.facts import Confirmed

NOTHING: Final = Decimal(0)


def has_wrong_recipient(fact: Confirmed, terms: Deliverable) -> bool:
    """Whether it names a recipient that is none of those agreed; names are compared to the letter."""
    return bool(terms.to) and fact.to is not None and fact.to not in terms.to


def quantity_of(fact: Confirmed) -> Decimal:
    """How much it confirms, as it was written."""
    return Decimal(str(fact.quantity))


def counted(came: Iterable[Confirmed], terms: Deliverable) -> list[Decimal]:
    """How much of each counts, in the order in which they came."""
    if not isinstance(terms.to, Mapping):
        return [NOTHING if has_wrong_recipient(fact, terms) else quantity_of(fact) for fact in came]
    found = []
    before = NOTHING
    had: defaultdict[str | None, Decimal] = defaultdict(Decimal)
    for fact in came:
        had[fact.to] += quantity_of(fact)
        now = min(had[None] + sum(by_recipient(had, terms.to).values()), terms.wanted)
        found.append(now - before)
        before = now
    return found


def added_up(came: Iterable[Confirmed]) -> dict[str | None, Decimal]:
    """How much was confirmed to whom; to nobody in particular by None."""
    had: defaultdict[str | None, Decimal] = defaultdict(Decimal)
    for fact in came:
        had[fact.to] += quantity_of(fact)
    return had


def by_recipient(had: Mapping[str | None, Decimal], wanted: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """What each recipient has of what it is to get, and no more."""
    return {to: min(had.get(to, NOTHING), quantity) for to, quantity in wanted.items()}
