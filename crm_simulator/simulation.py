"""The simulation: lives of leads, put in envelopes and sent, in the order they arrive."""

from collections.abc import Iterator
from heapq import heappop, heappush

from crm_simulator.chance import chance
from crm_simulator.envelope import HEADERS, envelope, event_id, packed
from crm_simulator.faults import broken
from crm_simulator.forms import Lead, leads_of
from crm_simulator.item import Item
from crm_simulator.life import life
from crm_simulator.plan import Plan
from crm_simulator.travel import arrivals
from sla_rules.events.schema import TOPIC_OF_TYPE
from sla_rules.time.periods import start_of


def simulate(plan: Plan) -> Iterator[Item]:
    """Every record that arrives within the plan's days, in the order of arrival.

    The same plan gives the same records. Longer plans with the same seed and start begin like shorter ones.
    """
    mark = event_id(plan.seed, "mark")[:4]
    pending: list[tuple[int, int, Item]] = []
    number = 0
    for day in plan.dates:
        begins = start_of(day, plan.calendar.zone)
        while pending and pending[0][0] < begins:
            yield heappop(pending)[-1]
        for lead in leads_of(plan, day, mark):
            for item in _sent(lead, plan):
                number += 1
                heappush(pending, (item.arrival, number, item))
    while pending and pending[0][0] < plan.end:
        yield heappop(pending)[-1]


def _sent(lead: Lead, plan: Plan) -> Iterator[Item]:
    """All records about one lead, in no order."""
    rng = chance(plan.seed, lead.id, "sent")
    faults = chance(plan.seed, lead.id, "faults")
    key = lead.id.encode()
    for number, told in enumerate(life(lead, plan)):
        event = envelope(told, plan.seed, number, plan.calendar.zone)
        topic = TOPIC_OF_TYPE[told.type]
        value = packed(event)
        sent = list(arrivals(told, rng))
        for arrival in sent:
            yield Item(arrival, topic, key, value, HEADERS)
        if faults.random() < plan.broken_share:
            beside = {**event, "id": event_id(plan.seed, told.subject, number, "broken")}
            yield Item(sent[0], topic, key, broken(beside, faults), HEADERS)
