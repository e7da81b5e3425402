"""From when to when somebody is a customer: from being won, the hand-off, to being lost, the closing, and again.

A connection ends a cycle of a lead and no tenure: whoever serves a customer reaches it again and again. Who takes it over
is noted; what it is like is what it was when it was won.
"""

from sla_rules.lead.cycle import Cycle, Owner
from sla_rules.lead.cycles import Life
from sla_rules.lead.facts import WITH_FIELDS, Excused, Fields, HandedOff, Reassigned
from sla_rules.lead.transitions import trigger_of
from sla_rules.time.intervals import FOREVER, Interval


def tenures(life: Life) -> list[Cycle]:
    """Each tenure as a cycle, numbered from 1, in order; the last may not have ended. What is waived once a customer is lost is the loss."""
    fields: Fields = {}
    last = Owner(0, None, None)
    found: list[Cycle] = []
    is_customer = False
    for fact in life.facts:
        if isinstance(fact, WITH_FIELDS):
            fields = {**fields, **fact.fields}
        trigger = trigger_of(fact)
        if isinstance(fact, HandedOff | Reassigned):
            last = Owner(fact.time, fact.rep, fact.team or last.team)
        if trigger in {"handed_off", "reopened"} and not is_customer:
            is_customer = True
            owner = last._replace(since=fact.time)
            found.append(Cycle(len(found) + 1, fact.time, fact.arrival, fields, [owner], life.subject, marks=[fact]))
        elif trigger in {"handed_off", "reassigned"} and is_customer:
            found[-1].owners.append(last)
            found[-1].marks.append(fact)
        elif trigger == "closed" and is_customer:
            is_customer = False
            found[-1].end, found[-1].ended_by = fact.time, "closed"
            found[-1].marks.append(fact)
        elif isinstance(fact, Excused) and found and not is_customer:
            found[-1].excused = True
            found[-1].marks.append(fact)
    return found


def span_of(tenure: Cycle) -> Interval:
    """The instants at whose very end somebody is a customer in a tenure: the last is that in which it was lost."""
    return Interval(tenure.start, FOREVER if tenure.end is None else tenure.end + 1)
