"""The topics the service lives on: which, how many partitions, how kept. Check them, or create them."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from aiokafka.admin import NewTopic
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.errors import (
    IncompatibleBrokerVersion,
    KafkaError,
    TopicAlreadyExistsError,
    TopicAuthorizationFailedError,
    for_code,
)
from structlog import get_logger

from sla_rules.instants import DAY, HOUR, Duration
from sla_rules.names import BREACHES_TOPIC, EVENT_TOPICS, FORWARDED_TOPIC, INPUT_TOPICS, PERIODS_TOPIC, REJECTED_TOPIC
from streams.clock import MILLISECOND
from streams.kafka.connection import LARGEST_EVENT, REJECTED_OVERHEAD, admin
from streams.settings import Settings

log = get_logger("leadsla")

_SIZE: Final = "max.message.bytes"
_KEPT: Final = "min.compaction.lag.ms"
_TOMBSTONES: Final = "delete.retention.ms"
_RETENTION: Final = "retention.ms"
_SEGMENT: Final = "segment.ms"
_CLOCK: Final = "-clock"
KEPT_FOR_A_SUCCESSOR: Final[Duration] = HOUR
"""How long every state stays readable: a former owner may write late, and a successor has to see what it wrote over."""
TOMBSTONES_KEPT: Final[Duration] = DAY
"""How long it stays readable that a lead left; what lies on a worker's disk longer than that may have missed it."""
_COMPACTED: Final = {"cleanup.policy": "compact", _SIZE: str(LARGEST_EVENT)}
"""Nothing that is written there is larger (docs/decisions/0028-full-leads.md); a batch of small records is, than half of it."""
_STAMPS: Final = "message.timestamp.type"
_BY_BROKER: Final = {_STAMPS: "LogAppendTime"}
_EVENTS: Final = {**_BY_BROKER, _SIZE: str(LARGEST_EVENT)}
_PROBES: Final = {**_BY_BROKER, _RETENTION: str(HOUR // MILLISECOND), _SEGMENT: str(HOUR // MILLISECOND)}
_REJECTED: Final = {_SIZE: str(LARGEST_EVENT + REJECTED_OVERHEAD), _RETENTION: str(30 * DAY // MILLISECOND)}
"""Letters outlive a holiday of whoever looks at them; Kafka's week may not."""
_FOREVER: Final = "-1"


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
    return f"{settings.group}{_CLOCK}"


def plan(settings: Settings) -> dict[str, Mapping[str, str]]:
    """Every topic with its configuration; all that hold anything about leads have the same number of partitions."""
    return {
        **dict.fromkeys(INPUT_TOPICS, _EVENTS),
        BREACHES_TOPIC: _COMPACTED,
        PERIODS_TOPIC: _COMPACTED,
        changelog_of(settings): {
            **_COMPACTED,
            _KEPT: str(KEPT_FOR_A_SUCCESSOR // MILLISECOND),
            _TOMBSTONES: str(TOMBSTONES_KEPT // MILLISECOND),
        },
        agreed_of(settings): _COMPACTED,
        clock_of(settings): _PROBES,
        REJECTED_TOPIC: _REJECTED,
    }


def _of_one_partition(settings: Settings) -> tuple[str, str]:
    """The topics that are not about leads."""
    return agreed_of(settings), clock_of(settings)


def of_any_count(settings: Settings) -> frozenset[str]:
    """The topics that need not have as many partitions as the others: no lead has its place in them."""
    return frozenset((REJECTED_TOPIC, *_of_one_partition(settings)))


async def create_topics(settings: Settings, partitions: int, replication: int) -> list[str]:
    """Create the topics that are not there yet; their names.

    Raises:
        TopicsError: the broker refused.
        aiokafka.errors.KafkaError: no broker answers.

    """
    wanted = [
        NewTopic(
            name, 1 if name in _of_one_partition(settings) else partitions, replication, topic_configs=dict(config)
        )
        for name, config in plan(settings).items()
    ]
    async with admin(settings) as client:
        try:
            answer = await client.create_topics(wanted)
        except KafkaError as refused:
            message = f"the broker refused: {refused!r}"
            raise TopicsError(message) from refused
    created, errors = [], []
    for name, code, *rest in answer.topic_errors:
        error = for_code(code)
        if not code:
            created.append(name)
        elif error is not TopicAlreadyExistsError:
            errors.append(f"{name}: {error.__name__} {rest[0] if rest and rest[0] else ''}".strip())
    if errors:
        raise TopicsError("; ".join(errors))
    return created


async def partition_counts(settings: Settings, topics: Iterable[str]) -> dict[str, int]:
    """How many partitions each topic has.

    Raises:
        TopicsError: a topic is not there.
        aiokafka.errors.KafkaError: no broker answers.

    """
    async with admin(settings) as client:
        described: list[dict[str, Any]] = await client.describe_topics(list(topics))
    counts = {topic["topic"]: len(topic["partitions"]) for topic in described if not topic["error_code"]}
    hidden = sorted(
        topic["topic"] for topic in described if for_code(topic["error_code"]) is TopicAuthorizationFailedError
    )
    if hidden:
        message = f"the broker does not let {settings.sasl_username or 'us'} see topics: {', '.join(hidden)}"
        raise TopicsError(message)
    missing = sorted(set(topics) - counts.keys())
    if missing:
        message = f"missing topics: {', '.join(missing)}; create them with `leadsla topics create`"
        raise TopicsError(message)
    return counts


async def wrong_settings(settings: Settings) -> list[str]:
    """What the broker keeps otherwise than `plan` says, one sentence each.

    Raises:
        TopicsError: the broker does not let us see how topics are kept.
        aiokafka.errors.KafkaError: the broker does not say.

    """
    wanted = plan(settings)
    wrong = []
    for topic, found in (await _all_kept(settings)).items():
        for name, value in wanted[topic].items():
            bound = _bound(topic, name)
            if not _is_kept(found.get(name, ""), bound, value):
                wrong.append(f"{topic}: {name} should be {bound}{value}, found {found.get(name) or 'nothing'}")
    return sorted(wrong)


async def are_stamped_by_broker(settings: Settings) -> bool:
    """Whether events bear the stamps of the broker; taken for granted where it does not let us see.

    Not with the embedded broker, which keeps no settings of topics, nor where all event topics leave it to the senders.

    Raises:
        aiokafka.errors.KafkaError: no broker answers.

    """
    try:
        kept = await _kept(settings, dict.fromkeys(EVENT_TOPICS, (_STAMPS,)))
    except IncompatibleBrokerVersion:
        return False
    return any(found.get(_STAMPS, _BY_BROKER[_STAMPS]) == _BY_BROKER[_STAMPS] for found in kept.values())


async def _kept(settings: Settings, wanted: Mapping[str, Iterable[str]]) -> dict[str, dict[str, str]]:
    """How topics are kept, by the names of settings; nothing of a topic whose settings we may not see."""
    async with admin(settings) as client:
        resources = [ConfigResource(ConfigResourceType.TOPIC, name, dict.fromkeys(of)) for name, of in wanted.items()]
        answers = await client.describe_configs(resources)
    described = [resource for answer in answers for resource in answer.resources]
    return {topic: {entry[0]: entry[1] for entry in entries} for code, _, _, topic, entries in described if not code}


async def _all_kept(settings: Settings) -> dict[str, dict[str, str]]:
    """How each topic of the plan is kept.

    Raises:
        TopicsError: we may not see it of some.
        aiokafka.errors.KafkaError: no broker answers.

    """
    wanted = plan(settings)
    kept = await _kept(settings, wanted)
    if hidden := sorted(wanted.keys() - kept.keys()):
        message = (
            f"the broker does not let {settings.sasl_username or 'us'} see how topics are kept: {', '.join(hidden)}"
        )
        raise TopicsError(message)
    return kept


def _bound(topic: str, name: str) -> str:
    """How a number is meant: whatever fits into an event topic has to fit into the rejected one, and what we write, at all."""
    is_probed = topic.endswith(_CLOCK)
    if (
        name in {_KEPT, _TOMBSTONES}
        or (name == _RETENTION and not is_probed)
        or (name == _SIZE and topic not in INPUT_TOPICS)
    ):
        return "at least "
    return "at most " if name in {_SIZE, _RETENTION, _SEGMENT} and topic != FORWARDED_TOPIC else ""


def _is_kept(found: str, bound: str, wanted: str) -> bool:
    """Whether a setting does what is wanted; compaction alone keeps what is current, deletion beside it does not."""
    if not bound:
        return found == wanted
    if found == _FOREVER:
        return True
    smallest, largest = (wanted, found) if bound == "at least " else (found, wanted)
    return found.isdigit() and int(smallest) <= int(largest)


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


async def check_sizes(settings: Settings) -> None:
    """Refuse topics that would not take the largest record that may have to be written to them.

    Raises:
        TopicsError: there are some.
        aiokafka.errors.KafkaError: no broker answers.

    """
    try:
        kept = await _all_kept(settings)
    except IncompatibleBrokerVersion:  # the embedded broker keeps no settings
        return
    except TopicsError as hidden:
        log.warning("cannot tell whether topics take what may have to be written to them", why=str(hidden))
        return
    small = [
        f"{topic}: {_SIZE} is {found[_SIZE]}, and {wanted[_SIZE]} may have to be written to it"
        for topic, wanted in plan(settings).items()
        if _SIZE in wanted
        and topic not in EVENT_TOPICS
        and not _is_kept((found := kept[topic])[_SIZE], "at least ", wanted[_SIZE])
    ]
    if small:
        message = f"topics would not take all that belongs there; raise it: {'; '.join(small)}"
        raise TopicsError(message)
