"""Waiting until the topics hold what they have to hold in the end."""

import asyncio
from pathlib import Path

from streams.clock import wall_clock
from tests.streams.oracle import differences, expected, found

CAUGHT_UP_SECONDS = 40.0


async def ends_as_the_pure_fold_says(broker: str, agreement: Path) -> None:
    """Wait until the topics hold what the pure fold says, and fail with the difference if they never do."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + CAUGHT_UP_SECONDS
    while (got := await found(broker)) != (wanted := await expected(broker, agreement, wall_clock())):
        if loop.time() > deadline:
            message = f"found and wanted, where they differ: {differences(got, wanted)}"
            raise AssertionError(message)
        await asyncio.sleep(0.5)
