"""Histories of many leads, as a careless CRM publishes them: duplicates, disorder, conflicts, rubbish."""

from random import Random
from typing import Final

from sla_rules.instants import MINUTE, moment
from streams.clock import wall_clock
from tests.events import Crm, Sent

AT_ONCE: Final = 20
"""Records of a history that may be sent at a time, where nothing but what it comes to is asked: one by one takes seconds."""


def careless_history(seed: int, leads: int, prefix: str = "L") -> list[Sent]:
    """Records of `leads` leads that lived within the last minute, in an order that only the seed explains."""
    chance = Random(seed)  # noqa: S311 - a test's dice, not a secret's
    crm = Crm(start=moment(wall_clock() - MINUTE), source=f"/crm/{prefix}/{seed}")
    records: list[Sent] = []
    for number in range(leads):
        lead = f"{prefix}-{seed}-{number}"
        own = [crm.created(lead, 0, region=chance.choice(["emea", "apac"])), crm.handed_off(lead, 1)]
        clash = f"e-{crm.sent}"
        own += _attempts(crm, lead, chance) + _turns(crm, lead, chance)
        if chance.random() < 0.1 and number:
            into = f"{prefix}-{seed}-{chance.randrange(number)}"
            own.append(crm.event("lead.merged.v1", lead, chance.uniform(0, 58), into=into))
        if chance.random() < 0.3:
            own.append(chance.choice(own))
        if chance.random() < 0.1:
            own.append(crm.called(lead, 3, id=clash))
        if chance.random() < 0.1:
            own.append(Sent("contact-attempt", lead.encode(), b"{rubbish"))
        records.extend(own)
    chance.shuffle(records)
    return records


def _attempts(crm: Crm, lead: str, chance: Random) -> list[Sent]:
    sent = []
    for _ in range(chance.randrange(5)):
        outcome = chance.choice(["no_answer", "voicemail", "connected"])
        actor = chance.choice(["human", "human", "automation"])
        sent.append(crm.called(lead, chance.uniform(0, 58), outcome, actor=actor))
    if sent and chance.random() < 0.1:
        sent.append(crm.event("lead.corrected.v1", lead, 59, replaces=f"e-{crm.sent}"))
    return sent


def _turns(crm: Crm, lead: str, chance: Random) -> list[Sent]:
    sent = []
    if chance.random() < 0.2:
        sent += [crm.event("lead.recycled.v1", lead, 30), crm.handed_off(lead, 40, team="field")]
    if chance.random() < 0.2:
        sent.append(crm.event("lead.disqualified.v1", lead, chance.uniform(2, 58)))
    if chance.random() < 0.05:
        sent.append(crm.event("lead.deleted.v1", lead, chance.uniform(2, 58)))
    if chance.random() < 0.2:
        sent.append(crm.event("lead.paused.v1", lead, 2))
        sent.append(crm.event("lead.resumed.v1", lead, chance.uniform(3, 20)))
    return sent
