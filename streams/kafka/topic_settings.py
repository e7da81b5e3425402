"""How topics are kept: what the broker says beside what `plan` wants."""

import asyncio
from collections.abc import Iterable, Mapping
from time import monotonic
from typing import Final

from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.errors import (
    ClusterAuthorizationFailedError,
    IncompatibleBrokerVersion,
    NoError,
    TopicAuthorizationFailedError,
    UnknownTopicOrPartitionError,
    for_code,
)
from structlog import get_logger

from sla_rules.names import EVENT_TOPICS, FORWARDED_TOPIC, INPUT_TOPICS
from streams.kafka.connection import admin
from streams.kafka.topics import (
    BY_BROKER,
    CLOCK,
    KNOWN_WITHIN,
    MIN_LAG,
    RETENTION,
    SEGMENT,
    SIZE,
    STAMPS,
    TOMBSTONE_RETENTION,
    TopicsError,
    login_of,
    plan,
    refuse_missing,
)
from streams.settings import Settings

log = get_logger("leadsla")

_FOREVER: Final = "-1"
_VISIBLE_OR_NOT: Final = NoError, TopicAuthorizationFailedError, ClusterAuthorizationFailedError
_ASK_AGAIN_AFTER: Final = 0.2


class HiddenSettingsError(TopicsError):
    """The broker does not let us see how topics are kept."""


async def wrong_settings(settings: Settings) -> list[str]:
    """What the broker keeps otherwise than `plan` says, one sentence each.

    Raises:
        HiddenSettingsError: the broker does not let us see how topics are kept.
        TopicsError: a topic is not there.
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
        kept = await _kept(settings, dict.fromkeys(EVENT_TOPICS, (STAMPS,)))
    except IncompatibleBrokerVersion:
        return False
    by_broker = BY_BROKER[STAMPS]
    return any(kept.get(topic, {}).get(STAMPS, by_broker) == by_broker for topic in EVENT_TOPICS)


async def _kept(settings: Settings, wanted: Mapping[str, Iterable[str]]) -> dict[str, dict[str, str]]:
    """How topics are kept, by the names of settings; nothing of a topic whose settings we may not see.

    Raises:
        TopicsError: a topic is not there.
        aiokafka.errors.KafkaError: no broker answers.

    """
    resources = [ConfigResource(ConfigResourceType.TOPIC, name, dict.fromkeys(of)) for name, of in wanted.items()]
    until = monotonic() + KNOWN_WITHIN
    async with admin(settings) as client:
        while True:
            answers = await client.describe_configs(resources)
            described = [resource for answer in answers for resource in answer.resources]
            codes = {topic: for_code(code) for code, _, _, topic, _ in described}
            unknown = [topic for topic, error in codes.items() if error is UnknownTopicOrPartitionError]
            if not unknown:
                break
            # Another broker may know it, and this one a moment later.
            if monotonic() > until:
                refuse_missing(unknown)
            await asyncio.sleep(_ASK_AGAIN_AFTER)
    for topic, error in codes.items():
        if error not in _VISIBLE_OR_NOT:
            raise error(topic)
    return {topic: {entry[0]: entry[1] for entry in entries} for code, _, _, topic, entries in described if not code}


async def _all_kept(settings: Settings) -> dict[str, dict[str, str]]:
    """How each topic of the plan is kept.

    Raises:
        HiddenSettingsError: we may not see it of some.
        TopicsError: a topic is not there.
        aiokafka.errors.KafkaError: no broker answers.

    """
    wanted = plan(settings)
    kept = await _kept(settings, wanted)
    if hidden := sorted(wanted.keys() - kept.keys()):
        message = f"the broker does not let {login_of(settings)} see how topics are kept: {', '.join(hidden)}"
        raise HiddenSettingsError(message)
    return kept


def _bound(topic: str, name: str) -> str:
    """How a number is meant: whatever fits into an event topic has to fit into the rejected one, and what we write, at all."""
    is_probed = topic.endswith(CLOCK)
    if (
        name in {MIN_LAG, TOMBSTONE_RETENTION}
        or (name == RETENTION and not is_probed)
        or (name == SIZE and topic not in INPUT_TOPICS)
    ):
        return "at least "
    return "at most " if name in {SIZE, RETENTION, SEGMENT} and topic != FORWARDED_TOPIC else ""


def _is_kept(found: str, bound: str, wanted: str) -> bool:
    """Whether a setting does what is wanted; compaction alone keeps what is current, deletion beside it does not."""
    if not bound:
        return found == wanted
    if found == _FOREVER:
        return True
    smallest, largest = (wanted, found) if bound == "at least " else (found, wanted)
    return found.isdigit() and int(smallest) <= int(largest)


async def check_sizes(settings: Settings) -> None:
    """Refuse topics that would not take the largest record that may have to be written to them.

    Raises:
        TopicsError: there are some, or one is not there.
        aiokafka.errors.KafkaError: no broker answers.

    """
    try:
        kept = await _all_kept(settings)
    except IncompatibleBrokerVersion:  # the embedded broker keeps no settings
        return
    except HiddenSettingsError as hidden:
        log.warning("cannot tell whether topics take what may have to be written to them", why=str(hidden))
        return
    small = [
        f"{topic}: {SIZE} is {found[SIZE]}, and {wanted[SIZE]} may have to be written to it"
        for topic, wanted in plan(settings).items()
        if SIZE in wanted
        and topic not in EVENT_TOPICS
        and not _is_kept((found := kept[topic])[SIZE], "at least ", wanted[SIZE])
    ]
    if small:
        message = f"topics would not take all that belongs there; raise it: {'; '.join(small)}"
        raise TopicsError(message)
