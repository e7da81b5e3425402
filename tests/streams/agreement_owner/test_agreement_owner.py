"""Whoever owns the partition of an agreement's id writes what stands of it, and nobody else does."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any, Final

import pytest
from aiokafka import AIOKafkaProducer

from sla_rules.agreement.file import load_agreements
from sla_rules.agreement.rulebook import RuleBook
from sla_rules.instants import SECOND
from sla_rules.names import AGREEMENTS_TOPIC, PERIODS_TOPIC
from streams.agreement_owner import agreement_owner, owned_agreement
from streams.agreement_owner.agreement_owner import AgreementOwner
from streams.clock import wall_clock
from streams.health.conditions import Conditions, Kind
from streams.kafka.embedded_broker import PARTITIONS, EmbeddedBroker
from streams.kafka.end_offsets import EndOffsets
from streams.kafka.partitioning import partition_of
from streams.partitions.offset_tracker import GENERATION, generation_of
from streams.partitions.ownership import Ownership
from streams.settings import Settings
from tests.agreements.examples import FILES
from tests.real_parts.service import all_records
from tests.streams.agreement_owner.counted import Counted

RULES: Final = RuleBook(load_agreements(FILES))
PLACES: Final = {name: partition_of(name.encode(), PARTITIONS) for name in RULES.versions}
NAME, OTHER, *_ = PLACES
PLACE: Final = PLACES[NAME]
EVERY: Final = frozenset(range(PARTITIONS))
GENERATION_NOW: Final = 7
RUBBISH: Final = b"{rubbish"
A_TURN: Final = 0.05
"""Seconds between two looks, and between two writes of one agreement."""


@dataclass
class Owner:
    """A running owner, and all that there is around it."""

    broker: str
    producer: AIOKafkaProducer
    ownership: Ownership = field(default_factory=Ownership)
    generation: int = GENERATION_NOW
    conditions: Conditions = field(default_factory=Conditions)
    service: AgreementOwner = field(init=False)

    def owns(self, *places: int, generation: int = GENERATION_NOW) -> None:
        """Have the group give these partitions to it and no others."""
        owned: Any = dict.fromkeys(places)
        self.generation, self.ownership.partitions = generation, owned

    async def publish(self, partition: int, value: object, name: str = NAME, window: str = "a") -> None:
        """Publish figures of an agreement, as the owner of a partition of leads."""
        key = f"{name}/{window}/{partition}".encode()
        encoded = None if value is None else str(value).encode()
        await self.producer.send_and_wait(PERIODS_TOPIC, encoded, key, partition)

    async def write(self, key: str, value: bytes | None, generation: int, place: int = PLACE) -> None:
        """Write what stands, as an owner of that generation."""
        headers = [(GENERATION, str(generation).encode())]
        await self.producer.send_and_wait(AGREEMENTS_TOPIC, value, key.encode(), place, headers=headers)

    async def standing(self, name: str = NAME) -> dict[str, int]:
        """What stands of an agreement in the topic."""
        last = {
            one.key.decode(): one.value
            for one in await all_records(self.broker, AGREEMENTS_TOPIC)
            if one.key.decode().split("/")[0] == name and one.partition == partition_of(name.encode(), PARTITIONS)
        }
        return {key: int(value) for key, value in last.items() if value not in {None, RUBBISH}}

    async def stands(self, name: str = NAME, **wanted: int) -> None:
        """Wait until no more and no less stands of an agreement; of `whole` and of `in_0`, its parts."""
        keys = {name if what == "whole" else f"{name}/{what.removeprefix('in_')}": n for what, n in wanted.items()}
        await until(lambda: self.standing(name), keys)

    async def written(self) -> list[tuple[int, bytes, int]]:
        """Partition, key and generation of all that was ever written."""
        records = await all_records(self.broker, AGREEMENTS_TOPIC)
        return [(one.partition, one.key, generation_of(one.headers)) for one in records]

    async def is_still(self) -> None:
        """Wait as long as a turn and a write may take, and see that nothing is written."""
        before = await self.written()
        await asyncio.sleep(10 * A_TURN)
        assert await self.written() == before


async def until(ask: Callable[[], Any], wanted: object) -> None:
    """Wait until the answer is what is wanted."""
    async with asyncio.timeout(20):
        while (found := await ask()) != wanted:
            await asyncio.sleep(0.05)
            last = found  # noqa: F841 - seen in the trace


@pytest.fixture
async def owner(service_embedded: EmbeddedBroker, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Owner]:
    monkeypatch.setattr(agreement_owner, "LOOK_EVERY", A_TURN)
    monkeypatch.setattr(agreement_owner, "PAUSE", A_TURN / 5)
    monkeypatch.setattr(owned_agreement, "WRITE_EVERY", A_TURN)
    broker = service_embedded.bootstrap
    settings = Settings(broker=broker)
    end_offsets = EndOffsets(settings)
    await end_offsets.start()
    async with AIOKafkaProducer(bootstrap_servers=broker) as producer:
        one = Owner(broker, producer)
        one.service = AgreementOwner(
            settings,
            RULES,
            PARTITIONS,
            one.ownership,
            lambda: one.generation,
            wall_clock,
            end_offsets,
            one.conditions,
            Counted,
        )
        running = asyncio.create_task(one.service.keep_going())
        yield one
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
    await end_offsets.stop()


async def test_the_owner_of_an_agreement_writes_what_all_partitions_say_where_its_id_belongs(owner: Owner) -> None:
    for partition in EVERY:
        await owner.publish(partition, partition)
    owner.owns(PLACE)

    await owner.stands(whole=6, in_0=0, in_1=1, in_2=2, in_3=3)
    await owner.publish(2, 20)
    await owner.stands(whole=24, in_0=0, in_1=1, in_2=20, in_3=3)

    written = [(place, generation) for place, key, generation in await owner.written() if key.startswith(NAME.encode())]
    assert set(written) == {(PLACE, GENERATION_NOW)}


async def test_nothing_is_written_of_agreements_that_others_own_nor_while_partitions_change_hands(owner: Owner) -> None:
    for name in PLACES:
        await owner.publish(0, 1, name)
    owner.ownership.recovering = True
    owner.owns(PLACE)
    await owner.is_still()

    owner.ownership.recovering = False
    for name in PLACES:
        if PLACES[name] == PLACE:
            await owner.stands(name, whole=1, in_0=1)
    await owner.is_still()
    assert {place for place, *_ in await owner.written()} == {PLACE}

    owner.owns()
    await owner.publish(0, 2)
    await owner.is_still()


async def test_who_takes_an_agreement_over_writes_nothing_that_stands_already(owner: Owner) -> None:
    await owner.publish(1, 5)
    await owner.write(NAME, b"5", GENERATION_NOW - 1)
    await owner.write(f"{NAME}/1", b"5", GENERATION_NOW - 1)
    owner.owns(PLACE)
    (other,) = (name for name in PLACES if PLACES[name] == PLACE and name != NAME)
    await owner.stands(other, whole=0)

    assert await at_last(owner) == GENERATION_NOW - 1
    await owner.is_still()

    await owner.publish(1, 6)
    await owner.stands(whole=6, in_1=6)


async def test_what_a_former_owner_writes_late_is_written_over(owner: Owner) -> None:
    await owner.publish(1, 5)
    owner.owns(PLACE)
    await owner.stands(whole=5, in_1=5)

    await owner.write(NAME, b"4", GENERATION_NOW - 1)
    await owner.write(f"{NAME}/1", None, GENERATION_NOW - 1)

    await until(lambda: at_last(owner), GENERATION_NOW)
    await owner.stands(whole=5, in_1=5)


async def at_last(owner: Owner) -> int:
    """The generation in which the agreement's own record was written last."""
    return [generation for _, key, generation in await owner.written() if key == NAME.encode()][-1]


