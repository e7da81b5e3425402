"""Two states of one lead, written by two owners of its partition of whom one did not know that it had ceased to be.

Either may know what the other does not, so that neither may simply follow the other: their facts are merged.
"""

import msgspec

from sla_rules.engine.codec import SET_ASIDE, UNJUDGED, UNSENT, LeadState, decode, encode, pack_facts
from sla_rules.engine.quarantine import NEVER_CAUGHT, last_line
from sla_rules.formats import UnknownFormatError
from sla_rules.lead.facts import Fact, merge


def merge_states(one: bytes, other: bytes) -> bytes:
    """The state of all facts that either has, to be judged again.

    Raises:
        UnknownFormatError: one of them is of no format that this release reads, or they cannot be merged.

    """
    first, second = decode(one), decode(other)
    facts = _facts_of_both(first, second)
    as_of = max(first.as_of, second.as_of)
    digest = UNSENT if {first.digest, second.digest} & SET_ASIDE else UNJUDGED
    return encode(
        msgspec.structs.replace(
            first, digest=digest, as_of=as_of, next_due=None, contributions=(), packed=pack_facts(facts)
        )
    )


def supersedes(later: bytes, earlier: bytes) -> bool:
    """Whether a state knows all that another one does, so that it may take its place.

    Raises:
        UnknownFormatError: one of them is of no format that this release reads, or they cannot be merged.

    """
    new, old = decode(later), decode(earlier)
    return new.packed == old.packed or pack_facts(_facts_of_both(new, old)) == new.packed


def _facts_of_both(one: LeadState, other: LeadState) -> tuple[Fact, ...]:
    """All facts of both; what cannot be merged stops whoever asks, since it is kept in both and nowhere else."""
    facts, others = one.facts, other.facts
    try:
        return merge(facts, others)[0]
    except NEVER_CAUGHT:
        raise
    except Exception as error:
        message = f"what two owners of a partition knew of one lead cannot be merged: {last_line(error)}"
        raise UnknownFormatError(message) from error
