"""Two states of one lead, written by two owners of its partition of whom one did not know that it had ceased to be.

Either may know what the other does not, so that neither may simply follow the other: their facts are merged.
"""

from typing import Final

import msgspec

from sla_rules.codec import decode, encode, pack_facts
from sla_rules.facts import merge

UNJUDGED: Final = ""
"""Digest of no agreements: whoever loads such a state judges it anew, compares it with what was told and writes it."""


def joined(one: bytes, other: bytes) -> bytes:
    """The state of all facts that either has, to be judged anew.

    Raises:
        UnknownFormatError: one of them is of no format that this release reads.

    """
    first, second = decode(one), decode(other)
    facts, _ = merge(first.facts, second.facts)
    as_of = max(first.as_of, second.as_of)
    return encode(msgspec.structs.replace(first, digest=UNJUDGED, as_of=as_of, packed=pack_facts(facts)))


def follows(later: bytes, earlier: bytes) -> bool:
    """Whether a state knows all that another one does, so that it may take its place.

    Raises:
        UnknownFormatError: one of them is of no format that this release reads.

    """
    new, old = decode(later), decode(earlier)
    return new.packed == old.packed or pack_facts(merge(new.facts, old.facts)[0]) == new.packed
