"""Are the topics still those that the group has worked with? Looked at before a worker joins.

Offsets that are committed say what has been folded. If the changelog does not hold any more what came of it, whoever
goes on from those offsets has lost every lead without noticing. So a worker starts only where the logs are the ones that are
remembered, or where nothing is committed, so that all events are read again.
"""

from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from typing import Final, NamedTuple

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import IllegalGenerationError, UnknownMemberIdError
from structlog import get_logger

from sla_rules.names import BREACHES_TOPIC, FORWARDED_TOPIC, INPUT_TOPICS, PERIODS_TOPIC
from streams.kafka.committed import Committed, commit, committed
from streams.kafka.connection import new_consumer
from streams.kafka.group_memory import remember, remembered
from streams.kafka.topic_memory import Log, TopicMemory
from streams.kafka.topic_metadata import TopicMetadata
from streams.kafka.topics import TopicsError, changelog_of, of_any_count, plan, topics_there
from streams.settings import Settings

log = get_logger("leadsla")

OUTPUTS: Final = (BREACHES_TOPIC, PERIODS_TOPIC, FORWARDED_TOPIC)
"""What the group can write again by what it knows; the changelog holds what it knows."""
_READ_ONCE: Final = FORWARDED_TOPIC
"""Its records expire once they have been read; where it begins says nothing."""


class Found(NamedTuple):
    """The topics as they are now: by name, the logs of those that only the group can write, and what is committed."""

    topics: Mapping[str, TopicMetadata]
    logs: Mapping[str, Mapping[int, Log]]
    is_changelog_empty: bool
    begins: Mapping[TopicPartition, int]
    committed: Mapping[TopicPartition, Committed]

    @property
    def has_read(self) -> bool:
        """Whether the group goes on from anywhere but the very beginning."""
        return any(one.offset for one in self.committed.values())

    @property
    def set_by_others(self) -> dict[str, list[int]]:
        """By topic, the partitions that somebody else than a worker has let the group skip something of."""
        found: dict[str, list[int]] = {}
        for tp, one in sorted(self.committed.items()):
            if not one.is_ours and one.offset > self.begins.get(tp, 0):
                found.setdefault(tp.topic, []).append(tp.partition)
        return found


async def hold_to_topics(settings: Settings, known: Mapping[bytes, bytes]) -> TopicMemory:
    """Refuse topics that lost what the group goes on from, and remember how they are from here on.

    `known` is all that the group remembers.

    Raises:
        TopicsError: the changelog lost leads whose events would not be read again, somebody has let the group skip
            events, or topics have another number of partitions than leads lie by.
        aiokafka.errors.KafkaError: no broker answers.

    """
    memory = TopicMemory.among(known)
    async with new_consumer(settings) as consumer:
        found = await _find(consumer, settings)
        recreated = [name for name in INPUT_TOPICS if memory.is_other(name, found.topics[name])]
        for name in recreated:
            log.error("a topic was deleted and created again; what was not read of the old one is lost", topic=name)
        if found.has_read:
            _refuse(settings, memory, found, recreated)
            await _begin_again(
                consumer, settings, {tp: found.begins[tp] for tp in found.committed if tp.topic in recreated}
            )
    await _accept(settings, memory, found, whole=not found.has_read)
    return memory


async def accept_topics(settings: Settings) -> list[str]:
    """Take the topics and the committed offsets as they are; the names of those that the group did not know like this.

    Raises:
        TopicsError: there is no topic that remembers them.
        aiokafka.errors.KafkaError: no broker answers, or a worker runs.

    """
    memory = TopicMemory.among(await remembered(settings))
    async with new_consumer(settings) as consumer:
        found = await _find(consumer, settings)
        if unsigned := {tp: one.offset for tp, one in found.committed.items() if not one.is_ours}:
            await commit(consumer, settings, unsigned)
    return sorted({*found.set_by_others, *await _accept(settings, memory, found, whole=True)})


async def _accept(settings: Settings, memory: TopicMemory, found: Found, *, whole: bool) -> list[str]:
    """Remember the topics as they are; of outputs that lost something only where nothing is missing for it."""
    changes: dict[bytes, bytes] = {}
    news = []
    for name, topic in found.topics.items():
        logs = found.logs.get(name, {})
        lost = set() if whole else memory.changed(name, logs)
        fresh = memory.alter_topic(name, topic)
        for partition in logs.keys() - lost:
            fresh |= memory.keep_log(name, partition, logs[partition])
        if fresh:
            news.append(name)
        changes |= fresh
    await remember(settings, changes)
    return news


