"""What stands in `sla-agreements` of one agreement, beside what is to stand: the difference is to be written.

The content of an agreement event that stands, or was to be written once, is never replaced.
"""

from typing import Final, get_args

import msgspec

from sla_rules.formats import DAMAGED, UnknownFormatError
from sla_rules.names import AGREEMENTS_TOPIC
from sla_rules.reports.agreement_event import EventType
from sla_rules.whole_agreement.records import RecordType

_EVENTS: Final = frozenset(get_args(EventType))


class Envelope(msgspec.Struct):
    """A record: whose it is, what it says, and the bytes of that."""

    id: str
    type: RecordType
    subject: str
    data: msgspec.Raw


class StandingRecords:
    """The last record of each key, as read back, and as wanted."""

    def __init__(self, agreement: str) -> None:
        self._agreement: Final = agreement.encode()
        self._standing: dict[bytes, bytes] = {}
        self._wanted: dict[bytes, bytes] = {}
        self._events: dict[bytes, bytes] = {}
        """The first content of each event."""
        self._differing: set[bytes] = set()

    @property
    def differing(self) -> dict[bytes, bytes]:
        """The records that are to stand and do not yet stand so."""
        return {key: self._wanted[key] for key in sorted(self._differing)}

    def read_back(self, key: bytes, value: bytes | None) -> None:
        """Take in a record as it stands; None for one that was taken away. Other agreements' are not looked at.

        Raises:
            UnknownFormatError: it is none of ours.

        """
        if key.partition(b"/")[0] != self._agreement:
            return
        if value is None:
            self._standing.pop(key, None)
        else:
            found = opened(key, value)
            self._standing[key] = value
            if found.type in _EVENTS:
                self._events.setdefault(key, value)
                self._wanted[key] = self._events[key]
        self._compare(key)

    def want(self, key: bytes, value: bytes) -> None:
        """Have a record stand with this content."""
        self._wanted[key] = value
        self._compare(key)

    def want_event(self, key: bytes, value: bytes) -> None:
        """Have an agreement event stand, with this content unless it stands with another."""
        self.want(key, self._events.setdefault(key, value))

    def standing(self, key: bytes) -> bytes | None:
        """What stands under a key."""
        return self._standing.get(key)

    def is_known(self, key: bytes) -> bool:
        """Whether anything stands under a key, or is to stand."""
        return key in self._standing or key in self._wanted

    def _compare(self, key: bytes) -> None:
        if key in self._wanted and self._wanted[key] != self._standing.get(key):
            self._differing.add(key)
        else:
            self._differing.discard(key)


def opened(key: bytes, value: bytes) -> Envelope:
    """A record that lies under a key, as far as it is looked at here.

    Raises:
        UnknownFormatError: it is none of ours.

    """
    try:
        found = _DECODE(value)
    except DAMAGED as broken:
        message = f"{AGREEMENTS_TOPIC} holds a record that is none of ours: {broken}"
        raise UnknownFormatError(message) from None
    name = found.id if found.type in _EVENTS else found.id.rpartition("@")[0]
    if name.encode() != key or name.partition("/")[0] != found.subject:
        message = (
            f"{AGREEMENTS_TOPIC} holds a record that is none of ours: {found.id!r} of {found.subject!r}, as {key!r}"
        )
        raise UnknownFormatError(message)
    return found


_DECODE: Final = msgspec.json.Decoder(Envelope).decode
