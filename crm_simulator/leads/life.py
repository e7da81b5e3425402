"""One lead's whole life, from its form to its last event."""

from collections.abc import Iterator
from typing import Final

from crm_simulator.chance import around, chance, happens
from crm_simulator.item import Happening
from crm_simulator.leads.forms import Lead
from crm_simulator.leads.marketing import hand_off_time, nurture, welcome
from crm_simulator.leads.sales import FollowUp
from crm_simulator.leads.staff import rep_of, team_of
from crm_simulator.plan import Plan
from sla_rules.instants import DAY, Instant, moment

_COMES_BACK: Final = 0.5
"""Share of recycled leads that marketing hands off again."""
_MOST_CYCLES: Final = 3
_SLOWED_BY_RUSH: Final = 0.22
"""Exponent: ten times the leads make each wait 1.7 times as long."""


def life(lead: Lead, plan: Plan) -> Iterator[Happening]:
    """What happens to a lead, each thing once; not always in the order of time."""
    calendar = plan.calendar
    rng = chance(plan.seed, lead.id)
    yield from welcome(lead, rng)
    at = hand_off_time(lead, calendar, rng)
    if at is None:
        yield from nurture(lead, rng)
        return
    team = team_of(lead.fields["role"])
    fields: dict[str, object] = {}
    for _ in range(_MOST_CYCLES):
        recycled = None
        for told in FollowUp(lead.id, calendar, rng, _pace(plan, at)).begin(at, rep_of(team, rng), fields):
            yield told
            if told.type == "lead.recycled.v1":
                recycled = told.time
        if recycled is None or not happens(_COMES_BACK, rng):
            return
        at = recycled + round(around(6, 0.6, rng) * DAY)
        fields = {"score": min(lead.score + 10, 100.0), "campaign": "win-back"}


def _pace(plan: Plan, at: Instant) -> float:
    """In a rush the leads wait longer, since there are no more reps than on other days."""
    rush = plan.rushes.get(moment(at).astimezone(plan.calendar.zone).date(), 1.0)
    return float(rush**_SLOWED_BY_RUSH)
