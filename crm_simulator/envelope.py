"""CloudEvents as a CRM writes them: structured, in JSON, with ids that follow from the seed."""

import json
from hashlib import blake2b
from typing import Final

from crm_simulator.item import Happening, System
from sla_rules.instants import moment

HEADERS: Final = (("content-type", b"application/cloudevents+json"),)
_MILLISECOND: Final = 1_000


def event_id(seed: int, *names: object) -> str:
    """The id of one event: the same for the same seed and names."""
    name = "/".join(map(str, (seed, *names)))
    return blake2b(name.encode(), digest_size=12).hexdigest()


def mark_of(seed: int) -> str:
    """What sets the ids of one simulation's leads, tickets and customers apart from another's."""
    return event_id(seed, "mark")[:4]


def envelope(told: Happening, seed: int, names: tuple[object, ...], system: System) -> dict[str, object]:
    """The event that says it; `names` set apart what is said of one subject."""
    time = moment(told.time // _MILLISECOND * _MILLISECOND).astimezone(system.zone)
    return {
        "specversion": "1.0",
        "id": event_id(seed, told.subject, *names),
        "source": f"/{system.name}/simulated/{seed}",
        "type": told.type,
        "subject": told.subject,
        "time": time.isoformat(timespec="milliseconds"),
        "datacontenttype": "application/json",
        "data": told.data,
    }


def packed(event: dict[str, object]) -> bytes:
    """The event as bytes, without blanks."""
    return json.dumps(event, separators=(",", ":"), ensure_ascii=False).encode()
