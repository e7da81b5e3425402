"""`/livez` and `/readyz` of real workers: stuck in a batch, without a broker, standing by."""

import asyncio
import re
from itertools import pairwise
from pathlib import Path
from time import monotonic

import pytest

from streams.monitoring.announcements import REMIND_EVERY
from streams.monitoring.probes import liveness
from tests.events import Crm
from tests.real_parts.kafka import RealKafka
from tests.real_parts.loopback import AT_MOST, wait_until
from tests.real_parts.service import PARTITIONS, Worker, send
from tests.streams.agreements import quick_agreement
from tests.streams.histories import careless_history
from tests.streams.pipeline.test_in_flight import HELD, Gate, lead_of, running, until
from tests.streams.settling import ends_as_the_pure_fold_says

pytestmark = pytest.mark.kafka

SILENT = "the broker does not answer: time stands still, nothing is lost"


async def comes(worker: Worker, path: str, words: str, *, well: bool) -> str:
    """Wait until the worker says these words; the whole sentence."""

    def said() -> bool:
        found, why = worker.says(path)
        return found is well and words in why

    assert await asyncio.to_thread(wait_until, said, AT_MOST, 0.2), f"{worker.says(path)}\n{worker.program.tail()}"
    return worker.says(path)[1]


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Gate:
    gate = Gate()
    monkeypatch.setattr("streams.pipeline.delivery.new_producer", gate.producer)
    return gate


async def test_a_worker_whose_batch_cannot_be_delivered_for_long_is_not_live_until_it_can(
    service_kafka: RealKafka, tmp_path: Path, gate: Gate
) -> None:
    patience, crm = 4.0, Crm()
    async with running(service_kafka, tmp_path) as app:
        assert liveness(app.parts.health, monotonic(), patience) == (True, f"live: serving {PARTITIONS} partitions")
        gate.shut(HELD)
        await send(service_kafka.bootstrap, [crm.handed_off(lead_of(HELD))])
        await until(lambda: not liveness(app.parts.health, monotonic(), patience).well)
        assert liveness(app.parts.health, monotonic(), patience).why.startswith(
            "not live: one batch has been in hand for"
        )

        await send(service_kafka.bootstrap, [crm.handed_off(lead_of(HELD, 1))])
        await until(lambda: app.parts.health.partitions[HELD].lag["handed-off"] == 2)
        assert app.parts.health.partitions[HELD].waits_since is not None

        gate.open()
        await until(lambda: app.parts.health.partitions[HELD].waits_since is None)
        assert liveness(app.parts.health, monotonic(), patience) == (True, f"live: serving {PARTITIONS} partitions")
        assert app.parts.counters.events["handed-off", "accepted"] == 2


async def test_a_worker_whose_broker_is_away_is_live_and_says_that_it_waits(
    service_kafka: RealKafka, tmp_path: Path
) -> None:
    agreement = quick_agreement(tmp_path)
    broker = service_kafka.bootstrap
    # However long the broker takes to come back, what is on its way to it is not given up meanwhile.
    settings = {"LEADSLA_PATIENCE_SECONDS": "4", "LEADSLA_REQUEST_TIMEOUT_SECONDS": "300"}
    with Worker(broker, agreement, tmp_path, **settings) as worker:
        await send(broker, careless_history(seed=41, leads=20))
        with service_kafka.away():
            await comes(worker, "/readyz", "not ready: the broker has not answered for", well=False)
            well, why = worker.says("/livez")
            assert well
            assert "a restart would not help" in why
            assert worker.series("leadsla_lag_records") == {}
            assert await asyncio.to_thread(wait_until, lambda: SILENT in worker.program.log())

        await comes(worker, "/readyz", f"ready: serving {PARTITIONS} partitions", well=True)
        await send(broker, careless_history(seed=42, leads=20))
        await ends_as_the_pure_fold_says(broker, agreement)
        assert worker.program.running
        log = worker.program.log()
        assert log.count("the broker answers again") == 1
        silent_for = [int(seconds) for seconds in re.findall(rf"{SILENT}.* seconds=(\d+)", log)]
        assert silent_for
        assert all(later - before >= REMIND_EVERY - 1 for before, later in pairwise(silent_for))
        assert "Traceback" not in worker.program.log()
