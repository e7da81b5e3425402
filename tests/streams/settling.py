"""Waiting until the topics hold what they have to hold in the end."""

import asyncio
from collections.abc import AsyncIterator, Collection
from pathlib import Path

from sla_rules.engine.codec import decode
from streams.clock import wall_clock
from streams.kafka.topics import changelog_of
from streams.settings import Settings
from tests.real_parts.loopback import AT_MOST
from tests.real_parts.service import all_records
from tests.streams.oracle import differences, expected, found, lost


async def ends_as_the_pure_fold_says(broker: str, agreement: Path) -> None:
    """Wait until the topics hold what the pure fold says, and fail with the difference if they never do."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + AT_MOST
    while (got := await found(broker)) != (wanted := await expected(broker, agreement, wall_clock())):
        if loop.time() > deadline:
            differ = differences(got, wanted)
            past = [line async for line in kept_of(broker, differ)]
            message = (
                f"{len(lost(got, wanted))} facts lost; found and wanted, where they differ: {differ}\n"
                f"as the changelog has it: {past}"
            )
            raise AssertionError(message)
        await asyncio.sleep(0.5)


async def kept_of(broker: str, leads: Collection[bytes]) -> AsyncIterator[str]:
    """Every state that was kept of the leads, with its place and the generation it was written in."""
    for record in await all_records(broker, changelog_of(Settings())):
        if record.key in leads:
            facts = [fact.id for fact in decode(record.value).facts] if record.value is not None else "left"
            yield f"{record.key} {record.partition}@{record.offset} {record.timestamp} {record.headers}: {facts}"
