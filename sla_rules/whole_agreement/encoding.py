"""Records of `sla-agreements` as bytes: the same for the same knowledge."""

from hashlib import blake2b
from typing import Final

import msgspec
from msgspec import Struct

from sla_rules.instants import Instant, iso
from sla_rules.reports.agreement_event import AgreementEvent
from sla_rules.reports.encode import document
from sla_rules.whole_agreement.records import SOURCE, RecordType, StateType


def event_record(event: AgreementEvent, agreement: str) -> tuple[bytes, bytes]:
    """The key and the record of an agreement event."""
    data = _ENCODE(document(event.data))
    return event.id.encode(), _record(event.id, event.type, agreement, iso(event.at), data)


def state_record(key: str, what: StateType, agreement: str, at: Instant, said: Struct) -> tuple[bytes, bytes]:
    """The key and the record of what an agreement comes to, `said`; `at` follows from that."""
    data = _ENCODE(document(said))
    return key.encode(), _state(key, what, agreement, iso(at), data)


def withdrawn_record(key: bytes, value: bytes) -> bytes:
    """The record of an agreement as it stands, marked as withdrawn."""
    found = _DECODE(value)
    data = _ENCODE({**found.data, "status": "withdrawn"})
    return _state(key.decode(), "sla.agreement.v1", found.subject, found.time, data)


class _AgreementRecord(msgspec.Struct):
    subject: str
    time: str
    data: dict[str, msgspec.Raw]


def _state(key: str, what: StateType, agreement: str, time: str, data: bytes) -> bytes:
    digest = blake2b(data, digest_size=8).hexdigest()
    return _record(f"{key}@{digest}", what, agreement, time, data)


def _record(name: str, what: RecordType, agreement: str, time: str, data: bytes) -> bytes:
    return _ENCODE(
        {
            "specversion": "1.0",
            "id": name,
            "source": SOURCE,
            "type": what,
            "subject": agreement,
            "time": time,
            "datacontenttype": "application/json",
            "data": msgspec.Raw(data),
        }
    )


_ENCODE: Final = msgspec.json.Encoder(order="deterministic").encode
_DECODE: Final = msgspec.json.Decoder(_AgreementRecord).decode
