"""Broker time is never ahead of the broker's clock, close behind it, and set back only where it was far ahead."""

from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sla_rules.engine.ahead import TOLERATED
from sla_rules.instants import HOUR, SECOND, Duration, Instant
from streams.clock import MILLISECOND
from streams.pipeline.broker_clock import ANSWERS_KEPT, Answer, BrokerClock
from tests.script import ORIGIN

EVERY = 2 * SECOND


@dataclass
class World:
    """A broker and a worker, each with a clock; `own` is the worker's, which says nothing of the day."""

    broker: Instant = ORIGIN + 123_456
    own: Duration = 77 * SECOND
    clock: BrokerClock = field(init=False)

    def __post_init__(self) -> None:
        self.clock = BrokerClock(self.answer(0, 0), lambda: self.own)

    def passes(self, time: Duration) -> None:
        self.broker += time
        self.own += time

    def answer(self, there: Duration, back: Duration) -> Answer:
        asked = self.own
        self.passes(there)
        stamp = self.broker // MILLISECOND * MILLISECOND
        self.passes(back)
        return Answer(asked, stamp, self.own)

    def ask(self, there: Duration, back: Duration) -> Duration:
        """Ask after a while; how long the answer took."""
        self.passes(EVERY)
        self.clock.hear(self.answer(there, back))
        return there + back


WAYS = st.tuples(st.integers(0, SECOND), st.integers(0, SECOND))


@given(st.lists(WAYS, min_size=1, max_size=40))
def test_it_is_never_ahead_and_behind_by_no_more_than_the_quickest_answer_took(ways: list[tuple[int, int]]) -> None:
    world = World()
    took = [0]
    for there, back in ways:
        took.append(world.ask(there, back))

        assert world.clock() <= world.broker
        assert world.broker - world.clock() <= min(took[-ANSWERS_KEPT:]) + MILLISECOND
        assert world.clock.at_most >= world.broker


@given(st.lists(st.tuples(WAYS, st.integers(-3 * HOUR, 3 * HOUR)), min_size=1, max_size=20))
def test_once_the_broker_has_answered_it_is_not_far_ahead_whatever_was_done_to_the_clocks(
    life: list[tuple[tuple[int, int], int]],
) -> None:
    world = World()
    for (there, back), step in life:
        world.clock()
        world.broker += step
        took = world.ask(there, back)

        assert world.clock() - world.broker <= TOLERATED
        assert world.broker - world.clock() <= took + MILLISECOND


@given(st.lists(st.integers(0, 4 * SECOND), min_size=2, max_size=20), st.integers(0, 1_900 * MILLISECOND))
def test_a_broker_whose_clock_is_set_back_a_little_is_waited_for(steps: list[int], by: int) -> None:
    world = World()
    world.passes(by)
    before = world.clock()
    world.broker -= by
    world.clock.hear(world.answer(0, 0))
    for step in steps:
        world.passes(step)
        after = world.clock()

        assert before <= after
        assert after <= max(before, world.broker) + MILLISECOND
        before = after


def test_a_broker_whose_clock_is_set_back_by_an_hour_is_followed() -> None:
    world = World()
    world.ask(1_000, 1_000)
    before = world.clock()

    world.broker -= HOUR
    world.ask(5_000, 5_000)

    assert world.clock() < before
    assert 0 <= world.broker - world.clock() <= 10_000 + MILLISECOND


@pytest.mark.parametrize("slept", [HOUR, 8 * HOUR])
def test_time_that_the_machine_slept_through_is_made_good_by_the_next_answer(slept: int) -> None:
    world = World()
    world.broker += slept

    world.ask(200_000, 0)

    assert 0 <= world.broker - world.clock() <= 200_000 + MILLISECOND


@pytest.mark.parametrize("per_million", [-200, 200])
def test_clocks_that_drift_apart_stay_within_milliseconds(per_million: int) -> None:
    world = World()
    for _ in range(200):
        world.broker += EVERY * per_million // 1_000_000
        world.ask(2_000, 2_000)

        assert abs(world.broker - world.clock()) <= 15 * MILLISECOND


def test_it_says_how_far_the_machine_is_off_and_when_it_last_heard(monkeypatch: pytest.MonkeyPatch) -> None:
    world = World()
    monkeypatch.setattr("streams.pipeline.broker_clock.wall_clock", lambda: world.broker + HOUR)
    world.passes(3 * SECOND)

    assert HOUR <= world.clock.skew <= HOUR + MILLISECOND
    assert world.clock.unheard == 3 * SECOND
