"""The receiver at the end of the chain: takes what Alertmanager posts."""

import json
from collections.abc import Callable, Mapping
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Condition, Thread
from types import TracebackType
from typing import Any, Self

from tests.real_parts.loopback import AT_MOST, HOST

Body = Mapping[str, Any]


class Webhook:
    """An HTTP server on a loopback port that keeps the JSON bodies posted to it, in the order of their arrival."""

    def __init__(self) -> None:
        self._bodies: list[Body] = []
        self._arrival = Condition()
        webhook = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                webhook._take(body)
                self.send_response(HTTPStatus.OK)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name is the base class's
                """Say nothing: the bodies are the record."""

        self._server = ThreadingHTTPServer((HOST, 0), Handler)
        self.address = f"{HOST}:{self._server.server_port}"
        self.url = f"http://{self.address}/"
        self._thread = Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        self._thread.start()

    @property
    def bodies(self) -> tuple[Body, ...]:
        """Everything posted so far."""
        with self._arrival:
            return tuple(self._bodies)

    def wait_for(self, predicate: Callable[[Body], bool], timeout: float = AT_MOST) -> Body:
        """The first body the predicate holds for, arrived already or not; AssertionError if none comes in time."""
        with self._arrival:
            found = self._arrival.wait_for(lambda: next(filter(predicate, self._bodies), None), timeout)
            if found is None:
                message = f"nothing that was wanted arrived within {timeout:g} s, only {self._bodies}"
                raise AssertionError(message)
            return found

    def close(self) -> None:
        """Stop listening."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _take(self, body: Body) -> None:
        with self._arrival:
            self._bodies.append(body)
            self._arrival.notify_all()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
