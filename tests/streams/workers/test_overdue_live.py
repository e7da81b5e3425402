"""`leadsla overdue` names who is overdue and who runs out next, by what a running worker writes."""

import asyncio
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from leadsla.main import app
from sla_rules.instants import moment
from streams.clock import wall_clock
from tests.events import Crm
from tests.real_parts.kafka import RealKafka
from tests.real_parts.loopback import wait_until
from tests.real_parts.service import Worker, send
from tests.streams.agreements import quick_agreement


def asked(broker: str, *arguments: str) -> Result:
    return CliRunner().invoke(app, ["overdue", "--broker", broker, *arguments])


@pytest.mark.kafka
def test_who_was_not_served_is_overdue_until_they_are(service_kafka: RealKafka, tmp_path: Path) -> None:
    broker = service_kafka.bootstrap
    crm = Crm(moment(wall_clock()) - timedelta(minutes=20))

    def found() -> Any:
        return json.loads(asked(broker, "--json").stdout)

    def states() -> dict[str, str]:
        return {one["lead"]: one["state"] for one in found()["clocks"] if one["obligation"] == "first-touch"}

    with Worker(broker, quick_agreement(tmp_path, within="10m"), tmp_path):
        told = [crm.handed_off("L-late", team="inside"), crm.handed_off("L-soon", 1_100), crm.handed_off("L-served")]
        asyncio.run(send(broker, [*told, crm.called("L-served", 60)]))
        assert wait_until(lambda: states() == {"L-late": "overdue", "L-soon": "running"})
        assert wait_until(lambda: not found()["service"]["blind"])
        late, of_others = asked(broker, "--team", "inside"), asked(broker, "--team", "field")
        asyncio.run(send(broker, [crm.called("L-late", 1_200)]))
        assert wait_until(lambda: states() == {"L-soon": "running"})
        calm = asked(broker)

    assert [one.exit_code for one in (late, of_others, calm)] == [1, 0, 0]
    assert "L-late" in late.stdout
    assert "L-soon" in calm.stdout
