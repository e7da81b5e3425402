"""Dead-lettered, fixed, sent again: the figures are as if nothing had happened, however often it is done."""

import asyncio
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from leadsla.main import app
from streams.kafka.partitioning import partition_of
from tests.events import Crm, Sent
from tests.real_parts.kafka import RealKafka
from tests.real_parts.loopback import wait_until
from tests.real_parts.service import PARTITIONS, Worker, send
from tests.streams.agreements import quick_agreement


def replay(broker: str, *arguments: str) -> dict[str, object]:
    """The summary of a replay, run where no loop runs."""
    command = ["deadletter", "replay", "--yes", "--json", "--broker", broker, *arguments]
    summary: dict[str, object] = json.loads(CliRunner().invoke(app, command).stdout)
    return summary


@pytest.mark.kafka
async def test_replayed_letters_count_once_however_often_they_are_replayed(
    service_kafka: RealKafka, tmp_path: Path
) -> None:
    broker = service_kafka.bootstrap
    with Worker(broker, quick_agreement(tmp_path, within="1h"), tmp_path) as worker:
        crm = Crm()
        astray = [
            Sent(one.topic, one.key, one.value, partition=(partition_of(one.key or b"", PARTITIONS) + 1) % PARTITIONS)
            for one in (crm.handed_off("L-1"), crm.handed_off("L-2"), crm.called("L-1", after=0))
        ]
        early = crm.handed_off("L-3", after=307)
        await send(broker, [*astray, early, Sent("handed-off", b"L-4", b"{")])
        worker.wait_for("leadsla_rejected_total", 5)
        assert worker.total("leadsla_window_leads", obligation="first-touch", window="day") == 0

        assert (await asyncio.to_thread(replay, broker, "--reason", "wrong_partition"))["sent_by_topic"] == {
            "contact-attempt": 1,
            "handed-off": 2,
        }
        worker.wait_for("leadsla_events_total", 3, result="accepted")
        dry = (broker, "--reason", "future_time", "--dry-run")
        assert await asyncio.to_thread(wait_until, lambda: replay(*dry)["sent"] == 1, 30)
        assert (await asyncio.to_thread(replay, broker))["left_by_reason"] == {"broken_json": 1}
        worker.wait_for("leadsla_events_total", 4, result="accepted")
        worker.wait_for("leadsla_events_total", 3, result="duplicate")

        assert worker.total("leadsla_window_leads", obligation="first-touch", window="day") == 3
        assert worker.total("leadsla_window_follow_ups", obligation="first-touch", window="day") == 1
        assert worker.total("leadsla_rejected_total") == 5
