"""A rebalance waits for the broker as long as it takes, where Faust would end its reading without a word."""

import asyncio
from typing import Any, cast

import pytest
from faust.tables.recovery import ServiceStopped

from sla_rules.agreement.rulebook import RuleBook
from streams.faust_host.app import build_app
from streams.faust_host.store import SteadyRecovery
from streams.settings import Settings


def recovery() -> Any:
    """That of the service's app; the app has to be built where a loop runs."""
    found = cast("Any", build_app(Settings(), RuleBook([]), 4).tables).recovery
    assert isinstance(found, SteadyRecovery)
    return found


async def test_a_step_that_is_not_answered_in_time_is_waited_for() -> None:
    answered = asyncio.Event()
    asyncio.get_running_loop().call_later(0.1, answered.set)

    await recovery()._wait(answered.wait(), timeout=0.01)  # noqa: SLF001 - Faust's own

    assert answered.is_set()


async def test_a_step_that_is_answered_goes_on_and_the_end_of_the_service_ends_it() -> None:
    service = recovery()
    await service._wait(asyncio.sleep(0), timeout=10)  # noqa: SLF001 - as above

    await service.crash(ValueError("something else went wrong"))
    with pytest.raises(ServiceStopped):
        await service._wait(asyncio.sleep(10), timeout=10)  # noqa: SLF001 - as above
