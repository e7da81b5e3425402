"""CloudEvents as a CRM writes them: structured, in JSON, with ids that follow from the seed."""

import json
from hashlib import blake2b
from typing import Final
from zoneinfo import ZoneInfo

from crm_simulator.item import PublishedNotices
from sla_rules.instants import moment

HEADERS: Final = (("content-type", b"application/cloudevents+json"),)
_MILLISECOND: Final = 1_000


def source_of(seed: int) -> str:
    """The CRM and tenant that a simulation plays."""
    return f"/crm/simulated/{seed}"


def event_id(seed: int, *names: object) -> str:
    """The id of one event: the same for the same seed and names."""
    name = "/".join(map(str, (seed, *names)))
    return blake2b(name.encode(), digest_size=12).hexdigest()


def envelope(told: PublishedNotices, seed: int, number: int, zone: ZoneInfo) -> dict[str, object]:
    """The event that says it; `number` sets apart what is said of one subject."""
    time = moment(told.time // _MILLISECOND * _MILLISECOND).astimezone(zone)
    return {
        "specversion": "1.0",
        "id": event_id(seed, told.subject, number),
        "source": source_of(seed),
        "type": told.type,
        "subject": told.subject,
        "time": time.isoformat(timespec="milliseconds"),
        "datacontenttype": "application/json",
        "data": told.data,
    }


def packed(event: dict[str, object]) -> bytes:
    """The event as bytes, without blanks."""
    return json.dumps(event, separators=(",", ":"), ensure_ascii=False).encode()
