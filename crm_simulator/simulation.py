"""The simulation: what happens to leads and whatever else is agreed on, put in envelopes and sent, in the order it arrives."""

from collections.abc import Iterator
from datetime import timedelta
from heapq import heappop, heappush
from typing import Final

from crm_simulator.chance import chance
from crm_simulator.envelope import HEADERS, envelope, event_id, packed
from crm_simulator.faults import broken
from crm_simulator.item import Episode, Item, System
from crm_simulator.plan import Plan
from crm_simulator.systems import systems_of
from crm_simulator.travel import arrivals
from sla_rules.agreement.rulebook import RuleBook
from sla_rules.events.vocabulary import Vocabulary, topic_of
from sla_rules.time.periods import start_of

_ONE_DAY: Final = timedelta(days=1)


def simulate(plan: Plan) -> Iterator[Item]:
    """Every record that arrives from where the plan begins to its end, in the order of arrival.

    The same plan gives the same records. Longer plans with the same seed and start begin like shorter ones.
    """
    rules = RuleBook(plan.agreements)
    systems = systems_of(plan, rules)
    pending: list[tuple[int, int, Item]] = []
    number = 0
    day = plan.begins
    while day < plan.after:
        begins = min(start_of(day, system.zone) for system in systems)
        while pending and pending[0][0] < begins:
            yield heappop(pending)[-1]
        for system in systems:
            for episode in system.episodes(day):
                for item in _sent(episode, plan, system, rules.vocabulary):
                    number += 1
                    heappush(pending, (item.arrival, number, item))
        day += _ONE_DAY
    end = min(start_of(plan.after, system.zone) for system in systems)
    while pending and pending[0][0] < end:
        yield heappop(pending)[-1]


def _sent(episode: Episode, plan: Plan, system: System, vocabulary: Vocabulary) -> Iterator[Item]:
    """All records of an episode, in no order."""
    rng = chance(plan.seed, episode.key, *episode.names, "sent")
    faults = chance(plan.seed, episode.key, *episode.names, "faults")
    key = episode.key.encode()
    for number, told in enumerate(episode.happenings):
        names = (*episode.names, number)
        event = envelope(told, plan.seed, names, system)
        topic = topic_of(told.type, vocabulary)
        if topic is None:
            message = f"{told.type} is no event of any agreement"
            raise ValueError(message)
        value = packed(event)
        sent = list(arrivals(told, rng))
        for arrival in sent:
            yield Item(arrival, topic, key, value, HEADERS)
        if faults.random() < plan.broken_share:
            beside = {**event, "id": event_id(plan.seed, told.subject, *names, "broken")}
            yield Item(sent[0], topic, key, broken(beside, faults), HEADERS)
