"""Two workers under load, of which one after the other is killed at a random moment."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from random import Random

from tests.real_parts.service import Worker, send
from tests.streams.histories import careless_history
from tests.streams.settling import ends_as_the_pure_fold_says

LEADS_PER_ROUND = 150


async def killed_under_load(
    broker: str, agreement: Path, folder: Path, kills: int, seed: int, tell: Callable[[str], None] = lambda _: None
) -> int:
    """Send careless histories, killing a worker of two during each; the number of records that were sent.

    Raises:
        AssertionError: in the end the topics do not hold what the pure fold says.

    """
    chance = Random(seed)  # noqa: S311 - a test's dice, not a secret's
    records = 0
    with Worker(broker, agreement, folder, "first") as first, Worker(broker, agreement, folder, "second") as second:
        for kill in range(kills):
            history = careless_history(seed * 1_000 + kill, LEADS_PER_ROUND)
            records += len(history)
            load = asyncio.create_task(send(broker, history))
            await asyncio.sleep(chance.uniform(0.1, 2.0))
            victim = chance.choice([first, second])
            victim.program.kill()
            await load
            await asyncio.to_thread(victim.start)
            tell(f"{kill + 1} of {kills} kills, {records} records")
        await ends_as_the_pure_fold_says(broker, agreement)
    return records
