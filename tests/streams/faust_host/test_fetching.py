"""The thread that fetches ends whatever became of it."""

import asyncio
from collections.abc import Iterator

import pytest
from mode.utils.locks import Event

from streams.faust_host.fetching import FetchingThread


@pytest.fixture
def loop_of_its_own() -> Iterator[asyncio.AbstractEventLoop]:
    loop = asyncio.new_event_loop()
    yield loop
    loop.close()


@pytest.mark.parametrize("has_crashed", [False, True])
async def test_a_thread_is_asked_to_end_whether_it_goes_on_or_has_crashed_and_closed_its_loop(
    loop_of_its_own: asyncio.AbstractEventLoop, *, has_crashed: bool
) -> None:
    thread = FetchingThread.__new__(FetchingThread)
    thread.thread_loop, thread._stopped = loop_of_its_own, Event(loop=loop_of_its_own)  # noqa: SLF001 - what mode keeps of it
    if has_crashed:
        loop_of_its_own.close()

    thread._stopped_set()  # noqa: SLF001 - what mode calls first when it stops a service

    if not has_crashed:
        loop_of_its_own.call_soon(loop_of_its_own.stop)
        await asyncio.to_thread(loop_of_its_own.run_forever)
    assert thread._stopped.is_set()  # noqa: SLF001 - as above
