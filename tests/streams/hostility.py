# ruff: noqa: S311 - the same damage each time, no secret
"""Hostile records in hostile batches, sent to a real Kafka, and what has to become of every single one.

All is drawn from a seed. What the broker itself refuses was never sent. Of what it took, the offset says which record is
which, so that each is known to be a fact or a letter, with its reason, by rules alone: by `decode` and what was agreed,
apart from any worker.
"""

import asyncio
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random
from typing import Any, Final

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError

from sla_rules.agreement.rulebook import RuleBook
from sla_rules.engine.codec import decode as decode_state
from sla_rules.engine.codec import decode_fact
from sla_rules.engine.partition import PartitionState
from sla_rules.instants import DAY, MINUTE
from sla_rules.lead.facts import Forwarded, Merged
from sla_rules.names import FORWARDED_TOPIC, INPUT_TOPICS, REJECTED_TOPIC
from streams.dead_letters.letters import DeadLetter
from streams.kafka.partitioning import partition_of
from streams.kafka.topics import changelog_of
from streams.pipeline.decode import decode
from streams.settings import Settings
from tests.real_parts.hostile import CODECS, bomb, packed, raw_batch, record, to_send
from tests.real_parts.service import PARTITIONS, MeasuredWorker, all_records, last_values
from tests.streams.arrivals import Arrived
from tests.streams.lies import UNREADABLE
from tests.streams.mutations import CORPUS, INVALID_UTF8, damaged


def _is_merger(one: Arrived) -> bool:
    if one.topic == FORWARDED_TOPIC:
        return isinstance(decode_fact(one.value or b""), Merged)
    return b"lead.merged.v1" in (one.value or b"") or ("ce_type", b"lead.merged.v1") in one.headers


MEBIBYTE: Final = 2**20
MOST: Final = 4 * MEBIBYTE
"""Bytes that a batch may unpack to."""
LARGE: Final = MEBIBYTE + 100_000
"""Bytes of a value that no event may have."""
IN_FLIGHT: Final = 50

_BY_TOPIC: Final = {
    one.topic: [other for other in CORPUS if other.topic == one.topic and not _is_merger(other)] for one in CORPUS
}
_MERGERS: Final = [one for one in CORPUS if one.topic != FORWARDED_TOPIC and _is_merger(one)]
"""Every one of them sends facts on, which are records themselves: a few will do, and none that nobody but a worker sends."""
_LEADS: Final = {
    partition: [
        lead for lead in (b"lead-%d" % number for number in range(400)) if partition_of(lead, PARTITIONS) == partition
    ]
    for partition in range(PARTITIONS)
}

Place = tuple[str, int, int]
"""Topic, partition and offset."""
Identity = tuple[str, str, str | None]
"""Source, id and the lead that a fact was told of: what it is known by."""


@dataclass
class Sending:
    """A batch: its bytes, and the records that can be read of it; none of one that has to be dead-lettered whole."""

    topic: str
    partition: int
    raw: bytes
    records: list[Arrived]
    too_large: frozenset[int] = frozenset()
    """Places in the batch of records that are too large to be events."""


@dataclass
class Sent:
    """What the broker took: every record at its place, letters that have to come whatever `decode` says, and how many."""

    arrived: dict[int, list[Arrived]] = field(default_factory=lambda: {place: [] for place in range(PARTITIONS)})
    letters: dict[Place, str] = field(default_factory=dict)
    taken: int = 0
    refused: int = 0


def sendings(seed: int) -> Iterator[Sending]:
    """Batches without end."""
    random = Random(seed)
    bombs = {codec: raw_batch(packed(codec, bomb(MOST + MEBIBYTE)), codec) for codec in CODECS}
    while True:
        chance = random.random()
        if chance < 0.01:
            topic, partition = random.choice(INPUT_TOPICS), random.randrange(PARTITIONS)
            yield Sending(topic, partition, random.choice(list(bombs.values())), [])
        elif chance < 0.02:
            topic, partition = random.choice(INPUT_TOPICS), random.randrange(PARTITIONS)
            yield Sending(topic, partition, random.choice(list(UNREADABLE.values())), [])
        else:
            yield _batch(random)


