"""Since when the service listens for each agreement, as its group remembers it: one record an agreement (decision 57).

The first worker that serves an agreement writes it, unless somebody who loads history has told an earlier instant before.
Nobody ever moves it later: of two records the earlier counts, whichever comes last.
"""

from collections.abc import Iterable, Mapping
from typing import Final

from sla_rules.agreement.model import Agreement
from sla_rules.instants import Instant, iso, parse_instant
from streams.kafka.topic_memory import is_of_topic

_PREFIX: Final = b"listening:"


class ListeningError(ValueError):
    """It is too late to say since when the service listens for an agreement; `since` if it is known."""

    def __init__(self, agreement: str, since: Instant | None) -> None:
        held = "has always listened" if since is None else f"listens since {iso(since)}"
        why = "it is told before the first worker starts, and never moved later"
        super().__init__(f"for {agreement} the service {held}: {why}")


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
    heard = listening_since(remembered).keys() | _served(remembered)
    return {one.agreement: now for one in agreements if one.agreement not in heard}


def told_before(remembered: Mapping[bytes, bytes], agreements: Iterable[str], at: Instant) -> dict[str, Instant]:
    """The agreements for which `at` is news and still can be: those that no worker has served.

    Raises:
        ListeningError: an agreement has been served by now, or an earlier instant was told before.

    """
    known, served = listening_since(remembered), _served(remembered)
    found = {}
    for name in dict.fromkeys(agreements):
        since = known.get(name)
        if since == at:
            continue
        if name in served or (since is not None and since < at):
            raise ListeningError(name, since)
        found[name] = at
    return found


def is_earlier(value: bytes, than: bytes) -> bool:
    """Whether one of two records of an agreement counts rather than the other."""
    return _read(value) < _read(than)


def _served(remembered: Mapping[bytes, bytes]) -> set[str]:
    """The agreements that a worker has worked with."""
    return {key.partition(b"/")[0].decode() for key in remembered if not (is_of_topic(key) or is_of_listening(key))}


def _read(value: bytes) -> Instant:
    return parse_instant(value.decode())
