"""Since when the service listens for each agreement, as its group remembers it: one record an agreement (decision 57).

The first worker that serves an agreement writes it, and nobody ever moves it later. Of two that start at once the earlier
counts, whichever record comes last.
"""

from collections.abc import Iterable, Mapping
from typing import Final

from sla_rules.agreement.model import Agreement
from sla_rules.instants import Instant, iso, parse_instant
from streams.kafka.topic_memory import is_of_topic

_PREFIX: Final = b"listening:"


def is_of_listening(key: bytes) -> bool:
    """Whether a key of the group's memory is about since when it listens."""
    return key.startswith(_PREFIX)


def listening_since(remembered: Mapping[bytes, bytes]) -> dict[str, Instant]:
    """By agreement, since when the service listens, of all that a group remembers; of others it always has."""
    return {
        key.removeprefix(_PREFIX).decode(): _read(value) for key, value in remembered.items() if is_of_listening(key)
    }


def records_of(since: Mapping[str, Instant]) -> dict[bytes, bytes]:
    """What the group has to remember of it."""
    return {_PREFIX + agreement.encode(): iso(at).encode() for agreement, at in since.items()}


def begun(remembered: Mapping[bytes, bytes], agreements: Iterable[Agreement], now: Instant) -> dict[str, Instant]:
    """The agreements that nobody in the group has served before: the service listens for them since `now`.

    Of one that was served before anybody kept this, nothing is said: it always has.
    """
    known = listening_since(remembered)
    served = {key.partition(b"/")[0].decode() for key in remembered if not (is_of_topic(key) or is_of_listening(key))}
    return {one.agreement: now for one in agreements if one.agreement not in known.keys() | served}


def is_earlier(value: bytes, than: bytes) -> bool:
    """Whether one of two records of an agreement counts rather than the other."""
    return _read(value) < _read(than)


def _read(value: bytes) -> Instant:
    return parse_instant(value.decode())
