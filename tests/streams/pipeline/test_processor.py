"""Messages come in, and what follows from them is durable before they are let go of."""

import asyncio
from datetime import UTC, datetime
from random import Random
from typing import Any, Final, NamedTuple

import pytest
from aiokafka.errors import KafkaTimeoutError
from faust.types import TP

from sla_rules.engine.codec import decode
from sla_rules.engine.partition import PartitionState
from sla_rules.instants import MINUTE, Instant, instant
from sla_rules.names import REJECTED_TOPIC
from streams.clock import MILLISECOND
from streams.health.worker_health import PartitionProgress, Phase, WorkerHealth
from streams.kafka.partitioning import partition_of
from streams.kafka.topics import changelog_of
from streams.partitions.lead_tables import LeadTables
from streams.partitions.ownership import Owned, Ownership
from streams.pipeline.batches import Batch, Tick
from streams.pipeline.counters import Counters
from streams.pipeline.delivery import Delivery, UndeliveredError
from streams.pipeline.folder import Folder
from streams.pipeline.in_flight import InFlight
from streams.pipeline.intake import Intake
from streams.pipeline.processor import Processor
from streams.reading.records import Span
from streams.settings import Settings
from tests.events import Crm, Sent
from tests.sla_rules.rules import wall
from tests.streams.arrivals import Arrived
from tests.streams.simulation.broker import Broker
from tests.streams.simulation.clients import Producer

PARTITIONS = 4
LEAD = b"L-1"
PLACE = partition_of(LEAD, PARTITIONS)
AT = TP("handed-off", PLACE)
SETTINGS = Settings()
CHANGELOG = TP(changelog_of(SETTINGS), PLACE)
GENERATION = 3
START: Final = datetime(2026, 3, 2, 9, tzinfo=UTC)
NOW: Final[Instant] = instant(START)


class Came(NamedTuple):
    """A message, as far as it is looked at."""

    value: Any
    tp: TP = AT
    generation_id: int = GENERATION


