"""The topics the service lives on: which, how many partitions, how kept. Check them, or create them."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Final

from aiokafka.admin import NewTopic
from aiokafka.errors import (
    KafkaError,
    TopicAlreadyExistsError,
    for_code,
)
from structlog import get_logger

from sla_rules.instants import DAY, HOUR, MINUTE, Duration
from sla_rules.names import (
    AGREEMENTS_TOPIC,
    BREACHES_TOPIC,
    CLOCKS_TOPIC,
    INPUT_TOPICS,
    PERIODS_TOPIC,
    PROGRESS_TOPIC,
    REJECTED_TOPIC,
)
from streams.clock import MILLISECOND
from streams.kafka.agreed_metadata import Asking, agreed_metadata, awaited_metadata, wait_until_known
from streams.kafka.connection import LARGEST_EVENT, REJECTED_OVERHEAD, admin
from streams.kafka.topic_metadata import HiddenTopicsError, TopicMetadata
from streams.settings import Settings

log = get_logger("leadsla")

SIZE: Final = "max.message.bytes"
"""This and those below are Kafka's names of settings."""
MIN_LAG: Final = "min.compaction.lag.ms"
TOMBSTONE_RETENTION: Final = "delete.retention.ms"
RETENTION: Final = "retention.ms"
SEGMENT: Final = "segment.ms"
CLOCK: Final = "-clock"
KEPT_FOR_A_SUCCESSOR: Final[Duration] = HOUR
"""How long every state stays readable: a former owner may write late, and a successor has to see what it wrote over."""
TOMBSTONES_KEPT: Final[Duration] = DAY
"""How long it stays readable that a lead left; what lies on a worker's disk longer than that may have missed it."""
_COMPACTED: Final = {"cleanup.policy": "compact", SIZE: str(LARGEST_EVENT)}
"""Nothing that is written there is larger (docs/decisions/0028-full-leads.md); a batch of small records is, than half of it."""
STAMPS: Final = "message.timestamp.type"
BY_BROKER: Final = {STAMPS: "LogAppendTime"}
_EVENTS: Final = {**BY_BROKER, SIZE: str(LARGEST_EVENT)}
_PROBES: Final = {**BY_BROKER, RETENTION: str(HOUR // MILLISECOND), SEGMENT: str(HOUR // MILLISECOND)}
_REJECTED: Final = {SIZE: str(LARGEST_EVENT + REJECTED_OVERHEAD), RETENTION: str(30 * DAY // MILLISECOND)}
"""Letters outlive a holiday of whoever looks at them; Kafka's week may not."""
_PROGRESS: Final = {"cleanup.policy": "compact", SEGMENT: str(10 * MINUTE // MILLISECOND)}
"""What is written every few seconds is compacted soon, so that it is quickly read: Kafka leaves a segment alone for a week."""
USUAL_PARTITIONS: Final = 4
"""Of topics that nobody has said a number for."""
KNOWN_WITHIN: Final = 10.0
"""Seconds that brokers may take to learn of a topic that another one knows."""


class TopicsError(Exception):
    """Topics are missing or do not fit together."""


def changelog_of(settings: Settings) -> str:
    """The changelog of the leads table, as Faust names it."""
    return f"{settings.group}-leads-changelog"


def agreed_of(settings: Settings) -> str:
    """The topic that remembers which versions of agreements the workers of the group have worked with."""
    return f"{settings.group}-agreements"


def clock_of(settings: Settings) -> str:
    """The topic by which the workers of the group ask the broker what time it is."""
    return f"{settings.group}{CLOCK}"


def plan(settings: Settings) -> dict[str, Mapping[str, str]]:
    """Every topic with its configuration; all that hold anything about leads have the same number of partitions."""
    return {
        **dict.fromkeys(INPUT_TOPICS, _EVENTS),
        BREACHES_TOPIC: _COMPACTED,
        PERIODS_TOPIC: _COMPACTED,
        AGREEMENTS_TOPIC: _COMPACTED,
        **({CLOCKS_TOPIC: _COMPACTED} if settings.clocks else {}),
        changelog_of(settings): {
            **_COMPACTED,
            MIN_LAG: str(KEPT_FOR_A_SUCCESSOR // MILLISECOND),
            TOMBSTONE_RETENTION: str(TOMBSTONES_KEPT // MILLISECOND),
        },
        agreed_of(settings): _COMPACTED,
        clock_of(settings): _PROBES,
        REJECTED_TOPIC: _REJECTED,
        PROGRESS_TOPIC: _PROGRESS,
    }


def _of_one_partition(settings: Settings) -> tuple[str, ...]:
    """The topics that are not about leads."""
    return agreed_of(settings), clock_of(settings), PROGRESS_TOPIC


def of_any_count(settings: Settings) -> frozenset[str]:
    """The topics that need not have as many partitions as the others: no lead has its place in them."""
    return frozenset((REJECTED_TOPIC, *_of_one_partition(settings)))


async def create_topics(settings: Settings, partitions: int | None, replication: int) -> list[str]:
    """Create the topics that are not there yet; their names. All brokers that answer know them then, if they ever do.

    Unless it is said how many partitions they are to have, as many as those that are there.

    Raises:
        TopicsError: the broker refused.
        aiokafka.errors.KafkaError: no broker answers.

    """
    async with admin(settings) as client:
        count = await _count_of_those_there(client, settings) if partitions is None else partitions
        wanted = [
            NewTopic(name, 1 if name in _of_one_partition(settings) else count, replication, topic_configs=dict(config))
            for name, config in plan(settings).items()
        ]
        try:
            answer = await client.create_topics(wanted)
        except KafkaError as refused:
            message = f"the broker refused: {refused!r}"
            raise TopicsError(message) from refused
        created = _created(answer.topic_errors)
        with _none_hidden_from(settings):
            await wait_until_known(client, plan(settings), KNOWN_WITHIN)
    return created


async def _count_of_those_there(client: Asking, settings: Settings) -> int:
    """The partitions that topics of leads have, the fewest where they differ; the usual number where none is there."""
    shared = plan(settings).keys() - of_any_count(settings)
    with _none_hidden_from(settings):
        found = await agreed_metadata(client, shared)
    return min((one.partitions for one in found.values()), default=USUAL_PARTITIONS)


def _created(answers: Iterable[Sequence[Any]]) -> list[str]:
    """The topics that were created, by what was answered for each; TopicsError if any could neither be nor was there."""
    created, errors = [], []
    for name, code, *rest in answers:
        error = for_code(code)
        if not code:
            created.append(name)
        elif error is not TopicAlreadyExistsError:
            errors.append(f"{name}: {error.__name__} {rest[0] if rest and rest[0] else ''}".strip())
    if errors:
        raise TopicsError("; ".join(errors))
    return created


@contextmanager
def _none_hidden_from(settings: Settings) -> Iterator[None]:
    """Say who it is that may not see topics."""
    try:
        yield
    except HiddenTopicsError as hidden:
        message = f"the broker does not let {login_of(settings)} see topics: {', '.join(hidden.topics)}"
        raise TopicsError(message) from None


async def partition_counts(settings: Settings, topics: Iterable[str]) -> dict[str, int]:
    """How many partitions each topic has.

    Raises:
        TopicsError: a topic is not there.
        aiokafka.errors.KafkaError: no broker answers.

    """
    async with admin(settings) as client:
        found = await topics_there(client, settings, topics)
    return {name: topic.partitions for name, topic in found.items()}


async def topics_there(asking: Asking, settings: Settings, topics: Iterable[str]) -> dict[str, TopicMetadata]:
    """The topics by name, asked by a client that lends its connections.

    Raises:
        TopicsError: a topic is not there.
        aiokafka.errors.KafkaError: no broker answers.

    """
    wanted = set(topics)
    with _none_hidden_from(settings):
        found = await awaited_metadata(asking, wanted)
    refuse_missing(wanted - found.keys())
    return found


def refuse_missing(topics: Collection[str]) -> None:
    """Refuse that these are not there.

    Raises:
        TopicsError: there are some.

    """
    if topics:
        message = f"missing topics: {', '.join(sorted(topics))}; create them with `leadsla topics create`"
        raise TopicsError(message)


def login_of(settings: Settings) -> str:
    """Who we are to the broker."""
    return settings.sasl_username or "us"


async def check_topics(settings: Settings) -> int:
    """The number of partitions that all topics share.

    Raises:
        TopicsError: a topic is missing, or the counts differ.
        aiokafka.errors.KafkaError: no broker answers.

    """
    counts = await partition_counts(settings, plan(settings))
    apart = of_any_count(settings)
    shared = {name: count for name, count in counts.items() if name not in apart}
    if len(set(shared.values())) != 1:
        listed = ", ".join(f"{name} has {count}" for name, count in sorted(shared.items()))
        message = f"topics have to have the same number of partitions: {listed}"
        raise TopicsError(message)
    return next(iter(shared.values()))
