"""What stands in the way is said once, reminded of, and forgotten when it is over."""

from collections.abc import Mapping

import pytest
from structlog.testing import capture_logs

from streams.health.conditions import REMIND_EVERY, Conditions, Kind
from streams.health.worker_health import Phase, WorkerHealth
from streams.monitoring.probes import liveness, readiness

GONE: Mapping[str, str] = {"handed-off": "handed-off is gone"}


@pytest.fixture
def conditions() -> Conditions:
    return Conditions()


def test_a_condition_is_said_once_and_again_only_after_a_while(conditions: Conditions) -> None:
    with capture_logs() as said:
        for now in (0.0, 1.0, REMIND_EVERY - 1, REMIND_EVERY, REMIND_EVERY + 1):
            conditions.hold(Kind.TOPIC_MISSING, GONE, now)

    assert [(line["event"], line["log_level"]) for line in said] == [("handed-off is gone", "error")] * 2


def test_what_is_over_is_said_and_stands_no_more(conditions: Conditions) -> None:
    conditions.hold(Kind.TOPIC_MISSING, {**GONE, "deliverable": "deliverable is gone"}, 0.0)
    with capture_logs() as said:
        conditions.hold(Kind.TOPIC_MISSING, GONE, 1.0)
        assert conditions.stand(Kind.TOPIC_MISSING)
        conditions.hold(Kind.TOPIC_MISSING, {}, 2.0)

    assert [(line["event"], line["of"]) for line in said] == [("over", "deliverable"), ("over", "handed-off")]
    assert not conditions.stand(Kind.TOPIC_MISSING)
    assert conditions.sentence is None


def test_kinds_do_not_end_each_other_and_the_first_sentence_counts_the_rest(conditions: Conditions) -> None:
    conditions.hold(Kind.TOPIC_MISSING, GONE, 0.0)
    conditions.hold(Kind.PARTITION_COUNT, {"deliverable": "deliverable has 8 partitions"}, 0.0)

    assert conditions.sentence == "handed-off is gone (and 1 more)"
    conditions.hold(Kind.TOPIC_MISSING, {}, 1.0)
    assert conditions.sentence == "deliverable has 8 partitions"


def test_a_worker_with_a_condition_is_not_ready_and_lives_where_a_restart_would_only_lose() -> None:
    health = WorkerHealth(0.0)
    health.enter(Phase.SERVING, 0.0)
    health.took(3, 0.0)
    health.answered_at = 100.0

    health.conditions.hold(Kind.PARTITION_COUNT, {"deliverable": "deliverable has 8 partitions"}, 100.0)
    assert readiness(health, 100.0) == (False, "not ready: deliverable has 8 partitions")
    assert not liveness(health, 100.0, 60.0).well

    health.conditions.hold(Kind.TOPIC_MISSING, GONE, 100.0)
    assert liveness(health, 100.0, 60.0).well
