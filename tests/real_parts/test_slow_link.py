import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from socketserver import StreamRequestHandler, ThreadingTCPServer
from threading import Thread

import pytest

from tests.real_parts.loopback import AT_MOST
from tests.real_parts.slow_link import AT_ONCE, Pace, SlowLink


@pytest.fixture
def link() -> Iterator[SlowLink]:
    with SlowLink(seed=1) as way:
        yield way


class Echo(StreamRequestHandler):
    def handle(self) -> None:
        with suppress(ConnectionError):
            while heard := self.request.recv(1 << 16):
                self.request.sendall(heard)


@contextmanager
def echoing(link: SlowLink) -> Iterator[None]:
    """A server at the end of the link that says what it hears."""
    with ThreadingTCPServer(("127.0.0.1", 0), Echo) as server:
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}).start()
        link.towards = f"127.0.0.1:{server.server_address[1]}"
        try:
            yield
        finally:
            link.cut()
            server.shutdown()


async def answer(link: SlowLink, asked: bytes) -> tuple[bytes, float]:
    """What came back, and after how many seconds."""
    async with asyncio.timeout(AT_MOST):
        reader, writer = await asyncio.open_connection(*link.address.split(":"))
        began = time.monotonic()
        try:
            writer.write(asked)
            return await reader.readexactly(len(asked)), time.monotonic() - began
        finally:
            writer.close()


@pytest.mark.parametrize(
    ("pace", "least"), [(AT_ONCE, 0.0), (Pace(0.3, 0.4), 0.3), (Pace(bytes_a_second=1_000_000), 0.5)]
)
async def test_all_of_an_answer_arrives_at_the_pace_that_was_set(link: SlowLink, pace: Pace, least: float) -> None:
    with echoing(link):
        link.pace = pace
        asked = bytes(range(256)) * 2_000
        found, seconds = await answer(link, asked)

    assert found == asked
    assert least <= seconds


async def test_a_cut_ends_connections_and_lets_nobody_in_until_it_is_mended(link: SlowLink) -> None:
    with echoing(link):
        reader, writer = await asyncio.open_connection(*link.address.split(":"))
        link.cut()
        with suppress(ConnectionError):
            assert await asyncio.wait_for(reader.read(1), AT_MOST) == b""
        writer.close()
        with pytest.raises(ConnectionRefusedError):
            await answer(link, b"x")
        link.mend()
        assert (await answer(link, b"x"))[0] == b"x"


async def test_nobody_at_the_other_end_is_the_end_of_the_connection(link: SlowLink) -> None:
    link.towards = "127.0.0.1:1"

    with pytest.raises((ConnectionError, asyncio.IncompleteReadError)):
        await answer(link, b"x")
