"""The shell on a broker in memory: workers come, go and die at moments that Hypothesis chooses, and nothing is lost."""

import asyncio
import gc
from collections.abc import Awaitable, Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest
from faust.transport.drivers.aiokafka import Consumer as FaustsConsumer
from faust.types import TP
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from mode.utils.queues import FlowControlEvent

from sla_rules.agreement.file import load_agreements
from sla_rules.agreement.rulebook import RuleBook
from sla_rules.instants import moment
from streams.faust_host.transport import BatchConsumer
from streams.kafka.partitioning import partition_of
from streams.pipeline.coverage import Coverage, UnaccountedError
from tests.events import Crm
from tests.laws import examples
from tests.streams.agreements import quick_agreement
from tests.streams.simulation.broker import STARTED, Broker
from tests.streams.simulation.fetching import SimulatedThread
from tests.streams.simulation.virtual_time import VirtualLoop
from tests.streams.simulation.worker import Simulation, until

PARTITIONS = 2
WORKERS = 3
SETTLED_WITHIN = 600
"""Simulated seconds in which workers on a slow broker fold all that was sent."""


class Shell(RuleBasedStateMachine):
    """Workers on one broker whose answers take a while."""

    folder: Path
    terms: RuleBook

    @initialize(seed=st.integers(0, 2**16), slow=st.booleans())
    def begin(self, seed: int, *, slow: bool) -> None:
        """A broker, and a worker."""
        self.patch = pytest.MonkeyPatch()
        self.loop = VirtualLoop()
        asyncio.set_event_loop(self.loop)
        self.broker = Broker(PARTITIONS, Random(seed), (0.2, 0.3) if slow else (0.001, 0.02))  # noqa: S311 - a test's dice
        self.simulation = Simulation(self.patch, self.broker, self.terms, self.folder)
        self.crm = Crm(start=moment(STARTED))
        self.sent: set[tuple[bytes, str]] = set()
        self.run(self.simulation.start())
        self.go_on(10)

    def run(self, doing: Awaitable[Any]) -> None:
        self.loop.run_until_complete(doing)

    def go_on(self, seconds: float) -> None:
        self.run(asyncio.wait_for(asyncio.sleep(seconds), None))

    def publish(self, number: int) -> None:
        event = self.crm.handed_off(f"L-{number % 12}", self.loop.time())
        assert event.key is not None
        self.broker.append(TP(event.topic, partition_of(event.key, PARTITIONS)), event.key, event.value)
        self.sent.add((event.key, f"e-{self.crm.sent}"))

    @rule(events=st.integers(1, 60), every=st.sampled_from([0.01, 0.1, 0.3]))
    def publish_for_a_while(self, events: int, every: float) -> None:
        """Publish, one event after the other."""

        async def publishing() -> None:
            for number in range(events):
                self.publish(number)
                await asyncio.sleep(every)

        self.run(publishing())

    @rule(seconds=st.floats(0, 12))
    def wait(self, seconds: float) -> None:
        """Let time pass."""
        self.go_on(seconds)

    @precondition(lambda self: len(self.simulation.apps) < WORKERS)
    @rule()
    def join(self) -> None:
        """A worker more."""
        self.run(self.simulation.start())

    @precondition(lambda self: len(self.simulation.apps) > 1)
    @rule()
    def leave(self) -> None:
        """A worker is asked to end; the others go on meanwhile."""
        self.loop.create_task(self.simulation.stop(self.simulation.apps[0]))

    @precondition(lambda self: len(self.simulation.apps) > 1 and self.simulation.has_started(self.simulation.apps[0]))
    @rule()
    def kill(self) -> None:
        """A worker dies."""
        self.run(self.simulation.kill(self.simulation.apps[0]))

    @invariant()
    def nobody_stopped(self) -> None:
        """No worker has found that anything is missing."""
        for crashed in self.simulation.crashes if hasattr(self, "simulation") else ():
            raise crashed

    def teardown(self) -> None:
        """In the end every event is a fact."""
        if not hasattr(self, "simulation"):
            return
        try:
            self.run(
                until(lambda: self.sent <= self.simulation.facts() or bool(self.simulation.crashes), SETTLED_WITHIN)
            )
            self.nobody_stopped()
            missing = self.sent - self.simulation.facts()
            assert not missing, f"{len(missing)} of {len(self.sent)} events are lost: {sorted(missing)[:5]}"
        finally:
            for task in asyncio.all_tasks(self.loop):
                task.cancel()
            self.loop.run_until_complete(asyncio.gather(*asyncio.all_tasks(self.loop), return_exceptions=True))
            self.loop.close()
            self.patch.undo()


@pytest.fixture
def shell(tmp_path: Path) -> type[Shell]:
    """The machine under an agreement of seconds."""

    class OnThisFolder(Shell):
        folder = tmp_path
        terms = RuleBook(load_agreements([quick_agreement(tmp_path)]))

    return OnThisFolder


@pytest.fixture(autouse=True)
def _nothing_left() -> Iterator[None]:
    yield
    asyncio.set_event_loop(None)
    gc.collect()  # else another test would be blamed for what Faust left


SEARCH = settings(examples(50), stateful_step_count=20, suppress_health_check=list(HealthCheck))


@pytest.mark.hypothesis
# A worker that dies in the moment in which it starts has tasks that never began.
@pytest.mark.filterwarnings(r"ignore:coroutine 'Recovery\.\w+' was never awaited:RuntimeWarning")
def test_whatever_comes_and_goes_every_event_is_a_fact_and_no_worker_stops(shell: type[Shell]) -> None:
    run_state_machine_as_test(shell, settings=SEARCH)


def without_the_fix(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let Faust clear its queues, ask for one partition after the other, and drop what is fetched meanwhile, as it does."""
    monkeypatch.setattr("streams.faust_host.app.SteadyFlow", FlowControlEvent)
    monkeypatch.setattr(FlowControlEvent, "is_drained", False, raising=False)
    monkeypatch.setattr(BatchConsumer, "perform_seek", FaustsConsumer.perform_seek)
    monkeypatch.setattr(SimulatedThread, "asks_at_once", False)


def slow_joins(shell: type[Shell]) -> None:
    """One course of events on a slow broker that Faust loses events in."""
    state = shell()
    state.begin(seed=1, slow=True)
    try:
        for round_ in range(6):
            state.publish_for_a_while(events=200, every=0.05)
            state.nobody_stopped()
            state.leave() if round_ % 2 else state.join()
        state.publish_for_a_while(events=200, every=0.05)
    finally:
        state.teardown()


def test_without_the_fix_a_worker_stops_instead_of_losing_what_was_dropped(
    shell: type[Shell], monkeypatch: pytest.MonkeyPatch
) -> None:
    without_the_fix(monkeypatch)
    with pytest.raises(UnaccountedError, match="never came to be folded; nothing from offset"):
        slow_joins(shell)


def test_without_the_fix_and_without_the_accounting_events_are_lost_in_silence(
    shell: type[Shell], monkeypatch: pytest.MonkeyPatch
) -> None:
    without_the_fix(monkeypatch)
    monkeypatch.setattr(Coverage, "hole_before", lambda *_: None)
    with pytest.raises(AssertionError, match="events are lost"):
        slow_joins(shell)


def test_with_the_fix_the_same_course_of_events_loses_nothing(shell: type[Shell]) -> None:
    slow_joins(shell)