def _batch(random: Random) -> Sending:
    """Records of one topic and partition, most of them damaged, at places that may be lies."""
    topic, partition = random.choice(CORPUS).topic, random.randrange(PARTITIONS)
    records = [_hostile(random, topic, partition) for _ in range(random.choice((1, 1, 2, 5, 20)))]
    large = frozenset(at for at in range(len(records)) if random.random() < 0.0005)
    records = [replace(one, value=b"x" * LARGE) if at in large else one for at, one in enumerate(records)]
    codec = random.choice(("none", *CODECS))
    if large:
        codec = random.choice(list(CODECS))
    places: Sequence[int] = range(len(records))
    if codec == "none" and random.random() < 0.3:
        places = [random.choice((0, -1, 5, 2**31 - 1, at)) for at in places]
    content = [
        record(place, one.key, one.value, [(_bytes_of(name), value) for name, value in one.headers])
        for place, one in zip(places, records, strict=True)
    ]
    raw = raw_batch(packed(codec, content), codec, len(records), stamp=random.choice((0, 1_000, -1, 2**62)))
    return Sending(topic, partition, raw, records, large)


def _hostile(random: Random, topic: str, partition: int) -> Arrived:
    """An event of one of many leads, or what is left of it."""
    one = random.choice(_BY_TOPIC[topic])
    if topic == _MERGERS[0].topic and random.random() < 0.01:
        one = random.choice(_MERGERS)
    if random.random() < 0.9:
        lead, number = random.choice(_LEADS[partition]), b"event-%d-" % random.randrange(10**9)

        def of_it(value: bytes) -> bytes:
            return re.sub(b"event-", number, re.sub(rb"lead-1\b", lead, value))

        if topic != FORWARDED_TOPIC and one.value is not None:
            one = replace(one, value=of_it(one.value), headers=[(name, of_it(value)) for name, value in one.headers])
        one = replace(one, key=lead)
    if random.random() < 0.5:
        one = damaged(one, random)
    if random.random() < 0.03:
        name = random.choice(INVALID_UTF8).decode(errors="surrogateescape")
        one = replace(one, headers=[*one.headers, (name, b"1")])
    if random.random() < 0.005:
        one = replace(one, headers=[*one.headers, *([("h", b"")] * 20_000)])
    return replace(one, partition=partition)


def _bytes_of(name: str) -> bytes:
    return name.encode(errors="surrogateescape")


async def send(broker: str, batches: Iterator[Sending], count: int, sent: Sent) -> None:
    """Send batches until the broker has taken so many records more."""
    wanted = sent.taken + count
    async with AIOKafkaProducer(bootstrap_servers=broker, max_request_size=2 * MEBIBYTE) as producer:
        while sent.taken < wanted:
            some = [next(batches) for _ in range(IN_FLIGHT)]
            futures = [await producer.send_batch(to_send(one.raw), one.topic, partition=one.partition) for one in some]
            for one, answer in zip(some, await asyncio.gather(*futures, return_exceptions=True), strict=True):
                if isinstance(answer, KafkaError):
                    sent.refused += 1
                elif isinstance(answer, BaseException):
                    raise answer
                else:
                    _account_for(one, answer, sent)


def _account_for(one: Sending, answer: Any, sent: Sent) -> None:
    place = (one.topic, one.partition)
    if not one.records:
        sent.letters[*place, answer.offset] = "too_large_unpacked"
        sent.taken += 1
    for at, arrived in enumerate(one.records):
        sent.taken += 1
        if at in one.too_large:
            sent.letters[*place, answer.offset + at] = "too_large"
            continue
        sent.arrived[one.partition].append(
            replace(
                arrived,
                topic=one.topic,
                partition=one.partition,
                offset=answer.offset + at,
                timestamp=answer.timestamp,
            )
        )


@dataclass
class Fates:
    """Letters by place, and the facts of each lead."""

    letters: dict[Place, str]
    facts: dict[bytes, set[Identity]]