async def test_who_has_a_successor_writes_nothing_until_the_group_says_otherwise(owner: Owner) -> None:
    await owner.publish(1, 5)
    owner.owns(PLACE)
    await owner.stands(whole=5, in_1=5)

    await owner.write(NAME, b"4", GENERATION_NOW + 1)
    await owner.is_still()
    await owner.stands(whole=4, in_1=5)

    owner.owns(PLACE, generation=GENERATION_NOW + 2)
    await owner.stands(whole=5, in_1=5)


async def test_a_group_that_counts_from_one_again_is_not_held_up_by_what_stands_of_before(owner: Owner) -> None:
    await owner.publish(1, 5)
    await owner.write(NAME, b"4", GENERATION_NOW + 50)
    owner.owns(PLACE, generation=1)

    await owner.stands(whole=5, in_1=5)


async def test_partitions_that_come_and_go_change_nothing_in_what_stands(owner: Owner) -> None:
    for partition in EVERY:
        for name in PLACES:
            await owner.publish(partition, 1, name)
    for generation, places in enumerate([EVERY, {PLACE}, {*EVERY} - {PLACE}, (), EVERY], GENERATION_NOW):
        owner.owns(*places, generation=generation)
        await asyncio.sleep(0.3)

    for name in PLACES:
        await owner.stands(name, whole=4, in_0=1, in_1=1, in_2=1, in_3=1)


