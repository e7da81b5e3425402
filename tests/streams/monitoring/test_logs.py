import logging
from asyncio import CancelledError
from collections.abc import Iterator

import pytest
import structlog
from aiokafka.errors import ConsumerStoppedError, KafkaConnectionError

from streams.monitoring.logs import configure_logging
from streams.settings import Settings


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield
    root.handlers, root.level = handlers, level


def said(error: BaseException, capsys: pytest.CaptureFixture[str]) -> str:
    configure_logging(Settings(log_format="json"))
    try:
        raise error
    except type(error):
        logging.getLogger("mode").exception("Error while stopping child")
    return capsys.readouterr().err


@pytest.mark.parametrize("error", [CancelledError(), ConsumerStoppedError(), KafkaConnectionError(), OSError("full")])
def test_errors_of_broker_disk_and_end_are_said_without_a_trace(
    error: BaseException, capsys: pytest.CaptureFixture[str]
) -> None:
    found = said(error, capsys)

    assert "Error while stopping child" in found
    assert "Traceback" not in found


def test_an_error_that_nobody_foresaw_is_said_with_its_trace(capsys: pytest.CaptureFixture[str]) -> None:
    assert "Traceback" in said(ZeroDivisionError(), capsys)


def logged(log_format: str, capsys: pytest.CaptureFixture[str], event: str, **values: object) -> str:
    configure_logging(Settings(log_format=log_format))
    structlog.get_logger("leadsla").warning(event, **values)
    return capsys.readouterr().err


@pytest.mark.parametrize("log_format", ["console", "json"])
def test_nothing_in_a_value_begins_a_line_of_its_own_or_moves_a_cursor(
    log_format: str, capsys: pytest.CaptureFixture[str]
) -> None:
    hostile = "x\n2026-03-02 [info] all is well\r\x1b[2J\u202e\u2028"

    found = logged(log_format, capsys, f"a topic {hostile}", topic=hostile, why=ValueError(hostile), many=[hostile])

    assert len(found.splitlines()) == 1
    assert found.endswith("\n")
    assert not set("\r\x1b\u202e\u2028") & set(found)


def test_a_trace_stays_on_lines_of_its_own(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging(Settings(log_format="console"))
    try:
        1 / 0  # noqa: B018 - it is to fail
    except ZeroDivisionError:
        structlog.get_logger("leadsla").exception("a fault")

    assert len(capsys.readouterr().err.splitlines()) > 3
