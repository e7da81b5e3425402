"""What is folded of what comes to the agent, and what may be committed then."""

from typing import Any, NamedTuple

import pytest
from faust.types import TP

from streams.pipeline.batches import Batch, Tick
from streams.pipeline.counters import Counters
from streams.pipeline.coverage import UnaccountedError
from streams.pipeline.intake import Intake
from streams.reading.records import Span
from tests.streams.arrivals import Arrived

AT = TP("handed-off", 1)
NOW = 3
"""The generation."""


class Came(NamedTuple):
    """A message, as far as the intake looks at it."""

    value: Any
    tp: TP = AT
    generation_id: int = NOW


def batch(begin: int, end: int, run: int = 1) -> Came:
    return Came(Batch(AT.partition, [Arrived(AT.topic, AT.partition, b"L-1", b"{}")], Span(run, begin, end)))


def intake(committed: int = 0, first_kept: int = 0) -> Intake:
    """Of one partition, read from where it is committed; the broker has what is left from `first_kept` on."""

    async def begin_of(tp: TP) -> int:
        assert tp == AT
        return first_kept

    found = Intake(lambda: NOW, begin_of, Counters())
    found.coverage.start(AT, committed, run=1)
    return found


async def admit(intake: Intake, came: Came) -> bool:
    message: Any = came
    return await intake.admit(message)


def done(intake: Intake, came: Came) -> None:
    message: Any = came
    intake.mark_done(message)


async def test_what_is_durable_may_be_committed_once() -> None:
    taken, came = intake(), batch(0, 5)

    assert await admit(taken, came)
    assert taken.coverage.take_offset(AT) is None
    done(taken, came)

    assert taken.coverage.take_offset(AT) == 5
    assert taken.coverage.take_offset(AT) is None


async def test_what_came_in_another_generation_is_not_folded_and_lets_nothing_be_committed() -> None:
    taken, came = intake(), batch(0, 5)
    late = came._replace(generation_id=NOW - 1)

    assert not await admit(taken, late)
    await admit(taken, came)
    done(taken, late)

    assert taken.coverage.take_offset(AT) is None


async def test_a_tick_from_before_reading_began_elsewhere_lets_no_time_pass() -> None:
    taken = intake()
    taken.seeks = 2

    assert await admit(taken, Came(Tick(1, None, seeks=2)))
    assert not await admit(taken, Came(Tick(1, None, seeks=1)))


async def test_a_hole_that_the_broker_has_deleted_is_passed_and_counted() -> None:
    taken = intake(committed=5, first_kept=8)

    assert await admit(taken, batch(8, 9))

    assert taken._counters.lost == {AT.topic: 3}  # noqa: SLF001 - handed in above


async def test_a_hole_that_the_broker_still_has_stops_the_worker() -> None:
    taken = intake(committed=5, first_kept=7)

    with pytest.raises(UnaccountedError, match=r"handed-off, partition 1: offsets 5 to 7 never came"):
        await admit(taken, batch(8, 9))


async def test_a_log_that_begins_again_below_what_was_committed_is_committed_from_there() -> None:
    taken, came = intake(committed=50), batch(0, 5, run=2)

    assert await admit(taken, came)
    done(taken, came)

    assert taken.coverage.take_offset(AT) == 5


async def test_what_was_handed_over_is_on_its_way_until_it_is_durable_or_goes_to_another() -> None:
    taken, came = intake(), batch(0, 5)
    taken.handed_over[AT] = came.value.span
    await admit(taken, came)
    assert taken.on_the_way() == {AT: came.value.span}

    done(taken, came)
    assert taken.on_the_way() == {}

    taken.handed_over[AT] = batch(5, 6).value.span
    taken.forget({AT})
    assert taken.on_the_way() == {}
    assert taken.coverage.reached(AT) is None
