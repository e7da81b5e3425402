"""A way to a broker that ops would complain about: it delays, throttles and cuts, as a test says while it runs."""

import asyncio
from contextlib import suppress
from random import Random
from threading import Event, Thread
from types import TracebackType
from typing import Final, NamedTuple, Self

from tests.real_parts.loopback import HOST, free_port

_CHUNK: Final = 64 * 1024
_UNDER_WAY: Final = 64
"""Chunks that a connection holds back before it stops to read more."""


class Pace(NamedTuple):
    """How long each piece of an answer is under way, drawn from between two, in seconds; bytes a second, 0 for any."""

    least: float = 0.0
    most: float = 0.0
    bytes_a_second: int = 0


AT_ONCE: Final = Pace()


class SlowLink:
    """A TCP proxy on loopback, in a thread of its own, at `address` from the first; it leads `towards` one place.

    What clients send passes at once; what they are answered goes at the `pace` of the moment, in order. Delays are drawn
    from the seed. Nothing of it outlives `close`.
    """

    def __init__(self, seed: int = 0) -> None:
        self._port = free_port()
        self.address: Final = f"{HOST}:{self._port}"
        self.towards = ""
        self.pace = AT_ONCE
        self._dice = Random(seed)  # noqa: S311 - a test's dice, not a secret's
        self._loop = asyncio.new_event_loop()
        self._server: asyncio.Server | None = None
        self._cuts = 0
        self._connections: dict[asyncio.Task[None], asyncio.StreamWriter] = {}
        listening = Event()
        self._thread = Thread(target=self._run, args=(listening,), name="slow-link", daemon=True)
        self._thread.start()
        listening.wait()

    def cut(self) -> None:
        """Drop every connection and refuse new ones until it is mended, as often as it was cut."""
        asyncio.run_coroutine_threadsafe(self._cut(), self._loop).result()

    def mend(self) -> None:
        """Let clients in again, if this was the last cut."""
        asyncio.run_coroutine_threadsafe(self._mend(), self._loop).result()

    def close(self) -> None:
        """Drop everything and end the thread; closing again does nothing."""
        if self._thread.is_alive():
            self.cut()
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join()

    def _run(self, listening: Event) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._listen())
        listening.set()
        self._loop.run_forever()
        self._loop.close()

    async def _listen(self) -> None:
        if self._server is None:
            self._server = await asyncio.start_server(self._accept, HOST, self._port)

    async def _mend(self) -> None:
        self._cuts -= 1
        if not self._cuts:
            await self._listen()

    async def _cut(self) -> None:
        self._cuts += 1
        if self._server is not None:
            server, self._server = self._server, None
            for socket in server.sockets:
                self._loop.remove_reader(socket)
            # A server that is closed forgets whom it has let in and not yet handed over: they would wait for ever.
            await asyncio.sleep(0)
            server.close()
        dropped = dict(self._connections)
        for task, client in dropped.items():
            task.cancel()
            client.transport.abort()  # by itself a task that has not begun yet would not
        await asyncio.gather(*dropped, return_exceptions=True)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._server is None:  # cut while it was coming in
            writer.transport.abort()
            return
        task = asyncio.ensure_future(self._serve(reader, writer))
        self._connections[task] = writer
        task.add_done_callback(self._connections.pop)

    async def _serve(self, asked: asyncio.StreamReader, client: asyncio.StreamWriter) -> None:
        """Carry both ways until either side ends, or the link is cut."""
        broker: asyncio.StreamWriter | None = None
        try:
            host, _, port = self.towards.rpartition(":")
            answered, broker = await asyncio.open_connection(host, int(port))
            ways = [
                asyncio.ensure_future(self._pass_on(asked, broker)),
                asyncio.ensure_future(self._take_time(answered, client)),
            ]
            try:
                await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
            finally:
                for way in ways:
                    way.cancel()
                await asyncio.gather(*ways, return_exceptions=True)
        except OSError:
            pass  # nobody is at home
        finally:
            for end in (client, broker):
                if end is not None:
                    end.transport.abort()

    @staticmethod
    async def _pass_on(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        while chunk := await source.read(_CHUNK):
            sink.write(chunk)
            await sink.drain()

    async def _take_time(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        """Hand each piece on when its time has come; those behind it are under way meanwhile."""
        pieces: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue(_UNDER_WAY)
        sender = asyncio.ensure_future(self._send(pieces, sink))
        try:
            while chunk := await source.read(_CHUNK):
                delay = self._dice.uniform(self.pace.least, self.pace.most)
                await pieces.put((self._loop.time() + delay, chunk))
            await pieces.join()
        finally:
            sender.cancel()
            with suppress(asyncio.CancelledError, OSError):
                await sender

    async def _send(self, pieces: "asyncio.Queue[tuple[float, bytes]]", sink: asyncio.StreamWriter) -> None:
        while True:
            due, chunk = await pieces.get()
            await asyncio.sleep(max(0.0, due - self._loop.time()))
            if rate := self.pace.bytes_a_second:
                await asyncio.sleep(len(chunk) / rate)
            sink.write(chunk)
            await sink.drain()
            pieces.task_done()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
