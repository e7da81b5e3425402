"""What a running worker shows to the network: one port, three paths, and no lead."""

from contextlib import suppress
from itertools import chain
from pathlib import Path

import pytest

from streams.monitoring.web import is_loopback
from tests.events import Crm, Sent
from tests.real_parts.loopback import request
from tests.real_parts.service import Worker, send
from tests.streams.agreements import quick_agreement

LEAD = "recognisable-lead-4711"
REP = "recognisable-rep"
OTHER_PATHS = ("/", "/table", "/table/leads", "/table/leads/" + LEAD, "/router", "/stats", "/graph", "/metrics/" + LEAD)


def listening(process: int) -> set[str]:
    """The TCP addresses that a process listens on, as the kernel writes them."""
    sockets = set()
    for link in Path(f"/proc/{process}/fd").iterdir():
        with suppress(FileNotFoundError):  # a connection that has been closed meanwhile
            sockets.add(link.readlink().name)
    tables = (Path(f"/proc/{process}/net/{name}") for name in ("tcp", "tcp6"))
    rows = chain.from_iterable(table.read_text().splitlines()[1:] for table in tables if table.exists())
    fields = (row.split() for row in rows)
    return {one[1] for one in fields if one[3] == "0A" and f"socket:[{one[9]}]" in sockets}


async def test_nothing_that_a_worker_serves_or_logs_names_a_lead(broker: str, tmp_path: Path) -> None:
    crm = Crm()
    with Worker(broker, quick_agreement(tmp_path, within="1s"), tmp_path, LEADSLA_LOG_LEVEL="DEBUG") as worker:
        await send(broker, [crm.handed_off(LEAD), crm.called(LEAD, 60, rep_id=REP), crm.handed_off(f"{LEAD}-2")])
        await send(
            broker,
            [crm.event("lead.merged.v1", f"{LEAD}-3", into=LEAD), Sent("handed-off", f"{LEAD}-4".encode(), b"{")],
        )
        worker.wait_for("leadsla_breaches_total", 1)

        for path in ("/metrics", "/livez", "/readyz"):
            status, body = request(worker.address, "GET", path)
            assert status in {200, 503}
            assert b"recognisable" not in body
        for path in OTHER_PATHS:
            assert request(worker.address, "GET", path)[0] == 404
        for method in ("POST", "PUT", "DELETE"):
            assert request(worker.address, method, "/metrics")[0] == 405
    log = (tmp_path / "worker.log").read_text()
    assert "partitions opened" in log
    assert "recognisable" not in log


@pytest.mark.skipif(not Path("/proc/net/tcp").exists(), reason="the kernel of this machine lists no sockets in /proc")
def test_a_worker_listens_on_its_one_port_and_on_loopback_alone(broker: str, tmp_path: Path) -> None:
    with Worker(broker, quick_agreement(tmp_path), tmp_path) as worker:
        port = int(worker.address.rpartition(":")[2])
        process = worker.program.pid
        assert process is not None
        children = Path(f"/proc/{process}/task").glob("*/children")

        assert "".join(one.read_text() for one in children) == ""
        assert listening(process) == {f"0100007F:{port:04X}"}
    assert "may read the figures" not in (tmp_path / "worker.log").read_text()


def test_a_worker_that_others_can_reach_says_what_they_can_read(broker: str, tmp_path: Path) -> None:
    with Worker(broker, quick_agreement(tmp_path), tmp_path, LEADSLA_METRICS_HOST="0.0.0.0"):  # noqa: S104
        pass

    assert "may read the figures of agreements and teams" in (tmp_path / "worker.log").read_text()


@pytest.mark.parametrize(
    ("host", "inside"),
    [
        *((host, True) for host in ("127.0.0.1", "127.8.8.8", "::1", "localhost")),
        *((host, False) for host in ("0.0.0.0", "::", "192.0.2.1", "worker.example.com")),  # noqa: S104
    ],
)
def test_loopback_is_what_only_this_machine_reaches(host: str, inside: bool) -> None:  # noqa: FBT001
    assert is_loopback(host) is inside
