"""`leadsla publish` says what the service has made of what was sent, by what lies in its topics."""

import asyncio
import json
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

from leadsla.main import app
from streams.kafka.embedded_broker import EmbeddedBroker
from tests.events import Crm
from tests.real_parts.service import Worker
from tests.streams.agreements import EXAMPLE


def became(broker: str, file: Path, *options: str) -> dict[str, Any]:
    published = CliRunner().invoke(app, ["publish", str(file), "--broker", broker, "--json", *options])
    assert published.exit_code == 0, published.output
    found: dict[str, Any] = json.loads(published.stdout)["became"]
    return found


def written(folder: Path, *lines: bytes | None) -> Path:
    file = folder / "events.jsonl"
    file.write_bytes(b"\n".join(line or b"" for line in lines))
    return file


async def test_what_was_read_and_what_was_put_away_of_it_is_counted_by_reason(
    service_embedded: EmbeddedBroker, tmp_path: Path
) -> None:
    broker, crm = service_embedded.bootstrap, Crm()
    good = [crm.handed_off(f"L-{number}").value for number in range(30)]
    with Worker(broker, EXAMPLE, tmp_path) as worker:
        first = await asyncio.to_thread(became, broker, written(tmp_path, b"{broken"), "--send-invalid", "--wait", "60")
        worker.wait_for("leadsla_rejected_total", 1)
        file = written(tmp_path, *good, b"{broken", b"{broken", b'{"type":"lead.created.v1","subject":"L-9"}')
        found = await asyncio.to_thread(became, broker, file, "--send-invalid", "--wait", "60")

    assert (first["read"], first["put_away"]) == (1, 1)
    assert found == {
        "read": 33,
        "waiting": 0,
        "put_away": 3,
        "put_away_by_reason": {"broken_json": 2, "missing_field": 1},
    }


async def test_where_no_worker_is_there_all_of_it_is_waiting(service_embedded: EmbeddedBroker, tmp_path: Path) -> None:
    file = written(tmp_path, Crm().handed_off("L-1").value)

    found = await asyncio.to_thread(became, service_embedded.bootstrap, file, "--wait", "0")

    assert found == {"read": 0, "waiting": 1, "put_away": 0, "put_away_by_reason": {}}
