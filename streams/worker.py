"""Run a worker until it is told to stop."""

import asyncio
import logging
import sys
from collections.abc import Sequence
from typing import NoReturn

import faust
import structlog
import uvloop

from sla_rules.agreement import Agreement
from sla_rules.instants import SECOND
from sla_rules.rulebook import RuleBook
from streams.app import build_app
from streams.settings import Settings
from streams.topics import check_topics


def run_worker(settings: Settings, agreements: Sequence[Agreement]) -> NoReturn:
    """Check the topics, then fold events until SIGTERM or SIGINT.

    Raises:
        SystemExit: the worker has ended; status 0 if it was asked to.
        TopicsError: topics are missing or do not fit together.
        aiokafka.errors.KafkaConnectionError: no broker answers.

    """
    configure_logging(settings.log_level)
    uvloop.install()
    partitions = asyncio.run(check_topics(settings))
    rules = RuleBook(agreements, round(settings.historic_after_seconds * SECOND))
    worker = faust.Worker(build_app(settings, rules, partitions), loglevel="WARNING", quiet=True)
    worker.spinner = None
    worker.execute_from_commandline()


def configure_logging(level: str) -> None:
    """One line an event on standard error; the libraries below only where something is wrong."""
    number = logging.getLevelNamesMapping().get(level.upper(), logging.INFO)
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
            structlog.processors.format_exc_info,
            structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty()),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    for name in ("faust", "mode", "aiokafka"):
        logging.getLogger(name).setLevel(max(number, logging.WARNING))
