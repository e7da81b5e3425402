"""The worker's own web server, on loopback unless told otherwise: `/metrics`, `/livez`, `/readyz`. No lead data."""

import socket
from ipaddress import ip_address
from time import monotonic

from aiohttp import web

from sla_rules.visible import one_line
from streams.health.worker_health import WorkerHealth
from streams.monitoring.collector import Collector
from streams.monitoring.probes import Finding, liveness, readiness
from streams.monitoring.text_format import CONTENT_TYPES, format_asked_for
from streams.settings import Settings


def check_free(host: str, port: int) -> None:
    """See whether an address can be listened on, before anything else is started.

    Raises:
        AddressTakenError: it cannot.

    """
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as taken:
            message = f"/metrics cannot be served on {host}:{port}: {taken.strerror}; set LEADSLA_METRICS_PORT"
            raise AddressTakenError(message) from None


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches the address; a name other than `localhost` may be anybody's."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


class AddressTakenError(Exception):
    """Somebody else listens on the address that `/metrics` was to be served on."""


class MetricsServer:
    """Serves what is collected from the event loop of the worker, so that a scrape sees no half-folded batch."""

    def __init__(self, collector: Collector, health: WorkerHealth, settings: Settings) -> None:
        self._collector = collector
        self._health = health
        self._patience = settings.patience_seconds
        self._host, self._port = settings.metrics_host, settings.metrics_port
        self._runner: web.AppRunner | None = None

    async def start(self) -> int:
        """Listen; the port that was taken.

        Raises:
            OSError: the address is taken by somebody else.

        """
        site = web.Application()
        site.router.add_get("/metrics", self._metrics)
        site.router.add_get("/livez", self._livez)
        site.router.add_get("/readyz", self._readyz)
        self._runner = web.AppRunner(site, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, self._host, self._port).start()
        port: int = self._runner.addresses[0][1]
        return port

    async def stop(self) -> None:
        """Stop listening."""
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def _metrics(self, request: web.Request) -> web.Response:
        form = format_asked_for(request.headers.get("Accept", ""))
        return web.Response(body=await self._collector.scrape(form), headers={"Content-Type": CONTENT_TYPES[form]})

    async def _livez(self, _: web.Request) -> web.Response:
        return answer(liveness(self._health, monotonic(), self._patience))

    async def _readyz(self, _: web.Request) -> web.Response:
        return answer(readiness(self._health, monotonic()))


def answer(finding: Finding) -> web.Response:
    """A sentence for people, by a status for whoever asked."""
    return web.Response(text=f"{one_line(finding.why)}\n", status=200 if finding.well else 503)
