"""How far each owned partition is, is written down; and whatever becomes of that, nothing else does."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from sla_rules.engine.partition import PartitionState
from sla_rules.instants import MINUTE, SECOND, Instant
from sla_rules.names import INPUT_TOPICS, PROGRESS_TOPIC
from sla_rules.reports.progress_records import ProgressRecord, read_progress
from streams.clock import FastClock, wall_clock
from streams.kafka.connection import new_producer
from streams.kafka.embedded_broker import EmbeddedBroker
from streams.kafka.end_offsets import EndOffsets
from streams.monitoring import progress_writer
from streams.monitoring.progress_writer import ProgressWriter
from streams.partitions.ownership import Owned, Ownership
from streams.pipeline.timekeeper import Timekeeper
from streams.settings import Settings
from tests.real_parts.service import last_values
from tests.script import ORIGIN
from tests.sla_rules.reports.progress import record
from tests.sla_rules.reports.progress import written as value_of
from tests.sla_rules.rules import wall

GENERATION = 4


def come_to(at: Instant) -> PartitionState:
    """A partition without leads whose time has come to an instant."""
    state = PartitionState(wall(), {})
    state.advance_to(at)
    return state


class Bench:
    """A writer of a worker that owns partitions 1 and 2."""

    def __init__(self, broker: str) -> None:
        self.settings = Settings(broker=broker, request_timeout_seconds=5)
        self.ownership = Ownership({number: Owned(come_to(wall_clock() - MINUTE)) for number in (1, 2)})
        self.timekeeper = Timekeeper(wall_clock, INPUT_TOPICS, self.ownership, EndOffsets(self.settings))
        self.writer = ProgressWriter(self.settings, self.timekeeper, lambda: GENERATION)

    async def written(self) -> dict[int, ProgressRecord]:
        """What the topic says of each partition, after one more turn."""
        await self.writer.write()
        return await self.said()

    async def said(self) -> dict[int, ProgressRecord]:
        """What the topic says of each partition."""
        values = await last_values(self.settings.broker, PROGRESS_TOPIC)
        return {int(key): read_progress(value) for key, value in values.items()}

    async def send(self, topic: str, value: bytes, **where: Any) -> None:
        async with new_producer(self.settings) as producer:
            await producer.send_and_wait(topic, value, **where)


@pytest.fixture
async def bench(service_embedded: EmbeddedBroker) -> AsyncIterator[Bench]:
    bench = Bench(service_embedded.bootstrap)
    yield bench
    await bench.writer.stop()


async def test_of_what_is_owned_it_is_written_how_far_it_is(bench: Bench) -> None:
    come_to = wall_clock()
    for owned in bench.ownership.partitions.values():
        owned.see({}, come_to)

    found = await bench.written()

    assert found.keys() == {1, 2}
    assert all(one.as_of == come_to <= one.at <= wall_clock() for one in found.values())
    assert {(one.generation, one.digest, one.every) for one in found.values()} == {
        (GENERATION, wall().digest, 5 * SECOND)
    }


async def test_topics_that_do_not_hold_all_are_named(bench: Bench) -> None:
    bench.ownership.partitions[1].restoring = {"sla-periods", "sla-clocks"}
    found = await bench.written()

    assert (found[1].incomplete, found[2].incomplete) == (("sla-clocks", "sla-periods"), ())


async def test_while_open_clocks_are_not_written_their_topic_does_not_hold_them(bench: Bench) -> None:
    settings = Settings(broker=bench.settings.broker, clocks=False)
    bench.writer = ProgressWriter(settings, bench.timekeeper, lambda: GENERATION)

    assert {one.incomplete for one in (await bench.written()).values()} == {("sla-clocks",)}


async def test_agreements_that_nothing_is_decided_of_are_not_all_in_their_topic(bench: Bench) -> None:
    bench.writer = ProgressWriter(bench.settings, bench.timekeeper, lambda: GENERATION, lambda: {2})
    found = await bench.written()

    assert (found[1].incomplete, found[2].incomplete) == ((), ("sla-agreements",))


async def test_of_what_went_to_another_worker_nothing_is_written(bench: Bench) -> None:
    bench.ownership.keep_only({2})
    assert (await bench.written()).keys() == {2}

    bench.ownership.recovering = True
    before = await bench.said()
    assert await bench.written() == before


async def test_of_a_partition_that_has_come_to_nothing_yet_no_instant_is_written(bench: Bench) -> None:
    bench.ownership.partitions[1] = Owned(PartitionState(wall(), {}))

    found = await bench.written()

    assert found[1].as_of is None
    assert found[2].as_of is not None


async def test_who_takes_over_goes_on_from_what_the_former_owner_knew_of_arrivals(bench: Bench) -> None:
    former = record(1, generation=3, topics={"handed-off": ORIGIN}, sources={"/crm": ORIGIN}, others=ORIGIN - 1)
    await bench.send(PROGRESS_TOPIC, value_of(former), key=b"1")
    await bench.send(PROGRESS_TOPIC, b"rubbish", key=b"somebody else's")
    bench.ownership.partitions[1].arrivals.take({"lead-created": ORIGIN}, {})

    await bench.writer.write()
    (found,) = [
        read_progress(value)
        for key, value in (await last_values(bench.settings.broker, PROGRESS_TOPIC)).items()
        if key == b"1"
    ]

    assert found.topics == {"handed-off": ORIGIN, "lead-created": ORIGIN}
    assert (found.sources, found.others) == ({"/crm": ORIGIN}, ORIGIN - 1)


async def test_while_nobody_takes_it_the_writer_goes_on_and_then_writes_again(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(progress_writer, "WRITE_EVERY", 0.01)
    troubles = iter([TimeoutError(), ValueError("a fault of ours")])
    write, written = bench.writer.write, asyncio.Event()

    async def fail_at_first() -> None:
        if (trouble := next(troubles, None)) is not None:
            raise trouble
        await write()
        written.set()

    monkeypatch.setattr(bench.writer, "write", fail_at_first)
    writing = asyncio.ensure_future(bench.writer.keep_writing())
    await asyncio.wait_for(written.wait(), 30)

    assert (await bench.said()).keys() == {1, 2}
    assert not writing.done()
    writing.cancel()


def test_by_a_fast_clock_records_come_as_much_further_apart() -> None:
    settings = Settings()
    clock = FastClock(0, 0, 60.0)
    timekeeper = Timekeeper(clock, INPUT_TOPICS, Ownership(), EndOffsets(settings))

    assert ProgressWriter(settings, timekeeper, lambda: 1)._every == 5 * MINUTE  # noqa: SLF001 - what it writes
