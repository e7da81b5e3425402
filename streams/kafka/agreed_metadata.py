"""What the brokers agree on about topics.

They learn of changes one after the other: a topic that has just been created may be unknown to some, one that was created again may
be the old one to others. A broker that is cut off from the rest goes on saying what it knew. So all that can be reached are
asked, again until they say the same, and in the end what most of them say counts.
"""

import asyncio
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from time import monotonic
from typing import Any, Final, TypeAlias

from aiokafka.errors import KafkaError, NodeNotReadyError, StaleMetadata

from streams.kafka.topic_metadata import HiddenTopicsError, Told, TopicMetadata, told_by

AGREED_WITHIN: Final = 3.0
"""Seconds after which what most brokers say counts, or what all of them do not know is not there."""
ANSWER_WITHIN: Final = 2.0
"""Seconds that one broker may take; one that is silent says nothing."""
_ASK_AGAIN_AFTER: Final = 0.2

Asking: TypeAlias = Any
"""A client of aiokafka's, a consumer or an admin client, that lends its connections."""
Known = Mapping[str, TopicMetadata | None]
"""Topics by name, None for those that are not there."""


class DisagreedError(StaleMetadata):  # type: ignore[misc]  # untyped
    """As many brokers say one thing of topics as another; asked again, they may not."""

    def __init__(self, topics: Collection[str]) -> None:
        super().__init__(f"the brokers do not agree about {', '.join(sorted(topics))}")


async def agreed_metadata(
    asking: Asking, names: Collection[str], known: Known | None = None
) -> dict[str, TopicMetadata]:
    """The topics by name as the brokers agree on them; those that are not there are left out.

    Where one broker says what is `known`, no other is asked.

    Raises:
        DisagreedError: there is no majority.
        HiddenTopicsError: we may not see some of them.
        aiokafka.errors.KafkaError: no broker answers.

    """
    if known is not None:
        there = {name: one for name in names if (one := known[name]) is not None}
        if await _one_says(asking, names, there):
            return there
    until = monotonic() + AGREED_WITHIN
    while True:
        told = [one.topics for one in await told_by_all(asking, names)]
        if all(one == told[0] for one in told):
            return told[0]
        if monotonic() > until:
            return _said_by_most(told, names)
        await asyncio.sleep(_ASK_AGAIN_AFTER)


async def awaited_metadata(asking: Asking, names: Collection[str]) -> dict[str, TopicMetadata]:
    """As above, but that topics which seem to be missing are waited for, since they may have been created just now.

    Raises:
        aiokafka.errors.KafkaError: as above.

    """
    until = monotonic() + AGREED_WITHIN
    while True:
        found = await agreed_metadata(asking, names)
        if found.keys() >= set(names) or monotonic() > until:
            return found
        await asyncio.sleep(_ASK_AGAIN_AFTER)


async def wait_until_known(asking: Asking, names: Collection[str], within: float) -> None:
    """Return once every broker that answers knows the topics and who leads them; or after so many seconds.

    Raises:
        aiokafka.errors.KafkaError: as above.

    """
    until = monotonic() + within
    while monotonic() < until:
        told = await told_by_all(asking, names)
        if all(one.topics.keys() >= set(names) and not one.leaderless for one in told):
            return
        await asyncio.sleep(_ASK_AGAIN_AFTER)


async def told_by_all(asking: Asking, names: Collection[str]) -> list[Told]:
    """What each broker says that answers in time, at least one.

    Raises:
        HiddenTopicsError: we may not see some of the topics.
        aiokafka.errors.KafkaError: no broker answers.

    """
    nodes = [broker.nodeId for broker in asking._client.cluster.brokers()]  # noqa: SLF001 - it has no other door
    answers = await asyncio.gather(*(_told_by(node, asking, names) for node in nodes), return_exceptions=True)
    told = [one for one in answers if isinstance(one, Told)]
    failures = [one for one in answers if isinstance(one, BaseException)]
    for failure in failures:
        if isinstance(failure, HiddenTopicsError) or not isinstance(failure, KafkaError | TimeoutError):
            raise failure
    if told:
        return told
    raise next((one for one in failures if isinstance(one, KafkaError)), NodeNotReadyError("no broker answers"))


async def _told_by(node: int, asking: Asking, names: Collection[str]) -> Told:
    async with asyncio.timeout(ANSWER_WITHIN):
        return await told_by(node, asking._client, names)  # noqa: SLF001 - as above


async def _one_says(asking: Asking, names: Collection[str], there: Mapping[str, TopicMetadata]) -> bool:
    node = asking._client.get_random_node()  # noqa: SLF001 - as above
    try:
        told = await _told_by(node, asking, names)
    except HiddenTopicsError:
        raise
    except (KafkaError, TimeoutError):
        return False
    return told.topics == there


def _said_by_most(told: Sequence[Mapping[str, TopicMetadata]], names: Collection[str]) -> dict[str, TopicMetadata]:
    found, open_ = {}, set()
    for name in names:
        said, votes = Counter(one.get(name) for one in told).most_common(1)[0]
        if 2 * votes <= len(told):
            open_.add(name)
        elif said is not None:
            found[name] = said
    if open_:
        raise DisagreedError(open_)
    return found
