import logging
from asyncio import CancelledError
from collections.abc import Iterator

import pytest
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
