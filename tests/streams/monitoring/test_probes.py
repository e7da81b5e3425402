"""What `/livez` and `/readyz` say of a worker, judged from what it was last seen doing."""

import pytest

from streams.health.worker_health import SAID_AFTER, PartitionProgress, Phase, WorkerHealth
from streams.monitoring.probes import SLOW_TO_FORM, liveness, readiness

PATIENCE = 60.0
LATER = 1_000.0


@pytest.fixture
def serving() -> WorkerHealth:
    """Opened one partition at 0, and the broker has just answered at LATER."""
    health = WorkerHealth(0.0)
    health.partitions = {3: PartitionProgress(0.0)}
    health.enter(Phase.SERVING, 0.0)
    return answering(health)


def answering(health: WorkerHealth, until: float = LATER) -> WorkerHealth:
    """The broker has answered all the time."""
    health.answered_at = until
    return health


def test_a_worker_without_work_is_live_and_ready(serving: WorkerHealth) -> None:
    assert liveness(serving, LATER, PATIENCE) == (True, "live: serving 1 partition")
    assert readiness(serving, LATER) == (True, "ready: serving 1 partition")


def test_a_worker_that_owns_nothing_stands_by_and_is_ready() -> None:
    health = WorkerHealth(0.0)
    health.enter(Phase.SERVING, 0.0)

    assert readiness(answering(health), LATER) == (True, "ready: standing by, no partition")


@pytest.mark.parametrize(("stood", "well"), [(PATIENCE, True), (PATIENCE + 1, False)])
def test_records_that_wait_longer_than_patience_while_nothing_moves_end_its_life(
    serving: WorkerHealth, stood: float, *, well: bool
) -> None:
    serving.partitions[3].see({"handed-off": 2, "lead-created": 5}, due=False, now=LATER - stood)

    found = liveness(serving, LATER, PATIENCE)

    assert found.well is well
    if not well:
        assert found.why == "not live: partition 3 has stood still for 61 s while 7 records wait"


def test_a_worker_that_is_behind_and_gets_on_is_live_and_says_how_much_waits(serving: WorkerHealth) -> None:
    serving.partitions[3].see({"handed-off": 900_000}, due=True, now=0.0)
    serving.took(3, LATER - 2)
    serving.finished(3, LATER - 1, got_on=True)

    assert liveness(serving, LATER, PATIENCE) == (True, "live: serving 1 partition, 900000 records wait")


def test_a_partition_that_stands_is_seen_beside_one_that_gets_on(serving: WorkerHealth) -> None:
    serving.partitions[4] = PartitionProgress(0.0)
    for progress in serving.partitions.values():
        progress.see({"handed-off": 1}, due=False, now=LATER - 100)
    serving.finished(3, LATER, got_on=True)

    assert (
        liveness(serving, LATER, PATIENCE).why == "not live: partition 4 has stood still for 100 s while 1 records wait"
    )


def test_time_that_does_not_come_though_deadlines_are_due_ends_its_life(serving: WorkerHealth) -> None:
    serving.partitions[3].see({"handed-off": 0}, due=True, now=LATER - 70)
    serving.finished(3, LATER - 1, got_on=False)

    assert (
        liveness(serving, LATER, PATIENCE).why
        == "not live: partition 3 has stood still for 70 s while deadlines are due"
    )


def test_what_waited_and_was_dealt_with_is_forgotten(serving: WorkerHealth) -> None:
    serving.partitions[3].see({"handed-off": 1}, due=False, now=0.0)
    serving.partitions[3].see({"handed-off": 0}, due=False, now=10.0)
    serving.partitions[3].see({"handed-off": 1}, due=False, now=LATER - 5)

    assert serving.partitions[3].stalled_since() == LATER - 5


def test_a_batch_that_does_not_end_ends_its_life(serving: WorkerHealth) -> None:
    serving.took(3, LATER - 90)

    assert liveness(serving, LATER, PATIENCE) == (False, "not live: one batch has been in hand for 90 s")


def test_a_batch_that_does_not_end_is_seen_beside_those_of_other_partitions_that_do(serving: WorkerHealth) -> None:
    serving.took(3, LATER - 90)
    serving.took(4, LATER - 2)
    serving.finished(4, LATER - 1, got_on=True)

    assert liveness(serving, LATER, PATIENCE) == (False, "not live: one batch has been in hand for 90 s")

    serving.finished(3, LATER, got_on=True)
    assert liveness(serving, LATER, PATIENCE).well


def test_a_worker_whose_broker_is_away_is_live_whatever_waits_and_not_ready(serving: WorkerHealth) -> None:
    serving.took(3, 0.0)
    serving.partitions[3].see({"handed-off": 1}, due=True, now=0.0)
    serving.answered_at = LATER - 300

    assert liveness(serving, LATER, PATIENCE) == (
        True,
        "live: the broker has not answered for 300 s; the worker waits, a restart would not help",
    )
    assert readiness(serving, LATER) == (
        False,
        "not ready: the broker has not answered for 300 s; nothing is lost, time stands",
    )


def test_patience_begins_again_when_the_broker_is_back(serving: WorkerHealth) -> None:
    serving.took(3, 0.0)
    serving.answered_at = LATER - 300
    serving.answered(LATER)

    assert liveness(answering(serving, LATER + PATIENCE), LATER + PATIENCE, PATIENCE).well
    assert not liveness(answering(serving, LATER + PATIENCE + 1), LATER + PATIENCE + 1, PATIENCE).well


def test_an_answer_that_is_a_little_late_is_no_silence(serving: WorkerHealth) -> None:
    assert serving.silence(LATER + SAID_AFTER) == 0
    assert serving.silence(LATER + SAID_AFTER + 1) == SAID_AFTER + 1


def test_a_worker_that_gets_no_partitions_has_longer_since_the_dead_have_to_be_missed_first() -> None:
    health = answering(WorkerHealth(0.0), until=PATIENCE + SLOW_TO_FORM)

    assert liveness(health, PATIENCE + SLOW_TO_FORM, PATIENCE).well
    found = liveness(health, PATIENCE + SLOW_TO_FORM + 1, PATIENCE)
    assert found == (
        False,
        "not live: waiting for the group to divide the partitions, for 181 s without getting on",
    )


def test_loading_is_live_while_records_come_and_never_ready() -> None:
    health = WorkerHealth(0.0)
    health.enter(Phase.LOADING, 10.0)
    health.to_read = 500
    health.loaded(100, 100.0)

    assert liveness(health, 110.0, PATIENCE).why == "live: loading partitions, 100 of about 500 records read"
    assert readiness(health, 110.0).why == "not ready: loading partitions, 100 of about 500 records read"
    answering(health, 161.0)
    assert not liveness(health, 161.0, PATIENCE).well


def test_a_worker_that_stops_is_not_ready(serving: WorkerHealth) -> None:
    serving.enter(Phase.STOPPING, LATER)

    assert readiness(serving, LATER) == (False, "not ready: stopping")
