"""From when to when something is watched, as a service is by its monitor: from its first event to its removal, and again.

Whatever says that it is there begins a watch: that it came into being, is down, is up or up again. What closes it ends the watch.
"""

from collections.abc import Iterator
from typing import Final

from sla_rules.lead.cycle import CREATION, Cycle, Owner
from sla_rules.lead.cycles import Life
from sla_rules.lead.facts import WITH_FIELDS, Created, Fact, Fields
from sla_rules.lead.transitions import trigger_of

_BEGINNINGS: Final = frozenset(("handed_off", "reopened", "connected"))


def watches(life: Life) -> Iterator[Cycle]:
    """Each watch as a cycle that no hand-off and no connection touches, in order; the last may not have ended.

    What is watched is throughout what it was like when the watch began.
    """
    fields: Fields = {}
    watch: Cycle | None = None
    for fact in life.facts:
        if watch is None:
            if isinstance(fact, WITH_FIELDS):
                fields = {**fields, **fact.fields}
            if _begins(fact):
                owner = Owner(fact.time, None, None)
                watch = Cycle(CREATION, fact.time, fact.arrival, fields, [owner], life.subject, marks=[fact])
        elif trigger_of(fact) == "closed":
            watch.end, watch.ended_by = fact.time, "closed"
            watch.marks.append(fact)
            yield watch
            watch = None
    if watch is not None:
        yield watch


def _begins(fact: Fact) -> bool:
    """Whether what was not watched is from here on."""
    return isinstance(fact, Created) or trigger_of(fact) in _BEGINNINGS
