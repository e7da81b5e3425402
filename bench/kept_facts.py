"""Which events a lead's state holds, whoever wrote it."""

import struct
from typing import Final

from sla_rules.engine.codec import decode

Known = tuple[str, str]
"""The source and the id of an event."""
_LENGTH: Final = struct.Struct(">H")
_STAMPS: Final = struct.Struct(">qqb")
"""Time, arrival and rank."""


def in_state(state: bytes) -> set[Known]:
    """Those in a state of ours."""
    return {(fact.source, fact.id) for fact in decode(state).facts}


def in_java_state(state: bytes) -> set[Known]:
    """Those in what `contenders/kafka_streams/Fact.java` writes."""
    found, at = set(), _LENGTH.size
    for _ in range(_LENGTH.unpack_from(state)[0]):
        source, at = _text(state, at + _STAMPS.size)
        name, at = _text(state, at)
        _, at = _text(state, at)
        found.add((source, name))
    return found


def _text(state: bytes, at: int) -> tuple[str, int]:
    """A text and where it ends."""
    begin = at + _LENGTH.size
    end = begin + _LENGTH.unpack_from(state, at)[0]
    return state[begin:end].decode(), end
