"""What waits for a worker, and what is said of it in the log."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

import pytest
from faust.types import TP
from structlog.testing import capture_logs

from sla_rules.engine.partition import PartitionState
from sla_rules.instants import MINUTE, SECOND, Instant
from streams.health.worker_health import PartitionProgress, Phase, WorkerHealth
from streams.kafka.end_offsets import EndOffsets
from streams.monitoring.announcements import REMIND_EVERY, Announcements
from streams.monitoring.foreign_writes import ForeignWriteMonitor
from streams.monitoring.lag_monitor import BEHIND_AFTER, LOOK_EVERY, LagMonitor, is_behind, lag_of
from streams.monitoring.topic_monitor import TopicMonitor
from streams.monitoring.topic_watch import TopicWatch
from streams.partitions.ownership import Owned, Ownership
from streams.pipeline.broker_clock import Answer, BrokerClock
from streams.pipeline.timekeeper import Timekeeper
from streams.settings import Settings
from tests.sla_rules.rules import wall

ONE, OTHER = TP("handed-off", 1), TP("deal-closed", 1)
ELSEWHERE = TP("handed-off", 2)
READ: dict[TP, int] = {ONE: 3}
ORIGIN: Instant = 1_800_000_000 * SECOND


def monitor(clock: BrokerClock | None = None) -> LagMonitor:
    """Of partition 1, at second 0, without a broker."""
    settings = Settings()
    ownership, health, end_offsets = Ownership(), WorkerHealth(0.0), EndOffsets(settings)
    health.enter(Phase.SERVING, 0.0)
    health.partitions = {1: PartitionProgress(0.0)}
    timekeeper = Timekeeper(clock or (lambda: ORIGIN), [ONE.topic, OTHER.topic], ownership, end_offsets)

    async def nothing(*_: object) -> None:
        pass

    watch = TopicWatch(settings, 4, health.conditions)
    topics = TopicMonitor(end_offsets, health, watch, nothing, nothing)
    return LagMonitor(timekeeper, health, READ.get, topics, ForeignWriteMonitor(ownership.offsets, end_offsets, health))


def said(monitor: LagMonitor, now: float) -> list[str]:
    with capture_logs() as logs:
        monitor.report(now)
    return [line["event"] for line in logs]


def test_what_lies_between_what_is_read_and_the_end_waits() -> None:
    assert lag_of(1, {ONE: 10, OTHER: 4, ELSEWHERE: 99}, READ.get) == {ONE.topic: 7, OTHER.topic: 4}


def test_a_topic_that_ends_before_what_was_read_has_nothing_waiting() -> None:
    assert lag_of(1, {ONE: 2}, READ.get) == {ONE.topic: 0}


@pytest.mark.parametrize(
    ("lag", "since", "behind"),
    [
        ({"t": 1}, 0.0, True),
        ({"t": 1}, 0.1, False),
        ({"t": 0}, 0.0, False),
        ({"t": 1}, None, False),
    ],
    ids=["for long", "not for long", "time alone waits", "nothing waits"],
)
def test_a_partition_is_behind_when_records_have_waited_for_long(
    lag: Mapping[str, int], since: float | None, behind: object
) -> None:
    assert is_behind(PartitionProgress(0.0, lag, since), BEHIND_AFTER) is behind


def test_what_waits_is_seen_of_the_partitions_that_were_asked_for() -> None:
    lag = monitor()
    lag.health.partitions[2] = PartitionProgress(0.0, {ONE.topic: 2}, waits_since=1.0)

    lag.see({ONE: 10, OTHER: 0}, 5.0)

    seen, since = lag.health.partitions[1], lag.health.partitions[2]
    assert (seen.lag, seen.waits_since) == ({ONE.topic: 7, OTHER.topic: 0}, 5.0)
    assert (since.lag, since.waits_since) == ({ONE.topic: 2}, 1.0)


def owned() -> Owned:
    """A partition without leads, as it is taken over."""
    state = PartitionState(wall(), {})
    state.advance_to(ORIGIN)
    return Owned(state)


@dataclass(slots=True)
class Look:
    """A monitor of partition 1, which is owned, and a broker that says where topics end."""

    monkeypatch: pytest.MonkeyPatch
    ends: Mapping[TP, int] | None
    monitor: LagMonitor = field(default_factory=monitor)
    owned: Owned = field(default_factory=owned)
    second: float = 0.0

    def __post_init__(self) -> None:
        self.monitor.timekeeper.ownership.partitions[1] = self.owned

    async def again(self) -> Instant:
        """Look once more, a second later; how far the partition has come then."""

        async def answer(_: EndOffsets, asked: Collection[TP]) -> Mapping[TP, int] | None:
            return None if self.ends is None else {tp: self.ends[tp] for tp in asked}

        self.second += 1
        at = ORIGIN + round(self.second * SECOND)
        self.monitor.timekeeper.clock = lambda: at
        self.monkeypatch.setattr(EndOffsets, "ends", answer)
        self.monkeypatch.setattr("streams.monitoring.lag_monitor.monotonic", lambda: self.second)
        await self.monitor.look()
        return self.owned.come_to


ALL_READ: Mapping[TP, int] = {ONE: 3, OTHER: 0}
SOME_WAIT: Mapping[TP, int] = {ONE: 4, OTHER: 0}


async def test_a_partition_in_which_nothing_waits_has_come_to_when_the_broker_was_asked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    look = Look(monkeypatch, ALL_READ)

    assert [await look.again() for _ in range(3)] == [ORIGIN + second * SECOND for second in (1, 2, 3)]


@pytest.mark.parametrize("ends", [SOME_WAIT, None], ids=["records wait", "the broker does not answer"])
async def test_it_stands_while_something_waits_or_nobody_knows(
    monkeypatch: pytest.MonkeyPatch, ends: Mapping[TP, int] | None
) -> None:
    look = Look(monkeypatch, ALL_READ)
    before = await look.again()

    look.ends = ends
    assert [await look.again() for _ in range(3)] == [before] * 3

    look.ends = ALL_READ
    assert await look.again() == ORIGIN + 5 * SECOND


async def test_it_stands_while_anything_is_in_hand_for_longer_than_between_two_looks(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    look = Look(monkeypatch, ALL_READ)
    before = await look.again()

    look.monitor.health.took(1, look.second + 1 - LOOK_EVERY)
    assert await look.again() == before

    look.monitor.health.finished(1, look.second, got_on=True)
    assert await look.again() == ORIGIN + 3 * SECOND


async def test_it_stands_while_a_topic_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    look = Look(monkeypatch, ALL_READ)
    before = await look.again()

    look.monitor.timekeeper.end_offsets.missing = frozenset({OTHER.topic})
    assert await look.again() == before


async def test_what_was_handed_over_while_the_broker_was_asked_is_not_looked_at(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    look = Look(monkeypatch, ALL_READ)
    successor = owned()

    def hand_over(_: TP) -> int:
        look.monitor.timekeeper.ownership.partitions[1] = successor
        return 3

    before = await look.again()
    look.monitor = replace(look.monitor, reached=hand_over)
    await look.again()

    assert (look.owned.come_to, successor.come_to) == (before, ORIGIN)


def test_a_worker_that_is_behind_says_so_and_when_it_has_caught_up() -> None:
    lag = monitor()
    for second in (0.0, BEHIND_AFTER):
        lag.health.answered(second)
        lag.see({ONE: 10}, second)

    assert said(lag, BEHIND_AFTER) == ["behind"]
    assert said(lag, BEHIND_AFTER + 1) == []
    lag.see({ONE: 3}, BEHIND_AFTER + 2)
    assert said(lag, BEHIND_AFTER + 2) == ["caught up"]


def test_a_worker_that_is_loading_is_not_called_behind() -> None:
    lag = monitor()
    lag.see({ONE: 10}, 0.0)
    lag.health.enter(Phase.LOADING, 0.0)

    assert said(lag, BEHIND_AFTER) == []


def test_a_broker_that_is_silent_is_said_and_nothing_is_called_behind_meanwhile() -> None:
    lag = monitor()
    lag.see({ONE: 10}, 0.0)

    assert said(lag, 20.0) == ["the broker does not answer: time stands still, nothing is lost"]
    lag.health.answered(21.0)
    assert said(lag, 21.0) == ["the broker answers again", "behind"]


async def test_a_look_without_an_answer_changes_nothing_but_says_in_the_end_that_there_is_none(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lag = monitor()
    monkeypatch.setattr("streams.monitoring.lag_monitor.monotonic", lambda: 20.0)

    with capture_logs() as logs:
        await lag.look()

    assert [line["event"] for line in logs] == ["the broker does not answer: time stands still, nothing is lost"]
    assert lag.health.answered_at == 0.0
    assert lag.health.partitions[1].lag == {}


def test_a_machine_whose_clock_is_wrong_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    lag = monitor(BrokerClock(Answer(0, ORIGIN, 0), lambda: 0))
    monkeypatch.setattr("streams.pipeline.broker_clock.wall_clock", lambda: ORIGIN + MINUTE)

    assert said(lag, 0.0) == ["this machine's clock and the broker's differ: the broker's counts"]


def test_a_state_is_said_when_it_begins_again_while_it_lasts_and_when_it_is_over() -> None:
    announcements = Announcements()

    def tell(lasts: float | None) -> list[str]:
        with capture_logs() as logs:
            announcements.tell("state", lasts, "it is so", "it is over", records=1)
        return [line["event"] for line in logs]

    assert tell(None) == []
    assert tell(0.0) == ["it is so"]
    assert tell(REMIND_EVERY - 0.1) == []
    assert tell(REMIND_EVERY) == ["it is so"]
    assert tell(None) == ["it is over"]
    assert tell(None) == []
