"""What a worker says that cannot end in time."""

import os
from typing import Any

import pytest
from aiokafka.errors import NodeNotReadyError

from sla_rules.agreement.rulebook import RuleBook
from streams.faust_host.app import build_app
from streams.settings import Settings


@pytest.mark.parametrize(
    ("why", "said"),
    [
        (None, "it was asked to stop and could not in time"),
        (NodeNotReadyError("node 3"), "NodeNotReadyError: node 3"),
    ],
)
async def test_the_last_line_of_a_worker_that_could_not_end_in_time_says_what_ended_it(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, why: BaseException | None, said: str
) -> None:
    statuses: list[int] = []
    monkeypatch.setattr(os, "_exit", statuses.append)
    app: Any = build_app(Settings(), RuleBook([]), 4)
    if why is not None:
        await app.crash(why)

    app._end_at_once()  # noqa: SLF001 - what its timer calls

    assert statuses == [1]
    assert capsys.readouterr().err.splitlines()[-1] == f"leadsla worker: {said}"
