"""Whatever the order and the broker, the topics hold in the end what the pure fold says."""

from collections.abc import Callable
from pathlib import Path

from streams.clock import wall_clock
from tests.real_parts.loopback import wait_until
from tests.real_parts.service import Worker, send
from tests.streams.agreements import quick_agreement
from tests.streams.histories import careless_history
from tests.streams.oracle import expected, found
from tests.streams.settling import ends_as_the_pure_fold_says

LEADS = 60


def all_read(worker: Worker, records: int) -> Callable[[], bool]:
    return lambda: worker.total("leadsla_events_total") >= records


async def test_a_careless_history_ends_as_the_pure_fold_says(broker: str, tmp_path: Path) -> None:
    agreement = quick_agreement(tmp_path)
    records = careless_history(seed=1, leads=LEADS)
    with Worker(broker, agreement, tmp_path) as worker:
        await send(broker, records)
        assert wait_until(all_read(worker, len(records))), worker.program.tail()
        await ends_as_the_pure_fold_says(broker, agreement)

    wanted = await expected(broker, agreement, wall_clock())
    assert await found(broker) == wanted
    assert wanted["breaches"], "a history without a breach would prove little"


async def test_events_that_waited_for_the_worker_disprove_their_breaches_before_they_are_published(
    broker: str, tmp_path: Path
) -> None:
    agreement = quick_agreement(tmp_path)
    records = [one for one in careless_history(seed=2, leads=LEADS) if one.topic != "lead-outcome"]
    await send(broker, records)
    with Worker(broker, agreement, tmp_path) as worker:
        assert wait_until(all_read(worker, len(records))), worker.program.tail()
        told = worker.total("leadsla_breaches_total", outcome="published")
        assert worker.total("leadsla_breaches_total", outcome="retracted") == 0, f"of {told} told"