def wanted(sent: Sent, rules: RuleBook, settings: Settings) -> Fates:
    """What has to become of it."""
    letters = dict(sent.letters)
    partition_states = {partition: PartitionState(rules, {}) for partition in sent.arrived}
    pending: dict[int, dict[bytes, list[Forwarded]]] = {}
    for partition, arrived in sent.arrived.items():
        decoded = decode(arrived, PARTITIONS, (), 5 * MINUTE, rules.vocabulary, settings.keep_days * DAY, rules)
        letters |= {(one.record.topic, partition, one.record.offset): one.reason for one in decoded.rejected}
        pending[partition] = decoded.facts
    while any(pending.values()):
        forwarded: dict[int, dict[bytes, list[Forwarded]]] = {partition: {} for partition in partition_states}
        for partition, facts in pending.items():
            for lead, sent_on in partition_states[partition].fold(facts).forwards.items():
                forwarded[partition_of(lead, PARTITIONS)].setdefault(lead, []).extend(sent_on)
        pending = forwarded
    states = {
        lead: state for partition_state in partition_states.values() for lead, state in partition_state.leads.items()
    }
    return Fates(letters, _facts(states))


async def found(broker: str) -> Fates:
    """What has become of it, as the rejected topic and the changelog say."""
    letters = {
        (str(one.original_topic), one.original_partition or 0, one.original_offset or 0): one.reason
        for one in map(DeadLetter.of, await all_records(broker, REJECTED_TOPIC))
    }
    return Fates(letters, _facts(await last_values(broker, changelog_of(Settings()))))


def _facts(states: Any) -> dict[bytes, set[Identity]]:
    return {
        lead: {(fact.source, fact.id, fact.origin) for fact in decode_state(data).facts}
        for lead, data in states.items()
    }


async def hostile_records(
    broker: str,
    agreement: Path,
    rules: RuleBook,
    folder: Path,
    count: int,
    seed: int,
    kills: int,
    tell: Callable[[str], None] = lambda _: None,
) -> dict[str, Any]:
    """Send so many records while a worker folds them and is killed now and then; what became of them.

    Raises:
        AssertionError: a record is neither the fact nor the letter that it has to be, or the worker has ended.

    """
    sent, batches = Sent(), sendings(seed)
    settings = Settings(broker=broker, batch_max_bytes=MOST)
    with MeasuredWorker(broker, agreement, folder, LEADSLA_BATCH_MAX_BYTES=str(MOST)) as worker:
        for round_ in range(kills + 1):
            await send(broker, batches, count // (kills + 1), sent)
            tell(f"{sent.taken} records sent, {round_} kills")
            if round_ < kills:
                worker.program.kill()
                await asyncio.to_thread(worker.start)
        should = wanted(sent, rules, settings)
        is_ = await _settled(broker, should, worker)
        memory = worker.most_memory()
    assert is_.letters == should.letters, _difference(is_.letters, should.letters)
    assert is_.facts == should.facts, _difference(is_.facts, should.facts)
    return {
        "records": sent.taken,
        "batches_refused_by_the_broker": sent.refused,
        "facts_of_leads": sum(map(len, is_.facts.values())),
        "letters": len(is_.letters),
        "letters_by_reason": dict(Counter(is_.letters.values()).most_common()),
        "kills": kills,
        "seed": seed,
        "most_memory_mib": memory // MEBIBYTE,
    }


async def _settled(broker: str, should: Fates, worker: MeasuredWorker) -> Fates:
    """What there is once it is as it should be, or nothing has changed for a while."""
    last, same = None, 0
    while (is_ := await found(broker)) != should and same < 5:
        assert worker.program.running, worker.program.tail()
        same = same + 1 if is_ == last else 0
        last = is_
        await asyncio.sleep(3)
    return is_


def _difference(is_: dict[Any, Any], should: dict[Any, Any]) -> list[tuple[Any, Any, Any]]:
    return [
        (key, is_.get(key), should.get(key)) for key in is_.keys() | should.keys() if is_.get(key) != should.get(key)
    ][:10]
