"""Records of one partition -> facts by lead, or what goes to the rejected topic. Bad input never stops the stream."""

from collections import Counter
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from sla_rules.agreement.rulebook import RuleBook
from sla_rules.engine.codec import decode_fact
from sla_rules.engine.partition import PartitionState
from sla_rules.evaluation.remedies import check_remedies
from sla_rules.events.decode import facts_of, read_event
from sla_rules.events.rejection import RejectionError
from sla_rules.events.schema import AboutSomething, key_of
from sla_rules.events.vocabulary import ABOUT_LEADS, Vocabulary
from sla_rules.formats import UnknownFormatError
from sla_rules.instants import Duration, Instant
from sla_rules.lead.bounds import out_of_bounds
from sla_rules.lead.facts import NEVER, Fact, Forwarded
from sla_rules.names import BACKFILL, BEGINS, ENDS, FORWARDED_TOPIC
from streams.dead_letters.rejected import Rejected
from streams.kafka.partitioning import partition_of
from streams.reading.records import Record, arrival_of
from streams.reading.stand_ins import StandIn
from streams.reading.unreadable import spelled

_LARGEST_TENANT_KEY: Final = 512
_FOR_LIBRDKAFKA: Final = "; clients of librdkafka have to set partitioner=murmur2_random"
LARGEST_KEY: Final = 4 * 256
"""Bytes of a lead's name: 256 characters, or a key with a tenant before the name."""


@dataclass(slots=True)
class Decoded:
    """A batch, read: facts by lead in the order they came, the times of what brought them, and what could not be read."""

    facts: dict[bytes, list[Forwarded]] = field(default_factory=dict)
    rejected: list[Rejected] = field(default_factory=list)
    times: list[Instant] = field(default_factory=list)
    sources: dict[str, Instant] = field(default_factory=dict)
    """When the last event arrived of each source, of those that could be read."""
    begun: Instant | None = None
    """When the mark arrived that history begins, if there is one."""
    ended: Instant | None = None
    """When the mark arrived that it has ended."""
    brought: dict[int, int] = field(default_factory=dict)
    """How many facts a record brought, by its offset, where it is about several subjects; any other that was read, one."""
    uncounted: dict[bytes, dict[int, int | None]] = field(default_factory=dict)
    """By lead the places of facts that do not count as records: those beside another fact of their record, with its place, and
    those of a record that could not be read for every subject and counts as rejected.
    """

    def reasons(self) -> Counter[str]:
        """How many were rejected, by reason."""
        return Counter(one.reason for one in self.rejected)

    def reason_by_offset(self) -> dict[int, str]:
        """Why what was rejected was, by its offset."""
        return {one.record.offset: one.reason for one in self.rejected}


def decode(
    records: Sequence[Record],
    partitions: int,
    known: Container[bytes],
    tolerated: Duration,
    vocabulary: Vocabulary = ABOUT_LEADS,
    keep: Duration | None = None,
    rules: RuleBook | None = None,
) -> Decoded:
    """Read the records of a batch; `known` holds keys of the partition that need no second check of their place.

    Confirmations of remedies are held against the `rules`, where these are given.
    """
    decoded = Decoded()
    for record in records:
        if record.value is None and record.headers and _take_mark(record, decoded):
            continue
        try:
            if record.topic == FORWARDED_TOPIC:
                key, facts, unread = _forwarded(record, partitions, known)
            else:
                key, facts, unread = _published(record, partitions, known, tolerated, vocabulary, keep)
                if rules is not None:
                    check_remedies(rules, key.decode(), facts)
        except RejectionError as rejection:
            # A stand-in has no value, so that it is always found here. No name may keep the error: it holds the batch.
            reason, detail = rejection.reason, rejection.detail
            if isinstance(record, StandIn):
                reason, detail = record.reason, record.detail
            decoded.rejected.append(Rejected(record, reason, detail))
            continue
        known_facts = decoded.facts.setdefault(key, [])
        if len(facts) > 1 or unread is not None:
            _note_several(decoded, record, key, len(facts), unread)
        known_facts += facts
        first = facts[0]
        if first.time != NEVER:
            decoded.times.append(first.time)
        decoded.sources[first.source] = first.arrival
    return decoded


