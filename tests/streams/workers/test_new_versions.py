"""Agreements over time: a new version comes with a rolling restart; what was worked with is not rewritten unawares."""

import asyncio
import subprocess
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from sla_rules.instants import moment
from sla_rules.names import BREACHES_TOPIC
from streams.clock import wall_clock
from tests.events import Crm
from tests.real_parts import commands
from tests.real_parts.kafka import RealKafka
from tests.real_parts.loopback import wait_until
from tests.real_parts.service import PARTITIONS, Worker, last_values, send
from tests.streams.agreements import quick_agreement
from tests.streams.settling import ends_as_the_pure_fold_says
from tests.streams.workers.test_crashes import owned

pytestmark = pytest.mark.kafka


def leadsla(*arguments: str, broker: str, agreements: Path) -> subprocess.CompletedProcess[str]:
    return commands.leadsla(*arguments, LEADSLA_BROKER=broker, LEADSLA_AGREEMENTS=str(agreements))


async def breaches(broker: str) -> dict[str, dict[str, str]]:
    """The last breach record of each lead."""
    opened = (msgspec.json.decode(value) for value in (await last_values(broker, BREACHES_TOPIC)).values())
    return {event["data"]["lead"]: event["data"] | {"type": event["type"]} for event in opened}


async def test_rewritten_terms_are_refused_field_by_field_until_they_are_accepted(
    service_kafka: RealKafka, tmp_path: Path
) -> None:
    broker = service_kafka.bootstrap
    agreement = quick_agreement(tmp_path, within="2s")
    with Worker(broker, agreement, tmp_path) as first:
        await send(broker, [Crm(start=moment(wall_clock())).handed_off("L-1")])
        await asyncio.to_thread(first.wait_for, "leadsla_breaches_total", 1, outcome="published")
        await ends_as_the_pure_fold_says(broker, agreement)
    assert leadsla("check", "--against-broker", str(agreement), broker=broker, agreements=agreement).returncode == 0

    quick_agreement(tmp_path, within="1h")
    worker = leadsla("worker", broker=broker, agreements=agreement)
    check = leadsla("check", "--against-broker", str(agreement), broker=broker, agreements=agreement)

    assert worker.returncode == check.returncode == 1
    said = worker.stderr.splitlines()[-1]
    assert said.startswith(
        "leadsla worker: company-x 2026-01 is in force since 2026-01-01 and has been worked with, and "
    )
    assert "obligations.first-touch.deadline.within was 2s, is 1h" in said
    assert "--accept-changes" in said
    assert "Traceback" not in worker.stderr
    assert check.stderr.splitlines()[-1] == said.removeprefix("leadsla worker: ")
    assert (await breaches(broker))["L-1"]["type"] == "sla.breached.v1"

    with Worker(broker, agreement, tmp_path, "taken", LEADSLA_ACCEPT_CHANGES="true"):
        await ends_as_the_pure_fold_says(broker, agreement)
        assert (await breaches(broker))["L-1"]["type"] == "sla.retracted.v1"
    with Worker(broker, agreement, tmp_path, "again") as again:
        assert again.program.running


async def test_a_new_version_comes_by_a_rolling_restart_and_old_clocks_keep_their_terms(
    service_kafka: RealKafka, tmp_path: Path
) -> None:
    broker = service_kafka.bootstrap
    old, new = tmp_path / "old", tmp_path / "new"
    old.mkdir()
    new.mkdir()
    first_version = quick_agreement(old, within="1s").read_text(encoding="utf-8")
    today = moment(wall_clock())
    (new / "2026-01.yaml").write_text(first_version, encoding="utf-8")
    second_version = first_version.replace("within: 1s", "within: 2h").replace('"2026-01"', '"second"')
    (new / "second.yaml").write_text(
        second_version.replace("effective_from: 2026-01-01", f"effective_from: {today.date().isoformat()}"),
        encoding="utf-8",
    )
    before = Crm(start=today - timedelta(days=2), source="/crm/before")
    after = Crm(start=today, source="/crm/after")

    with Worker(broker, old, tmp_path, "first") as first, Worker(broker, old, tmp_path, "second") as second:
        await send(broker, [before.handed_off(f"B-{number}") for number in range(20)])
        await ends_as_the_pure_fold_says(broker, old)
        first.stop()
        with Worker(broker, new, tmp_path, "first-new") as first_new:
            shared = wait_until(lambda: 0 < owned(second) < PARTITIONS and owned(second) + owned(first_new) == 4)
            assert shared
            await send(broker, [after.handed_off(f"A-{number}") for number in range(20)])
            await asyncio.sleep(2)
            second.stop()
            with Worker(broker, new, tmp_path, "second-new"):
                await ends_as_the_pure_fold_says(broker, new)
                told = await breaches(broker)

    old_ones = {told[f"B-{number}"]["version"] + told[f"B-{number}"]["type"] for number in range(20)}
    assert old_ones == {"2026-01sla.breached.v1"}
    standing = {lead for lead, event in told.items() if event["type"] != "sla.retracted.v1"}
    assert not any(lead.startswith("A-") for lead in standing)
