import gc
import os
import signal
import sys
import warnings
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Final

import pytest
from hypothesis import settings

from streams.kafka.embedded_broker import EmbeddedBroker
from tests.in_parallel import FromBothEnds, goes_together
from tests.laws import LAWS
from tests.real_parts.absent import absent
from tests.real_parts.alertmanager import Alertmanager, StartAlertmanager
from tests.real_parts.kafka import NoKafkaError, RealKafka
from tests.real_parts.kafka_choice import running_kafka
from tests.real_parts.prometheus import Prometheus, StartPrometheus
from tests.real_parts.webhook import Webhook

os.environ["LC_ALL"] = "C.UTF-8"
"""Commands speak English in tests, whoever runs them; what speaks Spanish says so."""

settings.register_profile("laws", LAWS)
settings.load_profile("laws")

# Workers are started by the hundred, and without bytecode each compiles for longer than most tests last.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

# A shell that starts tests in the background has them ignore Ctrl-C, and what they start would, too; some of that is
# interrupted to see it end.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> FromBothEnds:
    """Schedule by our own rule, whatever `--dist` says."""
    return FromBothEnds(config, log)


_LONGEST_FIRST: Final = ("kafka", "tools", "hypothesis")
"""Marks of what waits for brokers, of what other programs think about, and of laws."""


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put what takes long first: what is quick fills the gaps at the end, when some processes have nothing to do."""
    items.sort(
        key=lambda item: [
            not goes_together(item.nodeid),
            *(item.get_closest_marker(mark) is None for mark in _LONGEST_FIRST),
        ]
    )


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    """Leave all that was imported and collected out of every later search for litter, and have the others be fewer."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000)


_OF_KAFKA: Final = {"embedded_broker", "real_kafka"}


@pytest.fixture(autouse=True)
def _no_litter(request: pytest.FixtureRequest) -> Iterator[None]:
    """Take away what clients leave: aiokafka forgets a connection that it is opening while it is closed.

    Else another test, which happens to run when it is collected, would be blamed for it.
    """
    yield
    if _OF_KAFKA.intersection(request.fixturenames):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ResourceWarning)
            gc.collect()


@pytest.fixture
def embedded_broker() -> Iterator[EmbeddedBroker]:
    """An empty broker of this test's own; it takes some milliseconds."""
    with EmbeddedBroker() as broker:
        yield broker


@pytest.fixture(scope="session")
def real_kafka(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealKafka]:
    """The session's Kafka; skipped where there is none, failed there with `LEADSLA_REQUIRE_KAFKA=1`."""
    try:
        broker = running_kafka(tmp_path_factory.mktemp("kafka"))
    except NoKafkaError as reason:
        absent(str(reason), "LEADSLA_REQUIRE_KAFKA")
    yield broker
    broker.close()


@pytest.fixture
def start_prometheus(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StartPrometheus]:
    """Starts a Prometheus with the configuration file given; all of them end with the test."""
    with ExitStack() as running:

        def start(config: Path) -> Prometheus:
            program = Prometheus(config, tmp_path_factory.mktemp("prometheus"))
            running.callback(program.stop)
            return program

        yield start


@pytest.fixture
def start_alertmanager(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StartAlertmanager]:
    """Starts an Alertmanager with the configuration file given; all of them end with the test."""
    with ExitStack() as running:

        def start(config: Path) -> Alertmanager:
            program = Alertmanager(config, tmp_path_factory.mktemp("alertmanager"))
            running.callback(program.stop)
            return program

        yield start


@pytest.fixture
def webhook() -> Iterator[Webhook]:
    """A receiver for Alertmanager's notifications, empty at the start of the test."""
    with Webhook() as receiver:
        yield receiver
