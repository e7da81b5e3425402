"""Careless histories, one after the other, at a steady rate, for as long as a test wants."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count
from random import Random

from aiokafka import AIOKafkaProducer

from tests.streams.histories import careless_history

LEADS_AT_ONCE = 50


class Load:
    """How many records were acknowledged so far."""

    published: int = 0


@asynccontextmanager
async def steady_load(broker: str, seed: int, a_second: float) -> AsyncIterator[Load]:
    """Publish within the block, `a_second` records on average, each acknowledged by the broker."""
    load, over = Load(), asyncio.Event()
    publishing = asyncio.create_task(_publish(broker, seed, a_second, load, over))
    try:
        yield load
    finally:
        over.set()
        await publishing


async def _publish(broker: str, seed: int, a_second: float, load: Load, over: asyncio.Event) -> None:
    chance = Random(seed)  # noqa: S311 - a test's dice, not a secret's
    loop = asyncio.get_running_loop()
    due = loop.time()
    async with AIOKafkaProducer(bootstrap_servers=broker, acks="all", enable_idempotence=True) as producer:
        for number in count(seed * 1_000):
            for one in careless_history(number, LEADS_AT_ONCE):
                if over.is_set():
                    return
                due += chance.expovariate(a_second)
                await asyncio.sleep(due - loop.time())
                await producer.send_and_wait(
                    one.topic, one.value, key=one.key, partition=one.partition, headers=list(one.headers)
                )
                load.published += 1
