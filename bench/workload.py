"""The events that every contender is given: lives of leads as a CRM publishes them, the same for the same numbers.

Each lead is created, handed off and attempted 0 to 12 times over days; 2 % of the events come twice and 2 % late. Event
ids are UUIDs. Records lie in the order they arrive, and are stamped with it.
"""

import json
from collections.abc import Iterator, Mapping
from itertools import count
from random import Random
from typing import Final, NamedTuple
from uuid import UUID

from sla_rules.events.schema import TOPIC_OF_TYPE
from sla_rules.instants import DAY, HOUR, MINUTE, SECOND, Instant, moment

BEGIN: Final[Instant] = 1_772_434_800 * SECOND
"""2026-03-02T07:00:00Z, a Monday morning."""
EVENTS: Final = 400_000
_ATTEMPTS: Final = (8, 14, 14, 12, 10, 9, 8, 7, 6, 5, 3, 2, 2)
"""Weights of 0, 1, 2 ... 12 attempts."""
_DAYS: Final = 14
"""Leads come in over so many days."""
_TWICE: Final = 0.02
_LATE: Final = 0.02


class Record(NamedTuple):
    """A record as a CRM publishes it; `stamp` is its arrival."""

    topic: str
    key: bytes
    value: bytes
    stamp: Instant


def records(events: int = EVENTS, seed: int = 1) -> list[Record]:
    """So many records of as many leads as that takes, in the order they arrive."""
    told: list[Record] = []
    for number in count():
        if len(told) >= events:
            break
        told.extend(life(number, Random(f"{seed}/{number}")))  # noqa: S311 - no secret
    del told[events:]
    return sorted(told, key=lambda record: record.stamp)


def life(number: int, rng: Random, attempts: int | None = None) -> Iterator[Record]:
    """All that is published of one lead, in no order; so many attempts, or as many as chance will have it."""
    lead = f"lead-{number:08d}"
    created = BEGIN + round(rng.random() * _DAYS * DAY)
    fields = {
        "role": rng.choice(("director", "manager", "engineer")),
        "region": rng.choice(("north", "south", "east", "west")),
        "product": rng.choice(("basic", "plus")),
        "score": rng.randint(1, 100),
        "source_channel": rng.choice(("web", "fair", "referral", "mail")),
    }
    rep = f"rep-{rng.randint(1, 40):02d}"
    yield from _sent(lead, "lead.created.v1", created, fields, rng)
    handed_off = created + round(rng.expovariate(1 / (20 * MINUTE)))
    yield from _sent(lead, "lead.handed_off.v1", handed_off, {"rep_id": rep, "team": f"team-{rep[-1]}"}, rng)
    at = handed_off
    by_chance = rng.choices(range(len(_ATTEMPTS)), _ATTEMPTS)[0]
    for attempt in range(by_chance if attempts is None else attempts):
        at += round(rng.expovariate(1 / (HOUR if attempt == 0 else 20 * HOUR)))
        outcome = rng.choice(("no_answer", "voicemail"))
        data = {"channel": "phone", "actor": "human", "rep_id": rep, "outcome": outcome, "duration_seconds": 20.0}
        yield from _sent(lead, "lead.contact_attempted.v1", at, data, rng)


def _sent(lead: str, kind: str, time: Instant, data: Mapping[str, object], rng: Random) -> Iterator[Record]:
    name = str(UUID(int=rng.getrandbits(128), version=4))
    arrival = time + round(rng.random() * SECOND)
    if rng.random() < _LATE:
        arrival += round(rng.random() * 4 * HOUR)
    while True:
        yield record(lead, kind, name, time, arrival, data)
        if rng.random() >= _TWICE:
            return
        arrival += round(rng.random() * 10 * SECOND)


def record(lead: str, kind: str, name: str, time: Instant, arrival: Instant, data: Mapping[str, object]) -> Record:
    """One event as a CRM publishes it; `name` is its id."""
    event = {
        "specversion": "1.0",
        "id": name,
        "source": "/crm/bench",
        "type": kind,
        "subject": lead,
        "time": moment(time).isoformat(timespec="milliseconds"),
        "datacontenttype": "application/json",
        "data": data,
    }
    return Record(TOPIC_OF_TYPE[kind], lead.encode(), json.dumps(event, separators=(",", ":")).encode(), arrival)
