"""A lead's state <-> bytes. The first byte is the format; a format, once released, stays readable for good.

The facts are the truth. What was made of them stands in front, so that loading a partition need not look at a fact:
`digest` names the agreements it was made with, `as_of` the time, `next_due` the next instant at which time alone changes
a verdict, `contributions` the lead's part in the figures, and `revised` says that mergers or corrections have a say in it.
`last_time` and `last_arrival` are the latest of its facts.
"""

from collections.abc import Callable
from typing import Final, NamedTuple, TypeVar

import msgspec

from sla_rules.evaluation.contributions import Contribution
from sla_rules.formats import DAMAGED, UnknownFormatError
from sla_rules.instants import Instant
from sla_rules.lead.facts import Fact, Forwarded
from sla_rules.limits import LARGEST_STATE

FORMAT: Final = b"\x01"

UNJUDGED: Final = ""
"""Digest of no agreements: whoever loads such a state judges it again, compares it with what was published and writes it."""
SHORTENED: Final = "shortened"
"""The same of one that was too large with what follows from it."""
QUARANTINED: Final = "quarantined"
"""Digest of none either, in the state of a lead that could not be judged: whoever loads it tries again."""
UNSENT: Final = "quarantined, nothing sent"
"""The same of one of which nobody could say what it has to send on."""
SET_ASIDE: Final = frozenset((QUARANTINED, UNSENT))


_T = TypeVar("_T")


class LeadState(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """All that is kept of one lead; `packed` holds its facts in order, encoded."""

    digest: str
    as_of: Instant
    next_due: Instant | None
    contributions: tuple[Contribution, ...]
    revised: bool
    last_time: Instant
    last_arrival: Instant
    packed: msgspec.Raw

    @property
    def facts(self) -> tuple[Fact, ...]:
        """The facts, in order.

        Raises:
            UnknownFormatError: the bytes are of no format that this release reads.

        """
        return unpack_facts(self.packed)


class Reader(NamedTuple):
    """Reads what follows the first byte of a former format as if this release had written it, packed facts included.

    Both raise what msgspec raises over bytes that they cannot read.
    """

    state: Callable[[memoryview], LeadState]
    fact: Callable[[memoryview], Forwarded]


FORMER: Final[dict[bytes, Reader]] = {}
"""Formats of earlier releases, by first byte. `FORMAT` itself is not among them: it is read without looking here."""


def pack_facts(facts: tuple[Fact, ...]) -> msgspec.Raw:
    """Facts as they stand in a state."""
    return msgspec.Raw(_ENCODER.encode(facts))


def unpack_facts(packed: msgspec.Raw) -> tuple[Fact, ...]:
    """What `pack_facts` made the bytes of.

    Raises:
        UnknownFormatError: the bytes are of no format that this release reads.

    """
    try:
        return _FACTS.decode(packed)
    except DAMAGED as broken:
        message = f"facts of a lead are damaged: {broken}"
        raise UnknownFormatError(message) from None


def each_packed(packed: msgspec.Raw) -> list[bytes]:
    """The bytes of each of the facts."""
    return list(map(bytes, _EACH.decode(packed)))


def encode_fact(fact: Forwarded) -> bytes:
    """One fact by itself, as it is forwarded to another lead."""
    return FORMAT + _ENCODER.encode(fact)


def decode_fact(data: bytes) -> Forwarded:
    """The fact that `encode_fact` made the bytes of.

    Raises:
        UnknownFormatError: the bytes are of no format that this release reads.

    """
    what = "fact"
    return _opened(what, data, _FACT.decode if data[:1] == FORMAT else _former(what, data).fact)


def encode(state: LeadState) -> bytes:
    """The state as bytes: never empty, since an empty value means a lead that left."""
    return FORMAT + _ENCODER.encode(state)


def decode(data: bytes) -> LeadState:
    """The state that `encode` made the bytes of.

    Raises:
        UnknownFormatError: the bytes are of no format that this release reads.

    """
    what = "lead state"
    return _opened(what, data, _STATE.decode if data[:1] == FORMAT else _former(what, data).state)


def as_kept(data: bytes, state: LeadState | None = None) -> bytes:
    """The bytes of a state as a topic takes them: without what can be worked out again, where that is too large for a record."""
    if len(data) <= LARGEST_STATE:
        return data
    return encode(msgspec.structs.replace(state or decode(data), digest=SHORTENED, next_due=None, contributions=()))


def _opened(what: str, data: bytes, read: Callable[[memoryview], _T]) -> _T:
    try:
        return read(memoryview(data)[1:])
    except DAMAGED as broken:
        message = f"{what} of format {data[:1].hex()} is damaged: {broken}"
        raise UnknownFormatError(message) from None


def _former(what: str, data: bytes) -> Reader:
    reader = FORMER.get(data[:1])
    if reader is None:
        known = ", ".join(sorted(one.hex() for one in (FORMAT, *FORMER)))
        message = f"{what} of unknown format {data[:1].hex() or 'none'}; this release reads {known}"
        raise UnknownFormatError(message)
    return reader


_ENCODER: Final = msgspec.msgpack.Encoder()
_STATE: Final = msgspec.msgpack.Decoder(LeadState)
_FACT: Final["msgspec.msgpack.Decoder[Forwarded]"] = msgspec.msgpack.Decoder(Forwarded)
_FACTS: Final = msgspec.msgpack.Decoder(tuple[Fact, ...])
_EACH: Final = msgspec.msgpack.Decoder(list[msgspec.Raw])
