"""Broken records, as CRMs really send them: beside the events, so that they change no figure."""

from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random
from typing import Final

from crm_simulator.envelope import packed

Event = dict[str, object]


def broken(event: Event, rng: Random) -> bytes | None:
    """A record that went wrong on the way to being this event."""
    return rng.choice(_FAULTS)(event, rng)


def _cut_off(event: Event, rng: Random) -> bytes:
    value = packed(event)
    return value[: rng.randrange(20, len(value) - 1)]


def _of_unknown_type(event: Event, rng: Random) -> bytes:
    return packed({**event, "type": rng.choice(("lead.enriched.v1", "lead.created.v9", "contact.propertyChange"))})


def _without_time(event: Event, _: Random) -> bytes:
    return packed({name: value for name, value in event.items() if name != "time"})


def _without_offset(event: Event, _: Random) -> bytes:
    """A local time that does not say where: it could be any of a day's hours."""
    return packed({**event, "time": _time(event).replace(tzinfo=None).isoformat()})


def _from_the_future(event: Event, rng: Random) -> bytes:
    time = _time(event) + timedelta(days=rng.randint(4, 400))
    return packed({**event, "time": time.isoformat()})


def _nothing(_: Event, __: Random) -> None:
    return None


def _time(event: Event) -> datetime:
    return datetime.fromisoformat(str(event["time"]))


_FAULTS: Final[tuple[Callable[[Event, Random], bytes | None], ...]] = (
    _cut_off,
    _of_unknown_type,
    _without_time,
    _without_offset,
    _from_the_future,
    _nothing,
)
