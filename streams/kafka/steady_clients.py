"""aiokafka's clients, made to bear brokers that are away: they ask with pauses, wait for a leader, and end when they are to.

While a broker is away or a partition has no leader, aiokafka's clients ask for news without a pause, a thousand times a second.
That takes the time of all else in the process, its end included.
"""

import asyncio
import math
from collections import defaultdict
from collections.abc import Iterable
from contextlib import nullcontext
from logging import getLogger
from time import monotonic
from typing import Any, Final

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.client import AIOKafkaClient, ConnectionGroup
from aiokafka.consumer.fetcher import Fetcher
from aiokafka.errors import ProducerClosed

log = getLogger("aiokafka")

ASK_AGAIN_AFTER: Final = 0.2
"""Seconds between two questions for the same topics: who leads them takes longer to change."""
CONNECT_AGAIN_AFTER: Final = 0.5
"""Seconds for which a broker is left alone that could not be connected to."""
CONNECT_WITHIN: Final = 10.0
"""Seconds that a broker may take to let us in."""
END_WITHIN: Final = 0.5
"""Seconds that a producer may take to hear of what it has sent, once it is to end."""
_FOR_EVER: Final = 24 * 60 * 60.0
"""Seconds; long enough."""


class _Steady:
    """What both kinds of clients have in common."""

    async def start(self) -> None:
        """Connect; what could not be is closed."""
        try:
            await super().start()  # type: ignore[misc]  # untyped: aiokafka's
        except BaseException:
            await self.stop()
            raise

    async def stop(self) -> None:
        """Disconnect; again, nothing happens."""
        await super().stop()  # type: ignore[misc]  # as above


class SteadyConsumer(_Steady, AIOKafkaConsumer):  # type: ignore[misc]  # as above
    """A consumer as above."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        ask_with_pauses(self._client)

    async def start(self) -> None:
        """Connect; what could not be is closed."""
        await super().start()
        end_when_cancelled(self._fetcher)


class SteadyProducer(_Steady, AIOKafkaProducer):  # type: ignore[misc]  # as above
    """A producer as above, which gives up at its end what it could not deliver.

    Unless it `gives_up`, nothing is before. aiokafka lets a batch go that has waited for a leader as long as a request may take,
    and the numbers with it that idempotence has given it, so that the broker refuses whatever comes next.
    """

    def __init__(self, *, gives_up: bool, **options: Any) -> None:
        super().__init__(**options)
        ask_with_pauses(self.client)
        self._message_accumulator._pending_batches = _Pending()  # noqa: SLF001 - it has no setting for it
        if not gives_up:
            self._message_accumulator._batch_ttl = _FOR_EVER  # noqa: SLF001 - as above
            self._request_timeout_ms = _FOR_EVER * 1000  # for batches that wait for those before them

    async def stop(self) -> None:
        """Disconnect; what is still on its way has failed. Again, nothing happens."""
        if not self._closed:
            self._give_up()
        try:
            async with asyncio.timeout(END_WITHIN):
                await super().stop()
        except TimeoutError:
            await self.client.close()

    def _give_up(self) -> None:
        waiting = self._message_accumulator
        batches = [batch for queue in waiting._batches.values() for batch in queue] + list(waiting._pending_batches)  # noqa: SLF001
        waiting.fail_all(ProducerClosed())
        for batch in batches:
            if batch._drain_waiter.done():  # noqa: SLF001
                batch._drain_waiter.exception()  # noqa: SLF001 - so that nobody complains that it was never looked at


class _Pending(set[Any]):
    """Batches under way. One that fails while it waits to be sent again is in there no more, and is taken out all the same."""

    def remove(self, batch: Any) -> None:
        self.discard(batch)


def ask_with_pauses(client: AIOKafkaClient) -> None:
    """Let a client ask again for the same topics, and connect again where it could not, only after a while."""
    _ask_topics_with_pauses(client)
    _connect_with_pauses(client)
    _begin_without_the_silent(client)


def _ask_topics_with_pauses(client: AIOKafkaClient) -> None:
    ask = client._metadata_update  # noqa: SLF001 - it has no setting for it
    asked_at, asked_for = -math.inf, frozenset[str]()

    async def ask_later(cluster: Any, topics: Iterable[str] | None) -> Any:
        nonlocal asked_at, asked_for
        if asked_for == frozenset(topics or ()):
            await asyncio.sleep(max(asked_at + ASK_AGAIN_AFTER - monotonic(), 0))
        asked_at, asked_for = monotonic(), frozenset(topics or ())
        return await ask(cluster, topics)

    client._metadata_update = ask_later  # noqa: SLF001 - as above


def _connect_with_pauses(client: AIOKafkaClient) -> None:
    """A broker that takes a connection and says nothing keeps no other waiting either, as it would by the client's one lock."""
    connect = client._get_conn  # noqa: SLF001 - as above
    client._get_conn_lock_value = nullcontext()  # noqa: SLF001 - as above
    locks: defaultdict[Any, asyncio.Lock] = defaultdict(asyncio.Lock)
    not_before: defaultdict[Any, float] = defaultdict(lambda: -math.inf)

    async def connect_later(node_id: Any, *, group: ConnectionGroup = ConnectionGroup.DEFAULT, **options: Any) -> Any:
        """Whoever asks takes no connection for a broker that is not ready, and waits by itself before it asks again."""
        known = client._conns.get((node_id, group))  # noqa: SLF001 - as above
        if known is not None and known.connected():
            return known
        async with locks[node_id, group]:
            if monotonic() < not_before[node_id]:
                return None
            found = None
            try:
                async with asyncio.timeout(CONNECT_WITHIN):
                    found = await connect(node_id, group=group, **options)
            except TimeoutError:
                log.warning("Unable connect to node with id %s: no answer within %g s", node_id, CONNECT_WITHIN)
                client.force_metadata_update()
            finally:
                not_before[node_id] = -math.inf if found is not None else monotonic() + CONNECT_AGAIN_AFTER
            return found

    client._get_conn = connect_later  # noqa: SLF001 - as above


def _begin_without_the_silent(client: AIOKafkaClient) -> None:
    """Let a client that starts leave a broker out that says nothing: it waits for each as long as for any request."""
    begin = client.bootstrap

    async def begin_soon() -> None:
        patience = client._request_timeout_ms  # noqa: SLF001 - as above
        client._request_timeout_ms = min(patience, round(CONNECT_WITHIN * 1000))  # noqa: SLF001 - as above
        try:
            await begin()
        finally:
            client._request_timeout_ms = patience  # noqa: SLF001 - as above

    client.bootstrap = begin_soon


def end_when_cancelled(fetcher: Fetcher) -> None:
    """Let a fetch that is cancelled while it waits after an error just end: it would take whoever stops the consumer along."""
    fetch = fetcher._proc_fetch_request  # noqa: SLF001 - it has no other door

    async def fetch_or_end(*arguments: Any) -> bool:
        try:
            return bool(await fetch(*arguments))
        except asyncio.CancelledError:
            return False

    fetcher._proc_fetch_request = fetch_or_end  # noqa: SLF001 - as above
