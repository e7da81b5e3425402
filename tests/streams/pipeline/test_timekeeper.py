"""Whose turn it is when every partition has all of its leads to look at."""

from faust.types import TP

from sla_rules.engine.partition import PartitionState
from sla_rules.engine.publication import next_after
from sla_rules.instants import DAY, HOUR, SECOND, Duration, Instant
from sla_rules.lead import facts
from streams.kafka.end_offsets import EndOffsets
from streams.partitions.ownership import Owned, Ownership
from streams.pipeline.batches import Tick
from streams.pipeline.broker_clock import Answer, BrokerClock
from streams.pipeline.timekeeper import SCAN_BUDGET, Timekeeper, Watch
from streams.settings import Settings
from tests.script import ORIGIN
from tests.sla_rules.rules import wall


def published_at() -> Instant:
    at = next_after(ORIGIN + DAY, wall())
    assert at is not None
    return at


def looking(leads: int) -> Owned:
    """A partition with a day to publish, all other figures told."""
    state = PartitionState(wall(), {})
    state.advance_to(ORIGIN)
    for number in range(leads):
        state.fold({f"lead-{number}".encode(): [facts.HandedOff(ORIGIN, ORIGIN, "/crm", "a")]})
    state.advance_to(published_at(), scan_budget=0)
    state.windows.take_changed()
    assert state.is_looking
    return Owned(state)


def keeper(partitions: int, leads: int = 3) -> Timekeeper:
    """Without a broker: no time passes."""
    return Timekeeper(
        published_at, ["t"], Ownership({number: looking(leads) for number in range(partitions)}), EndOffsets(Settings())
    )


async def ticks(timekeeper: Timekeeper) -> list[Tick]:
    def nothing_read(tp: TP) -> int | None:
        del tp
        return None

    return [tick async for tick in timekeeper.due(nothing_read)]


async def test_partitions_look_at_their_leads_in_turn_one_at_a_time() -> None:
    timekeeper = keeper(3)
    turns = []

    for _ in range(6):
        (tick,) = await ticks(timekeeper)
        assert await ticks(timekeeper) == []
        turns.append(tick)
        timekeeper.ownership.partitions[tick.partition].tick_pending = False

    assert turns == [Tick(number, None, SCAN_BUDGET) for number in (0, 1, 2, 0, 1, 2)]


async def test_who_is_through_with_its_leads_has_no_turn() -> None:
    timekeeper = keeper(2)
    through = timekeeper.ownership.partitions[0].state
    through.advance_to(through.now)
    through.windows.take_changed()

    (tick,) = await ticks(timekeeper)

    assert tick.partition == 1
    assert timekeeper.is_looking


async def test_a_partition_that_goes_away_in_its_turn_keeps_nobody_waiting() -> None:
    timekeeper = keeper(2)
    await ticks(timekeeper)

    timekeeper.ownership.keep_only({1})

    assert [tick.partition for tick in await ticks(timekeeper)] == [1]


def ahead(by: Duration) -> tuple[Timekeeper, PartitionState]:
    """By the broker's clock, with one partition whose time has run ahead of it."""
    clock = BrokerClock(Answer(0, ORIGIN, 0), lambda: 0)
    state = PartitionState(wall(), {})
    state.advance_to(ORIGIN + by)
    state.windows.take_changed()
    return Timekeeper(clock, ["t"], Ownership({3: Owned(state)}), EndOffsets(Settings())), state


async def test_time_that_ran_ahead_of_the_brokers_clock_is_set_back_by_a_tick() -> None:
    timekeeper, state = ahead(HOUR)

    assert await ticks(timekeeper) == [Tick(3, None, back_to=ORIGIN)]
    assert await ticks(timekeeper) == []

    state.set_back(ORIGIN)
    timekeeper.ownership.partitions[3].tick_pending = False
    assert not [tick for tick in await ticks(timekeeper) if tick.back_to is not None]


async def test_time_that_is_hardly_ahead_is_waited_for_and_that_of_another_clock_is_left_alone() -> None:
    hardly, _ = ahead(SECOND)
    other, _ = ahead(HOUR)
    other.clock = lambda: ORIGIN

    assert not [tick for one in (hardly, other) for tick in await ticks(one) if tick.back_to is not None]


async def test_an_answer_to_a_question_that_was_asked_ahead_of_time_is_not_gone_by() -> None:
    timekeeper, state = ahead(0)
    timekeeper._watches[3] = Watch(ORIGIN + SECOND, {})  # noqa: SLF001 - as asked before the clock was set back

    assert await ticks(timekeeper) == []
    assert state.now == ORIGIN


async def test_figures_published_ahead_of_time_hold_up_no_figures() -> None:
    state = PartitionState(wall(), {})
    state.fold({b"lead-1": [facts.HandedOff(ORIGIN, ORIGIN, "/crm", "a")]})
    owned = Owned(state, figures_told_at=ORIGIN + HOUR)

    assert owned.has_figures_to_tell(ORIGIN)
    assert not Owned(state, figures_told_at=ORIGIN).has_figures_to_tell(ORIGIN)
