"""Careless histories, some at a time, at a steady rate, for as long as a test wants."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from itertools import count
from random import Random

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError

from tests.events import Sent
from tests.streams.histories import careless_history

LEADS_AT_ONCE = 50
HISTORIES_AT_ONCE = 6


class Load:
    """How many records the broker has acknowledged so far."""

    published: int = 0


@asynccontextmanager
async def steady_load(broker: str, seed: int, a_second: float) -> AsyncIterator[Load]:
    """Publish within the block, `a_second` records on average, each acknowledged by the broker.

    What waited while the broker was away comes at once when it is back. A record whose fate is unknown is sent again.
    """
    load, over = Load(), asyncio.Event()
    publishing = asyncio.create_task(_publish(broker, seed, a_second, load, over))
    try:
        yield load
    finally:
        over.set()
        await publishing


def endless_history(seed: int) -> Iterator[Sent]:
    """Records of ever new leads; those of one lead lie apart, so that much can happen to its owner in between."""
    chance = Random(seed)  # noqa: S311 - a test's dice, not a secret's
    numbers = count(seed * 10_000)
    running = [careless_history(next(numbers), LEADS_AT_ONCE) for _ in range(HISTORIES_AT_ONCE)]
    while True:
        one = chance.randrange(HISTORIES_AT_ONCE)
        if not running[one]:
            running[one] = careless_history(next(numbers), LEADS_AT_ONCE)
        yield running[one].pop()


async def _publish(broker: str, seed: int, a_second: float, load: Load, over: asyncio.Event) -> None:
    chance = Random(seed)  # noqa: S311 - as above
    loop = asyncio.get_running_loop()
    due = loop.time()
    async with AIOKafkaProducer(bootstrap_servers=broker, acks="all", enable_idempotence=True) as producer:
        for one in endless_history(seed):
            due += chance.expovariate(a_second)
            await asyncio.sleep(due - loop.time())
            acknowledged = False
            while not acknowledged:
                if over.is_set():
                    return
                try:
                    await producer.send_and_wait(
                        one.topic, one.value, key=one.key, partition=one.partition, headers=list(one.headers)
                    )
                except KafkaError:
                    continue
                acknowledged = True
            load.published += 1
