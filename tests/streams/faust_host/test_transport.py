"""A worker inside this process, so that a fetch can be caught at the moment at which the group is divided again."""

import asyncio
from pathlib import Path

import pytest

from sla_rules.agreement.file import load_agreements
from sla_rules.agreement.rulebook import RuleBook
from streams.faust_host.app import LeadApp, build_app
from streams.settings import Settings
from tests.events import Crm
from tests.real_parts.kafka import RealKafka
from tests.real_parts.loopback import wait_until
from tests.real_parts.service import PARTITIONS, send
from tests.streams.agreements import quick_agreement

pytestmark = pytest.mark.kafka

FETCHES_FOR = 3.0


def is_open(app: LeadApp) -> bool:
    return len(app.parts.ownership.partitions) == PARTITIONS and not app.parts.ownership.recovering


async def test_what_a_fetch_brings_while_the_flow_is_stopped_is_read_again_where_nothing_was_committed(
    service_kafka: RealKafka, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("streams.faust_host.transport.PATIENCE", FETCHES_FOR)
    rules = RuleBook(load_agreements([quick_agreement(tmp_path)]))
    # A worker that has not stopped in time ends its process, which here is that of all the tests.
    settings = Settings(broker=service_kafka.bootstrap, metrics_port=0, data_dir=tmp_path, stop_within_seconds=3_600)
    app = build_app(settings, rules, PARTITIONS)
    await app.start()
    try:
        assert await asyncio.to_thread(wait_until, lambda: is_open(app))
        await asyncio.sleep(FETCHES_FOR / 2)

        app.consumer.stop_flow()
        await send(service_kafka.bootstrap, [Crm().handed_off("L-1")])
        await asyncio.sleep(2 * FETCHES_FOR)
        assert app.parts.counters.events["handed-off", "accepted"] == 0
        app.consumer.resume_flow()

        assert await asyncio.to_thread(wait_until, lambda: app.parts.counters.events["handed-off", "accepted"] == 1)
    finally:
        await app.stop()
