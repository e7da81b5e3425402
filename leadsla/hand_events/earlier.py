"""Whether the same was published just now, so that a command that is given twice by mistake does nothing the second time."""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

import msgspec

from leadsla.hand_events.events import HandEvent
from sla_rules.instants import MINUTE, Instant
from streams.dead_letters.lookback import records_before
from streams.kafka.partitioning import partition_of
from streams.kafka.topics import partition_counts
from streams.reading.records import arrival_of
from streams.settings import Settings

_LOOKED_AT: Final = 2_000
"""Last records of the partition."""
_JUST_NOW: Final = MINUTE


class Earlier(NamedTuple):
    """When the same was published; `same_event` if it is the very event, which changes nothing however often it comes."""

    at: Instant
    same_event: bool


async def earlier(settings: Settings, one: HandEvent, now: Instant) -> Earlier | None:
    """The last record with the event's id, or with its words within the last minute.

    Raises:
        TopicsError: the event's topic is not there.
        aiokafka.errors.KafkaError: no broker answers.

    """
    found = None
    partition = partition_of(one.key, (await partition_counts(settings, [one.topic]))[one.topic])
    async for records in records_before(settings, one.topic, partition, None, _LOOKED_AT):
        for record in records:
            if record.key != one.key or (event := _event(record.value)) is None:
                continue
            at = arrival_of(record)
            same_event = event.get("id") == one.event["id"] and event.get("source") == one.event["source"]
            if same_event or (at > now - _JUST_NOW and one.words.items() <= event.items()):
                found = Earlier(at, same_event or (found is not None and found.same_event))
    return found


def _event(value: bytes | None) -> Mapping[str, Any] | None:
    try:
        event = msgspec.json.decode(value or b"")
    except msgspec.DecodeError:
        return None
    return event if isinstance(event, dict) else None
