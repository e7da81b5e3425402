"""What the workers of a group have worked with: one record a version of an agreement, in a compacted topic.

Looked at before a worker joins, so that rewritten terms are refused before anything is judged by them.
"""

from collections.abc import Sequence

from aiokafka import TopicPartition
from structlog import get_logger

from sla_rules.agreement import Agreement
from sla_rules.amendments import Amendment, Version, amendments, backdated, read_record, record, version_of
from sla_rules.instants import Instant
from streams.connection import new_consumer, new_producer
from streams.settings import Settings
from streams.topics import agreed_of, partition_counts

log = get_logger("leadsla")


class RewrittenError(Exception):
    """Versions that were worked with say something else now, or are gone; the message names every field."""


async def agreed(settings: Settings) -> dict[bytes, Version]:
    """The versions that are remembered, by key.

    Raises:
        TopicsError: there is no topic that remembers them.
        aiokafka.errors.KafkaError: no broker answers.

    """
    topic = agreed_of(settings)
    tps = [TopicPartition(topic, place) for place in range((await partition_counts(settings, [topic]))[topic])]
    values: dict[bytes, bytes] = {}
    consumer = new_consumer(settings)
    try:
        await consumer.start()
        consumer.assign(tps)
        ends = await consumer.end_offsets(tps)
        await consumer.seek_to_beginning(*tps)
        while any([await consumer.position(tp) < end for tp, end in ends.items()]):
            for records in (await consumer.getmany(timeout_ms=200)).values():
                for one in records:
                    if one.value is None:
                        values.pop(one.key, None)
                    else:
                        values[one.key] = one.value
    finally:
        await consumer.stop()
    return {key: read_record(value) for key, value in values.items()}


async def hold_to_agreed(settings: Settings, agreements: Sequence[Agreement], now: Instant) -> None:
    """Refuse terms that were rewritten, unless the settings accept them, and remember what is loaded from here on.

    Raises:
        RewrittenError: terms were rewritten.
        TopicsError: there is no topic that remembers them.
        aiokafka.errors.KafkaError: no broker answers.

    """
    remembered = await agreed(settings)
    found = list(amendments(remembered.values(), agreements, now))
    if found and not settings.accept_changes:
        raise RewrittenError(refusal(found))
    for one in found:
        log.warning("rewritten terms are accepted; their clocks are judged anew", rewritten=str(one))
    for version in backdated(remembered.values(), agreements, now):
        log.warning(
            "a new version takes effect in the past; clocks handed off since are judged anew",
            agreement=version.agreement,
            version=version.version,
            effective_from=version.terms["effective_from"],
        )
    loaded = {version.key: version for version in map(version_of, agreements)}
    changes: dict[bytes, bytes | None] = {
        key: record(version) for key, version in loaded.items() if remembered.get(key) != version
    }
    changes |= dict.fromkeys(remembered.keys() - loaded.keys())
    await _remember(settings, changes)


async def _remember(settings: Settings, changes: dict[bytes, bytes | None]) -> None:
    if not changes:
        return
    producer = new_producer(settings)
    try:
        await producer.start()
        for key, value in changes.items():
            await producer.send_and_wait(agreed_of(settings), value, key=key)
    finally:
        await producer.stop()


def refusal(found: Sequence[Amendment]) -> str:
    """What to say about rewritten terms."""
    sentences = ". ".join(map(str, found))
    return (
        f"{sentences}. Clocks keep the terms of their hand-off: put back what was agreed and write a new version with a "
        "later effective_from, or take the change knowingly with --accept-changes (LEADSLA_ACCEPT_CHANGES=true)"
    )
