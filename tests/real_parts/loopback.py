"""Ports and requests on this machine alone."""

import asyncio
import http.client
import json
import secrets
import socket
import time
from collections.abc import Awaitable, Callable
from typing import Any, Final

HOST: Final = "127.0.0.1"

AT_MOST: Final = 180.0
"""Seconds that what has to come is waited for. Most comes at once; where much else runs, little does."""

_LOWEST, _HIGHEST = 20_000, 32_000
_REQUEST_SECONDS: Final = 30.0


def free_port() -> int:
    """A port for TCP that nobody listens on, and that no other process of tests is given while this one lives.

    It lies below the range that the system hands to outgoing connections: a port of that range could be given away while
    a broker is down, and a client that keeps trying to reach a closed port of it may in the end connect to itself.
    """
    while True:
        port = _LOWEST + secrets.randbelow(_HIGHEST - _LOWEST)
        with socket.socket() as probe, socket.socket(type=socket.SOCK_DGRAM) as claim:
            try:
                claim.bind((HOST, port))
                probe.bind((HOST, port))
            except OSError:
                continue
            claim.detach()  # UDP's port of that number is ours, open or not, until this process ends
            return port


def listens(address: str) -> bool:
    """Whether something accepts connections at `host:port`."""
    host, _, port = address.rpartition(":")
    try:
        with socket.create_connection((host, int(port)), timeout=1):
            return True
    except OSError:
        return False


def request(address: str, method: str, path: str, body: Any = None) -> tuple[int, bytes]:
    """Status and body of one HTTP request; a body is sent as JSON."""
    connection = http.client.HTTPConnection(address, timeout=_REQUEST_SECONDS)
    try:
        sent = None if body is None else json.dumps(body).encode()
        connection.request(method, path, sent, {} if sent is None else {"Content-Type": "application/json"})
        response = connection.getresponse()
        return response.status, response.read()
    finally:
        connection.close()


def answers(address: str, path: str) -> bool:
    """Whether a GET of the path succeeds now."""
    try:
        return request(address, "GET", path)[0] == http.client.OK
    except (OSError, http.client.HTTPException):
        return False


def asked(address: str, method: str, path: str, body: Any = None) -> Any:
    """The JSON that a request brought; AssertionError with what came if it failed."""
    status, answer = request(address, method, path, body)
    if status != http.client.OK:
        message = f"{method} {path} at {address}: {status} {answer.decode(errors='replace')}"
        raise AssertionError(message)
    return json.loads(answer) if answer else None


def wait_until(condition: Callable[[], bool], timeout: float = AT_MOST, pause: float = 0.05) -> bool:
    """Whether the condition came true within the timeout."""
    deadline = time.monotonic() + timeout
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(pause)
    return True


async def until(condition: Callable[[], Awaitable[bool]], pause: float = 0.1) -> None:
    """Wait until the condition is true; AssertionError if it never is."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + AT_MOST
    while not await condition():
        assert loop.time() < deadline, f"not true within {AT_MOST:g} s: {condition}"
        await asyncio.sleep(pause)