def _note_several(decoded: Decoded, record: Record, key: bytes, facts: int, unread: RejectionError | None) -> None:
    """What is to be known of a record that is about several subjects, before its facts join those of the batch."""
    first = len(decoded.facts[key])
    decoded.brought[record.offset] = facts
    places = range(first if unread is not None else first + 1, first + facts)
    decoded.uncounted.setdefault(key, {}).update(dict.fromkeys(places, None if unread is not None else first))
    if unread is not None:
        decoded.rejected.append(Rejected(record, unread.reason, unread.detail))


def _take_mark(record: Record, decoded: Decoded) -> bool:
    """Whether a record is a mark that history begins or has ended, and no event."""
    said = dict(record.headers).get(BACKFILL)
    if said not in {BEGINS, ENDS}:
        return False
    if said == BEGINS:
        decoded.begun = arrival_of(record)
    else:
        decoded.ended = arrival_of(record)
    decoded.brought[record.offset] = 0
    return True


@dataclass(frozen=True, slots=True)
class Decoder:
    """Reads what comes to the partitions of a service; events may lie ahead of their arrival by what is `tolerated`."""

    partitions: int
    tolerated: Duration

    def decode(self, records: Sequence[Record], state: PartitionState) -> Decoded:
        """Read records of a partition."""
        rules = state.rules
        return decode(records, self.partitions, state.leads, self.tolerated, rules.vocabulary, rules.keep, rules)


def _published(
    record: Record,
    partitions: int,
    known: Container[bytes],
    tolerated: Duration,
    vocabulary: Vocabulary,
    keep: Duration | None,
) -> tuple[bytes, Sequence[Fact], RejectionError | None]:
    """What a CRM published, and why it cannot be read for one of the subjects that it is about."""
    event = read_event(record.value, _headers(record), vocabulary)
    facts, unread = facts_of(event, arrival_of(record), tolerated, keep)
    return _checked_key(record, event, partitions, known), facts, unread


def _forwarded(
    record: Record, partitions: int, known: Container[bytes]
) -> tuple[bytes, Sequence[Forwarded], RejectionError | None]:
    """What a merge sent here from another lead."""
    if record.value is None or not record.key:
        raise RejectionError(reason="broken_forward", detail="a forwarded fact needs a key and a value")
    if len(record.key) > LARGEST_KEY:
        raise RejectionError("broken_forward", f"the key has {len(record.key)} bytes, more than any lead's name")
    try:
        record.key.decode()
        fact = decode_fact(record.value)
    except (UnicodeDecodeError, UnknownFormatError) as unknown:
        raise RejectionError("broken_forward", str(unknown)) from None
    if (wrong := out_of_bounds(fact)) is not None:
        raise RejectionError("broken_forward", wrong)
    return _placed(record.key, record, partitions, known), (fact,), None


def _headers(record: Record) -> Mapping[str, bytes] | None:
    """Its headers by name.

    Raises:
        RejectionError: a name is not UTF-8, so that nobody knows what the header is.

    """
    if not record.headers:
        return None
    headers = dict(record.headers)
    for name in headers:
        if not name.isascii() and spelled(name) != name:
            raise RejectionError("broken_header", f"the name of header {spelled(name)} is not UTF-8")
    return headers


def _checked_key(record: Record, event: AboutSomething, partitions: int, known: Container[bytes]) -> bytes:
    """The record's key, if it names the event's lead and lies on the partition it belongs to.

    Where several tenants share the topics, the key is the lead's name after the tenant's and a slash.
    """
    key = record.key
    if not key:
        raise RejectionError(reason="missing_key", detail="the record has no key; it has to be the lead id")
    expected = key_of(event)
    if key != expected.encode():
        text = key[:_LARGEST_TENANT_KEY].decode(errors="replace")
        if len(key) > _LARGEST_TENANT_KEY or not key.endswith(b"/" + expected.encode()) or "\ufffd" in text:
            raise RejectionError("wrong_key", f"key {text!r} is not that of the event, {expected!r}")
    return _placed(key, record, partitions, known)


def _placed(key: bytes, record: Record, partitions: int, known: Container[bytes]) -> bytes:
    if key not in known:
        place = partition_of(key, partitions)
        if place != record.partition:
            detail = f"key belongs on partition {place} by murmur2, found on {record.partition}{_FOR_LIBRDKAFKA}"
            raise RejectionError("wrong_partition", detail)
    return key
