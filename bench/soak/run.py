"""One run: a broker, workers, a publisher, and what the plan does to them; in the end the comparison."""

import asyncio
import logging
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from time import monotonic
from typing import Final, NamedTuple

from bench.soak.comparison import Ending, compared
from bench.soak.disruptions import Scene
from bench.soak.plan import Disruption, Kind
from bench.soak.seats import Seat
from streams.kafka.topics import plan as topics
from streams.settings import Settings
from tests.real_parts.service import PARTITIONS
from tests.real_parts.slow_kafka import SlowKafka
from tests.streams.agreements import quick_agreement
from tests.streams.steady_load import Load, steady_load

SESSION_SECONDS: Final = 6
_SETTINGS: Final = {"LEADSLA_SESSION_TIMEOUT_SECONDS": str(SESSION_SECONDS), "LEADSLA_PATIENCE_SECONDS": "30"}


class Outcome(NamedTuple):
    """What was done, what ended workers, and how it all ended."""

    done: Counter[Kind]
    endings: Counter[str]
    acknowledged: int
    seconds: float
    ending: Ending


def new_kafka(
    folder: Path,
    seed: int,
    workers: int,
    settings: Mapping[str, str] | None = None,
    compaction: Mapping[str, str] | None = None,
) -> SlowKafka:
    """A broker with a way in for each worker and the service's topics, with other settings for those that are compacted if there are any.

    Raises:
        NoKafkaError: there can be none here.

    """
    kafka = SlowKafka(folder, seed, settings, workers)
    try:
        planned = topics(Settings())
        changed = {
            name: {**config, **(compaction or {})} for name, config in planned.items() if "cleanup.policy" in config
        }
        kafka.create_planned({**planned, **changed}, PARTITIONS)
    except BaseException:
        kafka.close()
        raise
    return kafka


async def run(
    kafka: SlowKafka,
    plan: Sequence[Disruption],
    folder: Path,
    *,
    stores: Sequence[str],
    seed: int,
    a_second: float,
    tell: Callable[[str], None],
    new_seat: type[Seat] = Seat,
) -> Outcome:
    """Do what the plan says to workers, one for each of the stores, while events are published.

    Logs of the workers stay in the folder.

    Raises:
        NoVictimError: no worker was well enough for a disruption for minutes.
        NotStartedError: the broker did not come back.

    """
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)  # a client of a broker that is killed has much to say
    agreement = quick_agreement(folder)
    began = monotonic()
    with ExitStack() as running:
        seats = [
            running.enter_context(
                new_seat(link.address, agreement, folder, f"worker-{number}", LEADSLA_STORE=store, **_SETTINGS)
            )
            for number, (link, store) in enumerate(zip(kafka.links, stores, strict=True), 1)
        ]
        scene = Scene(kafka, seats)
        kept = [asyncio.create_task(seat.keep_running()) for seat in seats]
        try:
            async with steady_load(kafka.bootstrap, seed, a_second) as load:
                await _disrupt(scene, plan, load, began, tell)
            tell(f"all {len(plan)} disruptions are done, {load.published:,} events are acknowledged")
            ending = await compared(kafka.bootstrap, agreement, load.published, tell)
        finally:
            for keeping in kept:
                keeping.cancel()
            failures = await asyncio.gather(*kept, return_exceptions=True)
            for seat in seats:
                seat.program.kill()
        for failure in failures:
            if isinstance(failure, Exception):
                raise failure
    endings = sum((seat.endings for seat in seats), Counter[str]())
    return Outcome(scene.done, endings, load.published, monotonic() - began, ending)


async def _disrupt(
    scene: Scene, plan: Sequence[Disruption], load: Load, began: float, tell: Callable[[str], None]
) -> None:
    try:
        async with asyncio.TaskGroup() as under_way:
            for number, one in enumerate(plan, 1):
                await asyncio.sleep(one.after)
                what = f"{one.kind.removesuffix('s').replace('_', ' ')}, {one.lasts:.1f} s"
                tell(f"{monotonic() - began:6.1f} s  {number} of {len(plan)}: {what}; {load.published:,} events")
                under_way.create_task(scene.carry_out(one))
    except BaseExceptionGroup as group:
        raise group.exceptions[0] from None