def batch(*sent: Sent, begin: int = 0) -> Came:
    records = [
        Arrived(AT.topic, PLACE, one.key, one.value, one.headers, offset=begin + number, timestamp=NOW // MILLISECOND)
        for number, one in enumerate(sent)
    ]
    return Came(Batch(PLACE, records, Span(1, begin, begin + len(records))))


class Bench:
    """A processor of one partition whose producer writes to a broker in memory."""

    def __init__(self) -> None:
        self.broker = Broker(PARTITIONS, Random(1))  # noqa: S311 - a seed
        self.crashes: list[BaseException] = []
        self.acked: list[Came] = []
        self.ownership = Ownership({PLACE: Owned(PartitionState(wall(), {}))})
        self.ownership.offsets.begin(CHANGELOG.topic, PLACE, 0)
        self.health = WorkerHealth(0.0, phase=Phase.SERVING)
        self.health.partitions = {PLACE: PartitionProgress(0.0)}
        self.counters = Counters()
        self.intake = Intake(lambda: GENERATION, self._begin_of, self.counters)
        self.intake.coverage.start(AT, 0, run=1)
        self.delivery = Delivery(SETTINGS, self.ownership.offsets, LeadTables(SETTINGS), self.counters, lambda: NOW)
        folder = Folder(SETTINGS, lambda: NOW, PARTITIONS)
        self.in_flight = InFlight(self._crash)
        self.processor = Processor(self.ownership, self.intake, folder, self.delivery, self.in_flight, self.health)

    @property
    def owned(self) -> Owned:
        return self.ownership.partitions[PLACE]

    async def take(self, came: Came) -> None:
        """Have a message processed, and wait for its end."""
        await self.begin(came)
        await self.in_flight.all_ended()

    async def begin(self, came: Came) -> None:
        async def ack() -> None:
            self.acked.append(came)

        message: Any = came
        await self.processor.take(message, ack)

    def written(self, tp: TP) -> list[bytes | None]:
        return [record.value for record in self.broker.logs[tp].records]

    @staticmethod
    async def _begin_of(_: TP) -> int:
        return 0

    async def _crash(self, reason: BaseException) -> None:
        self.crashes.append(reason)


@pytest.fixture
async def bench(monkeypatch: pytest.MonkeyPatch) -> Bench:
    bench = Bench()
    monkeypatch.setattr("streams.pipeline.delivery.new_producer", lambda _: Producer(bench.broker))
    await bench.delivery.start()
    return bench


async def test_events_are_facts_in_the_changelog_before_they_are_let_go_of_and_may_be_committed(bench: Bench) -> None:
    came = batch(Crm(START).handed_off(LEAD.decode(), 0))
    await bench.begin(came)
    assert bench.acked == []
    assert PLACE in bench.health.in_hand
    await bench.in_flight.all_ended()

    (state,) = bench.written(CHANGELOG)
    assert len(decode(state or b"").facts) == 1
    assert bench.acked == [came]
    assert bench.intake.coverage.take_offset(AT) == 1
    assert bench.counters.events["handed-off", "accepted"] == 1
    assert bench.health.in_hand == {}
    assert bench.health.partitions[PLACE].progressed_at > 0


async def test_what_cannot_be_read_is_a_dead_letter_and_the_rest_counts(bench: Bench) -> None:
    await bench.take(batch(Sent("handed-off", LEAD, b"{", ()), Crm(START).handed_off(LEAD.decode(), 0)))

    assert bench.written(TP(REJECTED_TOPIC, PLACE)) == [b"{"]
    assert bench.counters.events["handed-off", "rejected"] == bench.counters.events["handed-off", "accepted"] == 1
    assert bench.counters.rejected["handed-off", "broken_json"] == 1


async def test_what_is_of_another_generation_is_let_go_of_and_nothing_follows_from_it(bench: Bench) -> None:
    came = batch(Crm(START).handed_off(LEAD.decode(), 0))._replace(generation_id=GENERATION - 1)

    await bench.take(came)

    assert bench.acked == [came]
    assert bench.broker.logs == {}


async def test_a_tick_that_is_of_no_use_any_more_makes_room_for_another(bench: Bench) -> None:
    bench.owned.tick_pending = True
    bench.intake.seeks = 1

    await bench.take(Came(Tick(PLACE, NOW)))

    assert not bench.owned.tick_pending
    assert bench.owned.state.now < NOW


async def test_what_is_of_a_partition_that_went_away_is_let_go_of(bench: Bench) -> None:
    bench.ownership.keep_only(set())

    await bench.take(came := batch(Crm(START).handed_off(LEAD.decode(), 0)))

    assert (bench.acked, bench.broker.logs) == ([came], {})


async def test_a_tick_lets_time_come_and_is_over_when_what_follows_is_durable(bench: Bench) -> None:
    bench.owned.tick_pending = True

    await bench.take(Came(Tick(PLACE, NOW + MINUTE)))

    assert bench.owned.state.now == NOW + MINUTE
    assert not bench.owned.tick_pending
    assert bench.intake.coverage.take_offset(AT) is None


async def test_what_topics_have_lost_is_written_again_with_the_next_tick(bench: Bench) -> None:
    await bench.take(batch(Crm(START).handed_off(LEAD.decode(), 0)))
    bench.ownership.offsets.lose(CHANGELOG.topic, PLACE)

    await bench.take(Came(Tick(PLACE, NOW + MINUTE, scan_budget=100)))

    first, again = bench.written(CHANGELOG)
    assert decode(first or b"").facts == decode(again or b"").facts
    assert bench.owned.restored == {CHANGELOG.topic}


async def test_what_cannot_be_delivered_ends_the_worker_and_is_neither_let_go_of_nor_passed(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refuse(*_: object, **__: object) -> None:
        raise KafkaTimeoutError

    monkeypatch.setattr(Producer, "send_batch", refuse)
    await bench.begin(batch(Crm(START).handed_off(LEAD.decode(), 0)))
    with pytest.raises(UndeliveredError):
        await bench.in_flight.all_ended()

    (crash,) = bench.crashes
    assert isinstance(crash, UndeliveredError)
    assert bench.acked == []
    assert bench.intake.coverage.take_offset(AT) is None
    with pytest.raises(UndeliveredError):
        await bench.begin(batch(Crm(START).handed_off(LEAD.decode(), 60), begin=1))


async def test_a_partition_is_folded_while_another_is_still_being_delivered(bench: Bench) -> None:
    other = next(place for place in range(PARTITIONS) if place != PLACE)
    bench.ownership.partitions[other] = Owned(PartitionState(wall(), {}))
    bench.broker.pace = (0.05, 0.05)
    await bench.begin(batch(Crm(START).handed_off(LEAD.decode(), 0)))

    await asyncio.wait_for(bench.begin(Came(Tick(other, NOW + MINUTE), TP(AT.topic, other))), 0.04)

    assert bench.owned.state.leads
    assert bench.ownership.partitions[other].state.now == NOW + MINUTE
    await bench.in_flight.all_ended()