def _refuse(settings: Settings, memory: TopicMemory, found: Found, recreated: Collection[str]) -> None:
    for name in sorted(found.topics.keys() - of_any_count(settings)):
        before, topic = memory.topic(name), found.topics[name]
        if before is not None and before.partitions != topic.partitions:
            message = (
                f"{name} has {topic.partitions} partitions, and the group {settings.group} has worked with "
                f"{before.partitions}: the past of leads lies by that number. See LeadSLACondition in the runbook"
            )
            raise TopicsError(message)
    changelog = changelog_of(settings)
    logs = found.logs[changelog]
    lost = memory.changed(changelog, logs)
    if not any(memory.log(changelog, partition) for partition in logs) and found.is_changelog_empty:
        lost = set(logs)
    if lost:
        raise TopicsError(states_lost(settings, lost))
    skipped = {topic: partitions for topic, partitions in found.set_by_others.items() if topic not in recreated}
    if skipped and memory.known:
        raise TopicsError(_events_skipped(settings, skipped))


async def _begin_again(consumer: AIOKafkaConsumer, settings: Settings, begins: Mapping[TopicPartition, int]) -> None:
    """Forget what a worker may have committed of a topic that is no more; those that run have seen to it themselves."""
    if begins:
        with suppress(UnknownMemberIdError, IllegalGenerationError):
            await commit(consumer, settings, begins)


def states_lost(settings: Settings, partitions: Iterable[int]) -> str:
    """What to say about leads that the changelog no longer holds, though their events are committed."""
    return (
        f"{changelog_of(settings)} no longer holds what was written to it (partitions {_listed(partitions)}): the leads in it "
        "are gone, and their events would not be read again. Where another worker runs, wait until it has written them "
        "again. Else stop all workers and restore the topic, or have every event read again that the broker still has: "
        f"{_reset(settings, '--all-topics')}. Then say so: leadsla topics accept"
    )


def _events_skipped(settings: Settings, skipped: Mapping[str, Iterable[int]]) -> str:
    where = ", ".join(f"{topic} (partitions {_listed(partitions)})" for topic, partitions in skipped.items())
    topics = " ".join(f"--topic {topic}" for topic in skipped)
    return (
        f"somebody else than a worker has set up to where the group {settings.group} has read {where}: events before that "
        "which were not read would never count. Have them read from the beginning, which changes nothing of what "
        f"was read: {_reset(settings, topics)}. If they are to be given up, say so: leadsla topics accept"
    )


def _reset(settings: Settings, topics: str) -> str:
    return (
        f"kafka-consumer-groups.sh --bootstrap-server {settings.broker} --group {settings.group} {topics} "
        "--reset-offsets --to-earliest --execute"
    )


def _listed(numbers: Iterable[int]) -> str:
    return ", ".join(map(str, sorted(numbers)))


async def _find(consumer: AIOKafkaConsumer, settings: Settings) -> Found:
    changelog = changelog_of(settings)
    topics = await topics_there(consumer, settings, plan(settings))
    kept = [tp for name in (changelog, *OUTPUTS) for tp in _partitions(name, topics)]
    events = [tp for name in INPUT_TOPICS for tp in _partitions(name, topics)]
    begins = await consumer.beginning_offsets([*kept, *events])
    ends = await consumer.end_offsets(_partitions(changelog, topics))
    logs: dict[str, dict[int, Log]] = {}
    for tp in kept:
        logs.setdefault(tp.topic, {})[tp.partition] = log_of(tp.topic, topics[tp.topic].id, begins[tp])
    return Found(topics, logs, not any(ends.values()), begins, await committed(consumer, settings, events))


def log_of(topic: str, topic_id: str, begin: int) -> Log:
    """The log of a partition that begins there, as far as it matters to whether it is whole."""
    return Log(topic_id, 0 if topic == _READ_ONCE else begin)


def _partitions(name: str, topics: Mapping[str, TopicMetadata]) -> list[TopicPartition]:
    return [TopicPartition(name, number) for number in range(topics[name].partitions)]
