"""What a fold did not take, as records for the dead letters: a fact comes back with the record that brought it."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sla_rules.engine.changes import Changes
from sla_rules.engine.codec import encode_fact
from sla_rules.lead.facts import Fact
from sla_rules.names import FORWARDED_TOPIC
from streams.clock import MILLISECOND
from streams.dead_letters.rejected import Rejected
from streams.pipeline.decode import Decoded
from streams.reading.records import Record

_NOWHERE: Final = -1


@dataclass(slots=True)
class FactAlone:
    """A fact that no record in hand has brought, as a merge would send it: sent again, it comes in by that door."""

    partition: int
    key: bytes | None
    value: bytes | None
    timestamp: int | None
    topic: str = FORWARDED_TOPIC
    offset: int = _NOWHERE
    headers: Sequence[tuple[str, bytes]] = ()

    @classmethod
    def of(cls, lead: bytes, fact: Fact, partition: int) -> "FactAlone":
        """A fact that was known of a lead."""
        return cls(partition, lead, encode_fact(fact), fact.arrival // MILLISECOND)


def reject_refused(changes: Changes, decoded: Decoded, records: Sequence[Record], partition: int) -> None:
    """Reject the records whose facts were not taken beside those that could not be read, in the order they came."""
    if not changes.refused:
        return
    unread = decoded.reason_by_offset()
    brought = defaultdict[bytes | None, list[Record]](list)
    for came in records:
        brought[came.key] += [came] * decoded.brought.get(came.offset, came.offset not in unread)
    for lead, refused in changes.refused.items():
        for one in refused:
            if one.place is None:
                decoded.rejected.append(Rejected(FactAlone.of(lead, one.fact, partition), one.reason, one.detail))
                continue
            record = brought[lead][one.place]
            if record.offset not in unread:  # once, however many of its facts were not taken
                unread[record.offset] = one.reason
                decoded.rejected.append(Rejected(record, one.reason, one.detail))
    decoded.rejected.sort(key=lambda rejected: rejected.record.offset)


def reject_known(changes: Changes, partition: int) -> Decoded:
    """The same where no batch brought anything: facts that were known and cannot be kept."""
    alone = (
        Rejected(FactAlone.of(lead, one.fact, partition), one.reason, one.detail)
        for lead, refused in changes.refused.items()
        for one in refused
    )
    return Decoded(rejected=list(alone))