@pytest.mark.parametrize("topic", [PERIODS_TOPIC, AGREEMENTS_TOPIC])
async def test_a_damaged_record_stops_its_agreement_and_no_other_until_something_is_written_over_it(
    owner: Owner, topic: str
) -> None:
    owner.owns(*EVERY)
    for name in (NAME, OTHER):
        await owner.publish(1, 5, name)
        await owner.stands(name, whole=5, in_1=5)
    key = f"{NAME}/a/1" if topic == PERIODS_TOPIC else NAME
    place = 1 if topic == PERIODS_TOPIC else PLACE
    sent = await owner.producer.send_and_wait(topic, RUBBISH, key.encode(), place)

    await until_stopped(owner)
    said = owner.conditions.sentence or ""
    assert f"{topic}, partition {place}, offset {sent.offset}: " in said
    assert f"nothing more is decided of {NAME} until" in said
    assert PLACE in owner.service.undecided()
    for name in (NAME, OTHER):
        await owner.publish(2, 1, name)
    await owner.stands(OTHER, whole=6, in_1=5, in_2=1)
    assert (await owner.standing()).get(f"{NAME}/2") is None

    await owner.producer.send_and_wait(topic, None, key.encode(), place)
    await until_it_goes_on(owner)
    assert owner.service.undecided() == frozenset()
    await (owner.stands(whole=1, in_1=5, in_2=1) if topic == PERIODS_TOPIC else owner.stands(whole=6, in_1=5, in_2=1))


async def until_stopped(owner: Owner) -> None:
    """Wait until it is said that an agreement stands still."""
    await until(lambda: is_stopped(owner), wanted=True)


async def until_it_goes_on(owner: Owner) -> None:
    """Wait until no agreement is said to stand still."""
    await until(lambda: is_stopped(owner), wanted=False)


async def is_stopped(owner: Owner) -> bool:
    return owner.conditions.stand(Kind.AGREEMENT_STOPPED)


@pytest.mark.parametrize(
    ("topic", "key"), [(PERIODS_TOPIC, b"somebody/else"), (PERIODS_TOPIC, None), (AGREEMENTS_TOPIC, NAME.encode())]
)
async def test_a_record_that_is_nobodys_or_lies_where_none_belongs_stops_what_it_may_be_of(
    owner: Owner, topic: str, key: bytes | None
) -> None:
    owner.owns(*EVERY)
    for name in (NAME, OTHER):
        await owner.stands(name, whole=0)
    elsewhere = (PLACE + 1) % PARTITIONS
    sent = await owner.producer.send_and_wait(topic, RUBBISH, key, elsewhere)
    await until_stopped(owner)

    await owner.publish(1, 5)
    await asyncio.sleep(10 * A_TURN)
    await owner.stands(whole=0)
    assert f"{topic}, partition {elsewhere}, offset {sent.offset}: " in (owner.conditions.sentence or "")

    await owner.producer.send_and_wait(topic, None, key or b"", elsewhere)
    if key is not None:
        await until_it_goes_on(owner)
        await owner.stands(whole=5, in_1=5)


async def test_who_owns_nothing_any_more_says_nothing_of_what_stands_in_the_way(owner: Owner) -> None:
    owner.owns(PLACE)
    await owner.producer.send_and_wait(PERIODS_TOPIC, RUBBISH, f"{NAME}/a/1".encode(), 1)
    await until_stopped(owner)

    owner.owns()

    await until_it_goes_on(owner)


async def test_an_agreement_that_is_in_no_file_any_more_is_kept_by_whoever_owns_its_partition(owner: Owner) -> None:
    gone = next(name for name in (f"gone-{number}" for number in range(99)) if partition_of(name.encode(), 4) == PLACE)
    await owner.write(gone, b"3", 1)
    owner.owns(PLACE)

    await owner.stands(gone, whole=0)


async def test_a_fault_of_the_rules_stops_the_agreement_that_it_meets_alone(owner: Owner) -> None:
    owner.owns(*EVERY)
    for name in (NAME, OTHER):
        await owner.publish(1, 5, name)
        await owner.stands(name, whole=5, in_1=5)

    await owner.publish(2, "fault")
    await until_stopped(owner)
    assert f"the rules fail on agreement {NAME}" in (owner.conditions.sentence or "")
    shown = {one.name: one.is_ready for one in owner.service.shown()}
    assert (shown[NAME], shown[OTHER]) == (False, True), "and `/metrics` has all else"

    for name in (NAME, OTHER):
        await owner.publish(1, 6, name)
    await owner.stands(OTHER, whole=6, in_1=6)
    await owner.stands(whole=5, in_1=5)


async def test_what_time_alone_brings_is_written_when_it_is_due(owner: Owner) -> None:
    owner.owns(PLACE)
    await owner.stands(whole=0)
    state: Any = owner.service.agreements.by_name[NAME].state

    state.due = wall_clock() + SECOND

    await owner.stands(whole=0, in_due=1)
