"""How long does it take to take over very many leads, index and figures included, and what is the least it could?"""

import asyncio
import re
from time import perf_counter
from typing import Any, Final

import uvloop
from aiokafka import TopicPartition

from bench.open_leads import OpenLeads
from bench.process import COLOUR
from bench.stage import Stage
from bench.taker import Taker
from streams.kafka.connection import new_consumer

_LOADED: Final = re.compile(r"partitions loaded.*?leads=(\d+).*?seconds=([\d.]+)")


def recovery(on: Stage, taker: Taker, opened: OpenLeads, empty_seconds: float) -> dict[str, Any]:
    """Seconds from the start of the process to open partitions, and of plainly reading the same changelog."""
    plain = plain_reading(on, opened)
    return {
        "leads": opened.leads,
        "state_bytes": round(opened.state_bytes, 1),
        **start(taker, opened),
        "start_to_open_without_leads_seconds": round(empty_seconds, 2),
        "plain_reading_seconds": round(plain, 2),
        "plain_reading_share": round(plain / (taker.seconds_to_open - empty_seconds), 3),
    }


def start(taker: Taker, opened: OpenLeads) -> dict[str, Any]:
    """Seconds from the start of the process to open partitions, and how many of them went into reading; CPU of all of it.

    Raises:
        RuntimeError: it has not taken over as many leads as there are.

    """
    loads = [found for line in taker.process.lines if (found := _LOADED.search(COLOUR.sub("", line)))]
    leads = sum(int(found[1]) for found in loads)
    if leads != opened.leads:
        message = f"{leads} leads were taken over, not {opened.leads}:\n{taker.process.tail()}"
        raise RuntimeError(message)
    return {
        "start_to_open_seconds": round(taker.seconds_to_open, 2),
        "start_to_open_cpu_seconds": round(taker.process.cpu_at_ready, 2),
        "loading_seconds": round(sum(float(found[2]) for found in loads), 3),
    }


def plain_reading(on: Stage, opened: OpenLeads) -> float:
    """Seconds for a consumer of ours to read the changelog and keep the last value of each key."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(_read(on, opened))


async def _read(on: Stage, opened: OpenLeads) -> float:
    consumer = new_consumer(on.settings(opened.task.group))
    await consumer.start()
    try:
        places = [TopicPartition(opened.task.changelog, number) for number in range(on.partitions)]
        consumer.assign(places)
        ends = await consumer.end_offsets(places)
        await consumer.seek_to_beginning(*places)
        values: dict[bytes, bytes] = {}
        began = perf_counter()
        while any([await consumer.position(place) < ends[place] for place in places]):
            for records in (await consumer.getmany(timeout_ms=200)).values():
                values.update((record.key, record.value) for record in records)
        return perf_counter() - began
    finally:
        await consumer.stop()
